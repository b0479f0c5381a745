"""What discovery tells of an action beyond its name."""

import pytest

from preship.analyzers.actions.discovery import Discovery, ServerAction, discover
from preship.analyzers.source.parse import parse_module
from preship.analyzers.source.tree import Call, NamePattern
from tests.analyzers.running import run


def found(source: str, path: str = "app/actions.ts") -> Discovery:
    return discover(parse_module(path, source.encode()))


def only(source: str, path: str = "app/actions.ts") -> ServerAction:
    (action,) = found(source, path).actions
    return action


def test_a_declared_function_is_an_action_with_its_lines_and_code():
    action = only("'use server'\n\nexport async function remove(id: string) {\n  await drop(id)\n}\n")
    assert (action.path, action.name, action.line, action.end_line) == ("app/actions.ts", "remove", 3, 5)
    assert action.form == "module"
    assert action.function is not None
    assert action.function.body.parameters[0].type_text == "string"


def test_an_export_far_from_its_function_points_to_the_function():
    action = only("'use server'\nconst remove = async () => {\n  drop()\n}\n\nexport { remove as default }\n")
    assert (action.name, action.line, action.end_line) == ("default", 2, 4)
    assert action.function is not None


def test_a_wrapped_action_shows_the_call_that_makes_it():
    action = only("'use server'\nexport const remove = client\n  .inputSchema(schema)\n  .action(async () => {})\n")
    assert (action.name, action.line, action.end_line, action.function) == ("remove", 2, 4, None)
    assert isinstance(action.value, Call)


def test_an_imported_function_that_is_exported_again_stands_at_its_export():
    action = only("'use server'\nimport { remove } from './db'\n\nexport { remove }\n")
    assert (action.name, action.line, action.function, action.value) == ("remove", 4, None, None)


def test_an_inline_action_knows_the_functions_around_it():
    action = only(
        "export default async function Page({ id }) {\n"
        "  const user = await auth()\n"
        "  return items.map((item) => (\n"
        "    <form action={async () => {\n"
        "      'use server'\n"
        "      await remove(item.id)\n"
        "    }} />\n"
        "  ))\n"
        "}\n",
        "app/page.tsx",
    )
    assert (action.name, action.form, action.line, action.end_line) == (None, "inline", 4, 7)
    assert [function.name for function in action.enclosing] == ["Page", None]
    assert action.enclosing[1].body.parameters[0].pattern.__class__ is NamePattern


def test_an_inline_action_is_called_as_its_author_calls_it():
    named = only(
        "export function Page() {\n  async function submit(form) {\n    'use server'\n  }\n}\n", "app/page.tsx"
    )
    assert (named.name, named.form) == ("submit", "inline")
    kept = only("export function Page() {\n  const save = async () => {\n    'use server'\n  }\n}\n", "app/page.tsx")
    assert (kept.name, kept.form) == ("save", "inline")


def test_actions_come_in_source_order():
    discovery = found("'use server'\nexport { b, a }\nasync function a() {}\nasync function b() {}\n")
    assert [action.name for action in discovery.actions] == ["a", "b"]


def test_a_refusal_says_why_and_where():
    discovery = found("'use server'\nexport async function a() {}\nexport * from './more'\n")
    assert [(refusal.why, refusal.span.line) for refusal in discovery.refusals] == [
        ('Only async functions are allowed to be exported in a "use server" file.', 3)
    ]
    assert [action.name for action in discovery.actions] == ["a"]


def test_a_file_without_directives_has_none():
    discovery = found("export async function remove() {}\n")
    assert (discovery.actions, discovery.refusals, discovery.is_action_module) == ((), (), False)


def test_an_action_behind_code_that_cannot_be_read_is_still_found():
    discovery = found("'use server'\nconst = ;\nexport async function remove() {}\n")
    assert [action.name for action in discovery.actions] == ["remove"]


@pytest.mark.parametrize(
    ("code", "called"),
    [
        ("export default async function previewOf() {}", "`previewOf`"),
        ("async function previewOf() {}\nexport default previewOf", "`previewOf`"),
        ("const previewOf = async () => {}\nexport { previewOf as default }", "`previewOf`"),
        ("export default async () => {}", "`default`"),
        ("export async function previewOf() {}", "`previewOf`"),
    ],
)
def test_a_default_export_is_called_what_its_code_calls_it(code: str, called: str) -> None:
    [facts] = run(f"'use server'\n{code}\n").values()
    assert facts.label == called
