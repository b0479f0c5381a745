from preship.analyzers.analysis import Item
from tests.analyzers.judgement.answering import SIGNED_IN, said


def returned(statements: str, head: str = "") -> str:
    return said(Item.OUTPUT, f"{head}\n    export async function act() {{{SIGNED_IN}\n{statements}\n    }}")


def test_the_fields_that_are_handed_out_are_named() -> None:
    picked = """        const user = await prisma.user.findUnique({ where: { id: session.user.id } })
        return { name: user?.name, photo: user?.image }"""
    assert returned(picked) == "yes: only `image`, `name` of `user` (app/actions.ts:10)"


def test_selected_columns_are_proof() -> None:
    selected = "        return prisma.post.findMany({ where: { draft: false }, select: { id: true, title: true } })"
    assert returned(selected).startswith("yes: ")


def test_an_action_that_returns_nothing_of_a_store_has_nothing_to_show() -> None:
    assert returned("        return { ok: true }") == "n/a: returns no data"


def test_what_a_package_gives_could_not_be_seen() -> None:
    answer = returned("        return load(session.user.id)", "\n    import { load } from '@acme/load'")
    assert answer == "unseen: what load() of @acme/load gives could not be seen"


def test_of_several_things_that_could_not_be_seen_the_first_by_name_is_named_whatever_the_order_of_sets() -> None:
    names = ("five", "four", "one", "six", "three", "two")
    imports = "\n".join(f"    import {{ {name} }} from '@acme/{name}'" for name in names)
    body = f"        return two().merge({', '.join(f'{name}()' for name in reversed(names))})"
    assert returned(body, f"\n{imports}") == "unseen: what five() of @acme/five gives could not be seen"
