"""What a finding says of the neighbours: with which call they guard themselves, and how many do."""

from __future__ import annotations

import pytest

from preship.analyzers.rule import Finding, actions
from preship.analyzers.rulebook import rule
from tests.analyzers.running import run

IMPORTS = """
'use server'
import { auth } from '../lib/auth'
import { prisma } from '../lib/prisma'
import { requireUser, currentUser, withUser, requireTeam } from '../lib/session'
"""
SESSION = {
    "lib/session.ts": """
import { auth } from './auth'
import { prisma } from './prisma'
import { redirect } from 'next/navigation'

export async function requireUser() {
  const session = await auth()
  if (!session?.user) redirect('/login')
  return session.user
}
export async function currentUser() {
  const session = await auth()
  return session?.user ?? null
}
export async function requireTeam(teamId: string) {
  const user = await requireUser()
  const member = await prisma.member.findFirst({ where: { teamId, userId: user.id } })
  if (!member) throw new Error('Not found')
  return member
}
export const withUser = (run) => async (...given) => {
  const user = await requireUser()
  return run(user, ...given)
}
"""
}
OPEN = """
export async function removePost(id: string) {
  await prisma.post.delete({ where: { id } })
}
"""
STOPS = """
export async function %s(title: string) {
  const user = await requireUser()
  await prisma.post.create({ data: { title, authorId: user.id } })
}
"""
ASKS = """
export async function %s(title: string) {
  const user = await currentUser()
  if (!user) return { error: 'Sign in' }
  await prisma.post.create({ data: { title, authorId: user.id } })
}
"""
WRAPS = """
export const %s = withUser(async (user, title: string) => {
  await prisma.post.create({ data: { title, authorId: user.id } })
})
"""
UNWRAPPED = """
export async function %s(title: string) {
  return withUser(async (user) => prisma.post.create({ data: { title, authorId: user.id } }))()
}
"""


def found(code: str, more: dict[str, str] | None = None, rule_id: str = "missing-authentication") -> Finding:
    """What a rule says of `removePost`."""
    asked = rule(rule_id)
    assert asked is not None
    (finding,) = asked.check(run(actions(IMPORTS + code, SESSION | (more or {})))["removePost"])
    return finding


@pytest.mark.parametrize(
    ("neighbours", "remedy"),
    [
        ((STOPS,), "Call `requireUser()` first, as the other action in this file does."),
        ((STOPS, STOPS), "Call `requireUser()` first, as both other actions in this file do."),
        ((STOPS, STOPS, STOPS), "Call `requireUser()` first, as all 3 other actions in this file do."),
        ((STOPS, STOPS, ASKS), "Call `requireUser()` first, as 2 of the 3 other actions in this file do."),
        (
            (ASKS, ASKS),
            "Ask `currentUser()` first and stop when it knows nobody, as both other actions in this file do.",
        ),
        ((WRAPS, WRAPS), "Let it run inside `withUser(…)`, as both other actions in this file do."),
        ((UNWRAPPED,), "Let it run inside `withUser(…)`, as the other action in this file does."),
    ],
)
def test_the_remedy_is_what_the_neighbours_do(neighbours, remedy):
    code = "".join(text % f"action{number}" for number, text in enumerate(neighbours))
    assert found(code + OPEN).remedy == remedy


def test_what_fewer_than_half_do_is_no_idiom():
    assert found(OPEN).remedy == "Read the session first and end the path when there is none."
    mixed = STOPS % "a" + ASKS % "b" + WRAPS % "c"
    assert found(mixed + OPEN).remedy == "Read the session first and end the path when there is none."


def test_where_the_file_has_no_idiom_the_nearest_others_tell():
    others = {"app/other.ts": IMPORTS + STOPS % "a" + STOPS % "b"}
    finding = found(OPEN, others)
    assert finding.remedy == "Call `requireUser()` first, as both other actions nearby do."
    assert finding.guard is None
    one = {"app/other.ts": IMPORTS + STOPS % "a"}
    assert found(OPEN, one).remedy == "Read the session first and end the path when there is none."


def test_a_query_by_the_callers_own_key_is_no_guard_that_another_action_could_call():
    scoped = """
export async function editPost(id: string, title: string) {
  const user = await requireUser()
  await prisma.post.update({ where: { id, authorId: user.id }, data: { title } })
}
export async function removePost(id: string) {
  await requireUser()
  await prisma.post.delete({ where: { id } })
}
"""
    finding = found(scoped, rule_id="missing-ownership-check")
    assert (
        finding.remedy
        == "Scope the key with the session's user, or compare the record's owner with it before the write."
    )


def test_a_neighbours_check_of_ownership_is_the_remedy_for_a_missing_one():
    teams = """
export async function renameTeam(teamId: string, name: string) {
  await requireTeam(teamId)
  await prisma.team.update({ where: { id: teamId }, data: { name } })
}
export async function removePost(teamId: string) {
  await requireUser()
  await prisma.team.delete({ where: { id: teamId } })
}
"""
    finding = found(teams, rule_id="missing-ownership-check")
    assert finding.remedy == "Call `requireTeam()` first, as the other action in this file does."
    assert finding.guard == "await requireTeam(teamId)"


def test_a_guard_that_needs_what_is_not_at_hand_is_no_statement_for_here():
    teams = """
export async function renameTeam(teamId: string, name: string) {
  await requireTeam(teamId)
  await prisma.team.update({ where: { id: teamId }, data: { name } })
}
"""
    finding = found(teams + OPEN)
    assert finding.remedy == "Call `requireTeam()` first, as the other action in this file does."
    assert finding.guard is None


def test_a_guard_made_inside_of_the_neighbour_is_no_statement_for_here():
    made = """
export async function renamePost(title: string) {
  const check = requireUser
  await check()
  await prisma.post.create({ data: { title } })
}
"""
    assert found(made + OPEN).guard is None


def test_a_call_that_the_action_makes_already_is_no_advice():
    unheard = """
export async function removePost(id: string) {
  const checked = [() => requireUser()]
  await prisma.post.delete({ where: { id } })
}
"""
    finding = found(STOPS % "a" + STOPS % "b" + unheard)
    assert finding.remedy == "Read the session first and end the path when there is none."


def test_who_is_at_fault_as_well_is_no_example():
    teams = """
export async function renameTeam(teamId: string, projectId: string, name: string) {
  await requireTeam(teamId)
  await prisma.project.update({ where: { id: projectId }, data: { name } })
}
export async function removePost(teamId: string) {
  await requireUser()
  await prisma.team.delete({ where: { id: teamId } })
}
"""
    finding = found(teams, rule_id="missing-ownership-check")
    assert finding.remedy.startswith("Scope the key with the session's user")
