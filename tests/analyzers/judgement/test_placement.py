from analyzers.analysis import Item
from tests.analyzers.judgement.answering import SIGNED_IN, said


def placement(body: str, more: dict[str, str] | None = None) -> str:
    return said(Item.PLACEMENT, body, more)


def test_a_check_in_the_action_stands_where_it_should() -> None:
    code = f"\n    export async function act() {{{SIGNED_IN}\n        await prisma.post.deleteMany()\n    }}"
    assert placement(code) == "yes: checked in the action's own file (app/actions.ts:8)"


def test_a_check_in_what_the_action_calls_stands_where_it_should() -> None:
    guard = f"""
        import {{ auth }} from './auth'
        export async function guard() {{{SIGNED_IN}
        }}"""
    code = "\n    export async function act() { await posts.guard(); await prisma.post.deleteMany() }"
    answer = placement(code, {"lib/posts.ts": guard})
    assert answer == "yes: checked in `lib/posts.ts`, which the action calls (lib/posts.ts:3)"


def test_where_nothing_needs_a_check_none_is_misplaced() -> None:
    assert placement("\n    export async function act() { return 1 }") == "n/a: nothing to check"
