from preship.analyzers.analysis import Policy, scan
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.rule import actions
from tests.analyzers.running import files_of

WRAPPER = """
    import { createSafeActionClient } from 'next-safe-action'
    export const client = createSafeActionClient({
      handleServerError(error) { return error.message },
    })
"""
BEHIND_IT = """
    'use server'
    import { z } from 'zod'
    import { client } from '../lib/client'
    import { prisma } from '../lib/prisma'
    export const one = client.inputSchema(z.string()).action(async ({ parsedInput: id }) => {
      await prisma.post.delete({ where: { id } })
    })
    export const two = client.inputSchema(z.string()).action(async ({ parsedInput: id }) => {
      await prisma.note.delete({ where: { id } })
    })
"""


def test_actions_behind_a_wrapper_that_leaks_share_one_cause() -> None:
    found = scan(MemoryFiles(files_of(actions(BEHIND_IT, {"lib/client.ts": WRAPPER}))), Policy())
    shared = {f.shared for a in found.actions for f in a.findings if f.rule == "error-message-leak"}
    (cause,) = shared
    assert cause is not None
    assert (cause.path, cause.line) == ("lib/client.ts", 3)


def test_a_missing_session_is_not_a_missing_owner_as_well() -> None:
    ignored = """
        'use server'
        import { auth } from '../lib/auth'
        import { prisma } from '../lib/prisma'
        export async function remove(id: string) {
          const session = await auth()
          console.log(session?.user)
          await prisma.post.delete({ where: { id } })
        }
    """
    assert told_of(ignored) == {"unenforced-session"}


def test_a_late_session_excuses_no_missing_owner() -> None:
    late = """
        'use server'
        import { auth } from '../lib/auth'
        import { prisma } from '../lib/prisma'
        export async function remove(id: string) {
          await prisma.post.delete({ where: { id } })
          const session = await auth()
          if (!session?.user) throw new Error('Not signed in')
          await prisma.log.create({ data: { userId: session.user.id } })
        }
    """
    assert told_of(late) == {"late-authentication", "missing-ownership-check"}


def told_of(code: str) -> set[str]:
    """The rules that report the one action of a file, but for what it does with unchecked input."""
    (action,) = scan(MemoryFiles(files_of(actions(code))), Policy()).actions
    return {f.rule for f in action.findings if f.rule != "unvalidated-input"}


def unseen(body: str) -> list[str]:
    """What could not be followed of an action, as a report lists it."""
    code = f"""
        'use server'
        import {{ auth }} from '../lib/auth'
        import {{ prisma }} from '../lib/prisma'
        import {{ track }} from '@example/tracking'
        export async function remove(id: string) {{ {body} }}
    """
    (judged,) = scan(MemoryFiles(files_of(actions(code))), Policy()).actions
    return [each.why for each in judged.unseen]


def test_what_an_unknown_package_does_is_listed_where_it_leaves_the_caller_open() -> None:
    assert unseen("await track(id)") == ["track() of @example/tracking is not known"]
    known = "const s = await auth(); if (!s?.user) throw new Error('no'); await track(id)"
    assert unseen(f"{known}; await prisma.post.deleteMany({{ where: {{ id, authorId: s.user.id }} }})") == []


def test_what_an_unknown_package_does_leaves_no_other_answer_open() -> None:
    code = """
        'use server'
        import { auth } from '../lib/auth'
        import { prisma } from '../lib/prisma'
        import { track } from '@example/tracking'
        export async function remove(form: FormData) {
          const s = await auth()
          if (!s?.user) throw new Error('no')
          await track(s.user.id)
          await prisma.post.deleteMany({ where: { authorId: s.user.id } })
        }
    """
    (judged,) = scan(MemoryFiles(files_of(actions(code))), Policy()).actions
    assert [str(entry.answer) for entry in judged.checklist if str(entry.answer) == "unseen"] == []
