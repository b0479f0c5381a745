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
