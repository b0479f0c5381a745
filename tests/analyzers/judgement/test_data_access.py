from preship.analyzers.analysis import Item
from tests.analyzers.judgement.answering import said

CALL = "\n    export async function act(id: string) { await posts.remove(String(id)) }"
REMOVE = "import { prisma } from './prisma'\nexport const remove = (id) => prisma.post.delete({ where: { id } })"


def data_access(body: str, posts: str = "export {}") -> str:
    return said(Item.DATA_ACCESS, body, {"lib/posts.ts": posts})


def test_a_module_that_is_marked_for_the_server_stays_there() -> None:
    marked = f"import 'server-only'\n{REMOVE}"
    assert data_access(CALL, marked) == "yes: `lib/posts.ts` is marked for the server (lib/posts.ts:3)"


def test_a_module_that_nothing_marks_is_said_to_be_so() -> None:
    assert data_access(CALL, REMOVE) == (
        "yes: nothing that browsers load uses `lib/posts.ts`, which does not import `server-only` (lib/posts.ts:2)"
    )


def test_the_action_itself_never_reaches_browsers() -> None:
    code = "\n    export async function act(id: string) { await prisma.post.delete({ where: { id } }) }"
    assert data_access(code) == "yes: only the action itself touches the store (app/actions.ts:7)"


def test_no_store_is_no_question() -> None:
    answer = data_access("\n    export async function act() { return 1 }")
    assert answer == "n/a: touches no store with the server's own rights"
