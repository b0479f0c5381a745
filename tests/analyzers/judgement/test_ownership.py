import pytest

from preship.analyzers.analysis import Item
from tests.analyzers.judgement.answering import SIGNED_IN, said


def ownership(statements: str) -> str:
    return said(Item.OWNERSHIP, f"\n    export async function act(id: string) {{{SIGNED_IN}\n{statements}\n    }}")


def test_a_key_with_the_caller_in_it_is_proof() -> None:
    scoped = "        await prisma.post.deleteMany({ where: { id, authorId: session.user.id } })"
    assert ownership(scoped) == "yes: the caller's identity is part of the key (app/actions.ts:10)"


def test_a_comparison_before_the_change_is_proof() -> None:
    compared = """        const post = await prisma.post.findUnique({ where: { id } })
        if (post?.authorId !== session.user.id) throw new Error('Not yours')
        await prisma.post.delete({ where: { id } })"""
    assert ownership(compared) == "yes: `id` was shown to be the caller's (app/actions.ts:11)"


def test_a_role_is_named() -> None:
    admin = """        if (session.user.role !== 'ADMIN') throw new Error('Admins only')
        await prisma.post.delete({ where: { id } })"""
    assert ownership(admin) == "yes: needs a role or permission: `ADMIN` (app/actions.ts:10)"


def test_of_several_roles_before_one_change_the_same_is_named_in_each_run() -> None:
    tested = " || ".join(f"!session.user.is{name}" for name in ("Owner", "Editor", "Admin", "Writer", "Staff"))
    staff = f"""        await prisma.visit.create({{ data: {{ userId: session.user.id }} }})
        if ({tested}) throw new Error('Staff only')
        await prisma.post.delete({{ where: {{ id }} }})"""
    assert ownership(staff) == "yes: needs a role or permission: `isAdmin` (app/actions.ts:11)"


def test_nobody_owns_what_nobody_names() -> None:
    assert ownership("        await prisma.post.count()") == "n/a: changes no record that the caller names"


def test_while_anybody_may_call_there_is_no_owner_to_ask_for() -> None:
    code = "\n    export async function act(id: string) { await prisma.post.delete({ where: { id } }) }"
    assert said(Item.OWNERSHIP, code) == "n/a: nobody is known whose record it could be"


SCHEMA = """
    model User {
      id String @id
    }
    model Note {
      id      String @id
      ownerId String
      owner   User   @relation(fields: [ownerId], references: [id])
    }
    model Article {
      id        String  @id
      published Boolean
      ownerId   String
      owner     User    @relation(fields: [ownerId], references: [id])
    }
    model Country {
      id String @id
    }
"""
MAY_BE_MEANT = "unseen: whether any signed-in user may read `note` by its id, no code says (app/actions.ts:10)"


@pytest.mark.parametrize(
    ("statements", "answer"),
    [
        ("return prisma.note.findUnique({ where: { id } })", MAY_BE_MEANT),
        ("return { note: await prisma.note.findFirst({ where: { id } }) }", MAY_BE_MEANT),
        ("return prisma.note.findMany({ where: { ownerId: id } })", MAY_BE_MEANT),
        ("return prisma.note.findFirst({ where: { id, ownerId: session.user.id } })", None),
        ("return (await prisma.note.findFirst({ where: { id } })) !== null", None),
        ("return prisma.article.findUnique({ where: { id } })", None),
        ("return prisma.country.findUnique({ where: { id } })", None),
    ],
    ids=["by its id", "in an answer", "all of somebody's", "the caller's", "whether it is", "publishable", "nobody's"],
)
def test_who_may_read_a_row_of_somebodys_by_its_id_is_left_open(statements: str, answer: str | None) -> None:
    body = f"\n    export async function act(id: string) {{{SIGNED_IN}\n        {statements}\n    }}"
    told = said(Item.OWNERSHIP, body, {"prisma/schema.prisma": SCHEMA})
    assert told == (answer or "n/a: changes no record that the caller names")
