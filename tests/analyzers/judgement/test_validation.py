import pytest

from preship.analyzers.analysis import Item
from tests.analyzers.judgement.answering import said


def validation(body: str) -> str:
    return said(Item.INPUT, body)


def test_a_yes_names_the_schema_and_what_it_parses() -> None:
    code = """
    const DeletePost = z.object({ id: z.string() })
    export async function act(input: unknown) {
        const { id } = DeletePost.parse(input)
        await prisma.post.delete({ where: { id } })
    }"""
    assert validation(code) == "yes: `DeletePost.parse` parses `input` (app/actions.ts:9)"


def test_a_schema_without_a_name_is_a_schema() -> None:
    code = """
    export async function act(id: string) {
        await prisma.post.delete({ where: { id: z.object({ id: z.string() }).parse({ id }).id } })
    }"""
    assert validation(code) == "yes: a schema parses `id` (app/actions.ts:8)"


def test_a_test_of_the_value_is_a_check() -> None:
    code = """
    export async function act(id: string) {
        if (typeof id !== 'string') throw new Error('No id')
        await prisma.post.delete({ where: { id } })
    }"""
    assert validation(code) == "yes: `id` is tested (app/actions.ts:8)"


def test_of_several_that_one_line_tests_the_first_by_name_is_named_whatever_the_order_of_sets() -> None:
    names = ("five", "four", "one", "six", "three", "two")
    texts = ", ".join(f"{name}: text(form.get('{name}'))" for name in reversed(names))
    code = f"""
    function text(value: unknown) {{
        if (typeof value !== 'string') throw new Error('No text')
        return value
    }}
    export async function act(form: FormData) {{
        const {{ {", ".join(names)} }} = {{ {texts} }}
        await prisma.post.delete({{ where: {{ {", ".join(names)} }} }})
    }}"""
    assert validation(code) == "yes: `form.five` is tested (app/actions.ts:8)"


def test_what_becomes_a_text_needs_no_schema() -> None:
    code = "export async function act(id: string) { await prisma.post.delete({ where: { id: String(id) } }) }"
    assert validation(code) == "yes: only texts and numbers made of `id` are used"


def test_an_action_without_arguments_has_nothing_to_check() -> None:
    assert validation("export async function act() { await prisma.post.deleteMany() }") == "n/a: takes no arguments"


def test_what_a_package_makes_of_an_input_could_not_be_seen() -> None:
    code = """
    import { clean } from '@acme/clean'
    export async function act(id: string) { await prisma.post.delete({ where: { id: clean(id) } }) }"""
    assert validation(code) == "unseen: `id` goes through clean() of @acme/clean, which could not be read"


def test_what_is_sent_on_as_a_value_only_raises_no_question() -> None:
    code = "export async function act(id: string) { await prisma.post.delete({ where: { id } }) }"
    said_of_it = "n/a: `id` as sent: prisma.post.delete takes any value of it for no more than a value"
    assert validation(code) == f"{said_of_it} (app/actions.ts:6)"


def test_what_may_be_a_filter_is_not_validated() -> None:
    code = "export async function act(id: string) { await prisma.post.deleteMany({ where: { id } }) }"
    assert validation(code) == "no: `id` as sent (app/actions.ts:6)"


@pytest.mark.parametrize(
    "contents",
    [
        "Buffer.from(await form.get('photo').arrayBuffer())",
        "await form.get('photo').arrayBuffer()",
        "await form.get('photo').bytes()",
        "Buffer.from(await (form.get('photo') as File).arrayBuffer()).toString('base64')",
        "form.get('photo').stream()",
    ],
)
def test_what_a_file_holds_is_a_value(contents: str) -> None:
    code = f"""
    export async function act(form: FormData) {{
        await prisma.photo.create({{ data: {{ contents: {contents} }} }})
    }}"""
    assert validation(code) == "yes: only texts and numbers made of `form.photo` are used"
