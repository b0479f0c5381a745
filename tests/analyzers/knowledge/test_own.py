"""What a repository says of its own guards and wrappers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from preship.analyzers.actions.facts import ActionFacts
from preship.analyzers.codebase import codebase_of, deep_recursion
from preship.analyzers.declared import Declared
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.knowledge.own import Guard, Passed, Proof, Row, Wrapper
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Parsed
from tests.analyzers.running import effects, files_of

DB = """
    import { PrismaClient } from '@prisma/client'
    export const db = new PrismaClient()
"""
HEAD = "'use server'\nimport { db } from '../lib/db'\n"


def executed(code: str, rows: Sequence[Row], more: Mapping[str, str]) -> ActionFacts:
    """The action `act`, where these rows are declared."""
    files = files_of({"app/actions.ts": HEAD + code, "lib/db.ts": DB, **more})
    tree = codebase_of(MemoryFiles(files), Parsed(), Declared(tuple(rows)))
    with deep_recursion():
        (action,) = [each for each in tree.actions("app/actions.ts") if each.name == "act"]
        return tree.executed(action)


def did(code: str, *rows: Row, more: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """What it does."""
    return effects(executed(code, rows, more))


def is_scoped(code: str, *rows: Row) -> bool:
    """Whether all that it touches is found by the caller's identity."""
    return all(names_the_caller(e.key) for e in executed(code, rows, {}).touching_effects())


PACKAGE = """
    import { requireUser } from '@acme/auth'
    export async function act(id) { %s; await db.post.delete({ where: { id } }) }
"""
USER = Guard(("@acme/auth", "requireUser"), Proof.AUTHENTICATION)


def test_a_function_of_a_package_proves_nothing_by_itself() -> None:
    assert did(PACKAGE % "await requireUser(id)") == ["delete post"]


def test_a_declared_one_proves_what_is_declared() -> None:
    assert did(PACKAGE % "await requireUser()", USER) == ["delete post: Authenticated"]


def test_one_that_has_to_be_awaited_proves_nothing_without() -> None:
    assert did(PACKAGE % "requireUser()", USER) == ["delete post"]


def test_one_that_need_not_be_awaited_proves_it_at_once() -> None:
    at_once = Guard(USER.place, Proof.AUTHENTICATION, is_async=False)
    assert did(PACKAGE % "requireUser()", at_once) == ["delete post: Authenticated"]


def test_what_it_gives_is_the_caller() -> None:
    code = """
        import { requireUser } from '@acme/auth'
        export async function act(id) {
          const user = await requireUser()
          await db.post.delete({ where: { id, authorId: user.id } })
        }
    """
    assert did(code, USER) == ["delete post: Authenticated"]
    assert is_scoped(code, USER)


ANSWER = """
    import { auth } from '@acme/auth'
    export async function act(id, team) {
      const user = await auth.current(team)
      %s
      await db.post.delete({ where: { id } })
    }
"""


def test_an_answer_proves_it_where_it_is_truthy() -> None:
    row = Guard(("@acme/auth", "auth.current"), Proof.AUTHENTICATION, is_answer=True)
    assert did(ANSWER % "if (!user) return", row) == ["delete post: Authenticated"]
    assert did(ANSWER % "", row) == ["delete post"]


def test_a_role_is_a_role_and_an_argument_is_owned() -> None:
    place = ("@acme/auth", "auth.current")
    role = Guard(place, Proof.ROLE, role="admin", is_answer=True)
    assert did(ANSWER % "if (!user) return", role) == ["delete post: Authenticated, Role"]
    owner = Guard(place, Proof.OWNERSHIP, argument=0, is_answer=True)
    assert did(ANSWER % "if (!user) throw new Error('no')", owner) == ["delete post: Authenticated, Owns"]


LOCAL = """
    import { requireUser } from '../lib/auth'
    export async function act(id) { await requireUser(); await db.post.delete({ where: { id } }) }
"""


def test_a_function_of_the_repository_does_what_it_does_and_proves_what_is_declared() -> None:
    code = """
        import { db } from './db'
        import { Client } from '@acme/opaque'
        const opaque = new Client()
        export async function requireUser() { await db.visit.create({ data: { at: 1 } }); return opaque.look() }
    """
    row = Guard(("lib/auth.ts", "requireUser"), Proof.AUTHENTICATION)
    assert did(LOCAL, more={"lib/auth.ts": code}) == ["insert visit", "delete post"]
    assert did(LOCAL, row, more={"lib/auth.ts": code}) == ["insert visit", "delete post: Authenticated"]


def test_it_is_meant_by_the_name_that_it_is_exported_under() -> None:
    code = """
        import { look } from '@acme/opaque'
        async function check() { return look() }
        export { check as requireUser }
    """
    row = Guard(("lib/auth.ts", "requireUser"), Proof.AUTHENTICATION)
    assert did(LOCAL, row, more={"lib/auth.ts": code}) == ["delete post: Authenticated"]


def test_a_module_that_is_not_in_the_tree_is_meant_by_how_it_is_imported() -> None:
    row = Guard(("../lib/auth", "requireUser"), Proof.AUTHENTICATION)
    assert did(LOCAL, row) == ["delete post: Authenticated"]


WRAPPED = """
    import { withUser } from '@acme/auth'
    export const act = withUser(async (%s) => { await db.post.delete({ where: { id } }) })
"""


def test_a_wrapper_calls_its_callback_for_the_callers_that_are_declared() -> None:
    row = Wrapper(("@acme/auth", "withUser"))
    assert did(WRAPPED % "id", row) == ["delete post: Authenticated"]
    assert did(WRAPPED % "id", Wrapper(row.place, Proof.ROLE, "admin")) == ["delete post: Authenticated, Role"]


def test_a_wrapper_hands_the_caller_to_its_callback() -> None:
    row = Wrapper(("@acme/auth", "withUser"), passes=(Passed.SESSION, Passed.ARGUMENTS))
    code = """
        import { withUser } from '@acme/auth'
        export const act = withUser(async (user, id) => {
          await db.post.delete({ where: { id, authorId: user.id } })
        })
    """
    assert is_scoped(code, row)
    assert not is_scoped(code, Wrapper(row.place))


def test_a_wrapper_may_take_its_callback_behind_other_arguments() -> None:
    code = """
        import { withUser } from '@acme/auth'
        export const act = withUser({ name: 'act' }, async (id) => { await db.post.delete({ where: { id } }) })
    """
    assert did(code, Wrapper(("@acme/auth", "withUser"), callback=1)) == ["delete post: Authenticated"]
