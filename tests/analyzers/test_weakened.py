"""A change that takes a check away is evidence in itself, also where the code alone would not show a fault."""

from __future__ import annotations

from preship.analyzers.analysis import Confidence, Status, Touch
from tests.analyzers.running import files_of
from tests.analyzers.test_review import APP, about_access, reviewed

HEAD = """
    'use server'
    import { auth } from '../lib/auth'
    import { db } from '../lib/db'
"""


def change(before: str, removed: str, added: str = "") -> list[tuple[str, Status, Confidence, str]]:
    """What a review says of an action from which something is taken away."""
    assert removed in before
    old = APP | files_of({"app/actions.ts": HEAD + before})
    new = APP | files_of({"app/actions.ts": HEAD + before.replace(removed, added)})
    return [
        (f.rule, f.status, f.confidence, f.message)
        for a in reviewed(new, old).actions
        for f in about_access(a.findings)
    ]


def test_a_read_that_now_only_fails_by_chance_is_laid_bare() -> None:
    said = change(
        """
    export async function drafts() {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      return db.post.findMany({ where: { authorId: session.user.id } })
    }
    """,
        "if (!session?.user) throw new Error('Not signed in')",
    )
    ((rule, status, confidence, message),) = said
    assert (rule, status, confidence) == ("unenforced-session", Status.INTRODUCED, Confidence.MEDIUM)
    assert message.endswith(
        "A check stood here before this change; now such a caller is stopped only where the code happens to fail."
    )


def test_what_was_doubtful_before_and_is_new_now_is_no_removed_check() -> None:
    said = change(
        """
    export async function drafts() {
      return []
    }
    """,
        "return []",
        "return db.post.findMany({ where: { isPinned: true } })",
    )
    assert [(rule, confidence) for rule, _, confidence, _ in said] == [("missing-authentication", Confidence.LOW)]


def test_a_read_that_anybody_gets_now_is_laid_bare_whatever_the_neighbours_do() -> None:
    ((rule, status, confidence, message),) = change(
        """
    import { member } from '../lib/dal'
    export async function notes() {
      await member()
      return db.note.findMany({ where: { isPublished: true } })
    }
    """,
        "await member()",
    )
    assert (rule, status, confidence) == ("missing-authentication", Status.INTRODUCED, Confidence.MEDIUM)
    assert message.endswith("A check stood here before this change, and none does now.")


RENEW = """
    import { compare, hash } from 'bcryptjs'
    async function me() {
      const session = await auth()
      if (!session?.user?.id) return null
      return db.user.findUnique({ where: { id: session.user.id } })
    }
    export async function renewPassword(current: string, next: string) {
      const user = await me()
      if (!user) throw new Error('Not signed in')
      if (!(await compare(current, user.passwordHash))) return { error: 'Wrong password' }
      await db.user.update({ where: { id: user.id }, data: { passwordHash: await hash(next, 10) } })
    }
"""


def test_a_password_that_is_now_asked_of_anybody_is_laid_bare() -> None:
    ((rule, status, confidence, message),) = change(RENEW, "if (!user) throw new Error('Not signed in')")
    assert (rule, status, confidence) == ("unenforced-session", Status.INTRODUCED, Confidence.MEDIUM)
    assert message == (
        "`renewPassword` reads the session, but asks for a password (`bcryptjs.compare`) also when there is none. "
        "Anyone who sends the request gets this far. A check stood here before this change; now such a caller is "
        "stopped only where the code happens to fail."
    )


def test_a_session_of_ones_own_making_is_said_to_be_read_as_well() -> None:
    own = RENEW.replace(
        """
      const session = await auth()
      if (!session?.user?.id) return null
      return db.user.findUnique({ where: { id: session.user.id } })
""",
        """
      const token = (await cookies()).get('session')?.value
      if (!token) return null
      const { payload } = await jwtVerify(token, new TextEncoder().encode(process.env.SECRET))
      return db.user.findUnique({ where: { id: payload.sub } })
""",
    ).replace(
        "import { compare",
        "import { cookies } from 'next/headers'\n    import { jwtVerify } from 'jose'\n    import { compare",
    )
    said = change(own, "if (!user) throw new Error('Not signed in')")
    assert [(rule, confidence) for rule, _, confidence, _ in said] == [("unenforced-session", Confidence.MEDIUM)]


ERASE = """
    export async function erase(id: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      const post = await db.post.findUnique({ where: { id } })
      if (post?.authorId !== session.user.id) throw new Error('Not yours')
      await db.post.delete({ where: { id } })
    }
"""


def test_a_look_up_in_front_of_the_next_check_is_laid_bare_but_raises_no_voice() -> None:
    ((rule, status, confidence, message),) = change(ERASE, "if (!session?.user) throw new Error('Not signed in')")
    assert (rule, status, confidence) == ("unenforced-session", Status.INTRODUCED, Confidence.LOW)
    assert message == (
        "`erase` reads the session, but reads `post` (`prisma.post.findUnique`) also when there is none. "
        "Anyone who sends the request gets this far."
    )


SPEND = """
    async function account() {
      const session = await auth()
      if (!session?.user) return null
      return db.account.findFirst({ where: { userId: session.user.id } })
    }
    export async function spend(amount: number) {
      const mine = await account()
      if (!mine) throw new Error('No account')
      if (mine.credits === 0) return { error: 'credits' }
      await db.account.update({ where: { id: mine.id }, data: { credits: mine.credits - amount } })
    }
"""


def test_what_is_read_of_a_record_that_may_be_missing_is_no_test_of_who_is_calling() -> None:
    ((rule, status, confidence, message),) = change(SPEND, "if (!mine) throw new Error('No account')")
    assert (rule, status, confidence) == ("unenforced-session", Status.INTRODUCED, Confidence.MEDIUM)
    assert message.endswith("now such a caller is stopped only where the code happens to fail.")


MOVE = """
    export async function move(postId: string, folderId: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      const folder = await db.folder.findFirst({ where: { id: folderId, ownerId: session.user.id } })
      if (!folder) throw new Error('Not found')
      await db.post.update({ where: { id: postId, authorId: session.user.id }, data: { folderId } })
    }
"""


def test_an_input_that_is_written_and_no_longer_checked_is_said() -> None:
    ((rule, status, confidence, message),) = change(MOVE, "if (!folder) throw new Error('Not found')")
    assert (rule, status, confidence) == ("missing-ownership-check", Status.INTRODUCED, Confidence.MEDIUM)
    assert message == (
        "`move` changes `post` (`prisma.post.update`), and the check that asked whether `folderId` is the caller's is "
        "gone with this change."
    )


def test_another_wording_of_the_same_check_takes_nothing_away() -> None:
    assert change(MOVE, "if (!folder) throw new Error('Not found')", "if (folder === null) return") == []


PROMOTE = """
    export async function promote() {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      if (session.user.role !== 'owner') throw new Error('Not allowed')
      await db.user.update({ where: { id: session.user.id }, data: { credits: 100 } })
    }
"""


def test_a_role_that_is_no_longer_asked_for_is_said() -> None:
    ((rule, status, confidence, message),) = change(
        PROMOTE, "if (session.user.role !== 'owner') throw new Error('Not allowed')"
    )
    assert (rule, status, confidence) == ("missing-ownership-check", Status.INTRODUCED, Confidence.MEDIUM)
    assert message == (
        "`promote` changes `user` (`prisma.user.update`), and the check that asked what the caller may do is gone with "
        "this change."
    )


INVITE = """
    import { AbilityBuilder, createMongoAbility } from '@casl/ability'
    const abilityOf = (user) => {
      const { can, build } = new AbilityBuilder(createMongoAbility)
      if (user.isAdmin) can('create', 'Invite')
      if (user.isPaying) can('use', 'Seats')
      return build()
    }
    export async function invite(email: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      const ability = abilityOf(session.user)
      if (ability.cannot('use', 'Seats')) throw new Error('Not in this plan')
      if (ability.cannot('create', 'Invite')) throw new Error('Not allowed')
      await db.invite.create({ data: { email, byId: session.user.id } })
    }
"""


def test_one_of_two_permissions_that_is_no_longer_asked_for_is_said() -> None:
    paid = "if (ability.cannot('use', 'Seats')) throw new Error('Not in this plan')"
    assert [rule for rule, *_ in change(INVITE, paid)] == ["missing-ownership-check"]
    assert change(INVITE, paid, paid.replace("throw new Error('Not in this plan')", "return { error: 'plan' }")) == []
    assert change(INVITE, "'use', 'Seats')) throw", "'buy', 'Seats')) throw") == [], "another check stands there now"


SUPABASE = files_of(
    {
        "lib/supabase.ts": """
            import { createServerClient } from '@supabase/ssr'
            import { cookies } from 'next/headers'
            export const connect = async () =>
              createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL!, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY!, {
                cookies: await cookies(),
              })
        """,
        "app/actions.ts": """
            'use server'
            import { connect } from '../lib/supabase'
            export async function removeNote(id: string) {
              const supabase = await connect()
              await supabase.from('notes').delete().eq('id', id)
            }
            export async function two() {
              return 2
            }
        """,
        "supabase/migrations/1_notes.sql": """
            CREATE TABLE notes (id uuid, owner uuid);
            ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
            CREATE POLICY own ON notes USING (auth.uid() = owner);
        """,
    }
)


def test_a_migration_that_opens_a_table_touches_the_actions_that_use_it() -> None:
    opened = {**SUPABASE, "supabase/migrations/2_open.sql": "ALTER TABLE notes DISABLE ROW LEVEL SECURITY;\n"}
    (action,) = reviewed(opened, old=SUPABASE).actions
    assert (action.name, action.touch) == ("removeNote", Touch.REACHED)
    assert [(f.rule, f.status) for f in about_access(action.findings)] == [
        ("missing-authentication", Status.INTRODUCED)
    ]
    indexed = {**SUPABASE, "supabase/migrations/2_index.sql": "CREATE INDEX by_owner ON notes (owner);\n"}
    assert reviewed(indexed, old=SUPABASE).actions == ()


REVOKE = """
    export async function revoke(inviteId: string, teamId: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      if (!['owner', 'admin'].includes(session.user.role)) throw new Error('Not allowed')
      await db.invite.delete({ where: { id: inviteId, teamId: session.user.teamId } })
    }
"""


def test_a_tenant_that_the_caller_now_names_is_said_although_they_need_a_role() -> None:
    ((rule, status, confidence, message),) = change(REVOKE, "teamId: session.user.teamId", "teamId")
    assert (rule, status, confidence) == ("missing-ownership-check", Status.INTRODUCED, Confidence.MEDIUM)
    assert message == (
        "`revoke` deletes from `invite` (`prisma.invite.delete`), and the condition that kept this to the caller's own "
        "is gone with this change."
    )
    assert change(REVOKE, "where: { id: inviteId, teamId: session.user.teamId }", "where: { id: '1' }") == []


def test_a_right_that_more_have_now_is_said() -> None:
    ((rule, status, confidence, message),) = change(REVOKE, "['owner', 'admin']", "['owner', 'admin', 'member']")
    assert (rule, status, confidence) == ("missing-ownership-check", Status.INTRODUCED, Confidence.MEDIUM)
    assert message == (
        "`revoke` deletes from `invite` (`prisma.invite.delete`), and the check that asks what the caller may do lets "
        "more of them pass with this change."
    )
    members = "!['owner', 'admin'].includes(session.user.role)", "session.user.role !== 'MEMBER'"
    assert [rule for rule, *_ in change(REVOKE, *members)] == ["missing-ownership-check"]
    assert change(REVOKE, "['owner', 'admin']", "['owner']") == []
    assert change(REVOKE, "['owner', 'admin']", "['staff', 'support']") == [], "another right is asked for"


def test_a_tenant_that_was_shown_to_be_the_callers_may_be_named() -> None:
    membership = """
      const member = await db.member.findFirst({ where: { teamId, userId: session.user.id } })
      if (!member) throw new Error('Not yours')
    """
    asked = REVOKE.replace("teamId: session.user.teamId", "teamId").replace(
        "await db.invite", membership + "await db.invite"
    )
    old, new = APP | files_of({"app/actions.ts": HEAD + REVOKE}), APP | files_of({"app/actions.ts": HEAD + asked})
    assert [f for a in reviewed(new, old).actions for f in about_access(a.findings)] == []


def test_what_a_change_takes_away_is_said_beside_a_fault_that_stood_before() -> None:
    noted = "await db.note.update({ where: { id: inviteId }, data: { open: false } })\n      if (!['owner'"
    said = change(REVOKE.replace("if (!['owner'", noted), "['owner', 'admin']", "['owner', 'admin', 'member']")
    assert [(rule, status) for rule, status, *_ in said] == [
        ("late-ownership-check", Status.STANDING),
        ("missing-ownership-check", Status.INTRODUCED),
    ]


CHOOSE = """
    export async function choose(teamId: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      const member = await db.member.findFirst({ where: { teamId, userId: session.user.id, plan: 'pro' } })
      if (!member) throw new Error('Not found')
      await db.member.update({ where: { teamId, userId: session.user.id }, data: { chosenAt: new Date() } })
    }
"""


def test_a_look_up_that_asked_for_more_than_whose_a_record_is_and_stops_nobody_any_more_is_said() -> None:
    refusal = "if (!member) throw new Error('Not found')"
    ((rule, status, confidence, message),) = change(CHOOSE, refusal)
    assert (rule, status, confidence) == ("missing-ownership-check", Status.INTRODUCED, Confidence.MEDIUM)
    assert message == (
        "`choose` changes `member` (`prisma.member.update`), and the look-up before it, which asked for more than "
        "whose this is, stops nobody any more with this change."
    )
    plain = CHOOSE.replace(", plan: 'pro'", "")
    assert change(plain, refusal) == [], "the key of the change asks the same"
    kept = CHOOSE.replace("userId: session.user.id }, data", "userId: session.user.id, plan: 'pro' }, data")
    assert change(kept, refusal) == [], "the key of the change asks for as much"


RENAME = """
    export async function rename(venueId: string, name: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      if (!['admin', 'organizer'].includes(session.user.role)) throw new Error('Not allowed')
      const venue = await db.venue.findUnique({ where: { id: venueId } })
      if (!venue) throw new Error('Not found')
      if (session.user.role !== 'admin' && venue.ownerId !== session.user.id) throw new Error('Not yours')
      await db.venue.update({ where: { id: venueId }, data: { name } })
    }
"""


def test_an_owner_who_is_no_longer_asked_for_is_said_where_a_role_is() -> None:
    asked = "if (session.user.role !== 'admin' && venue.ownerId !== session.user.id) throw new Error('Not yours')"
    ((rule, status, confidence, message),) = change(RENAME, asked)
    assert (rule, status, confidence) == ("missing-ownership-check", Status.INTRODUCED, Confidence.MEDIUM)
    assert message == (
        "`rename` changes `venue` (`prisma.venue.update`), and the check that asked whether `venueId` is the caller's "
        "is gone with this change."
    )
    assert change(RENAME, asked, "if (session.user.role !== 'admin') throw new Error('Admins only')") == []
