"""What calls prove: each way in which an action may show itself open, refuse, or tell nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from preship.analyzers import analysis
from preship.analyzers.analysis import MemoryFiles, Policy, Public
from preship.bot.probe.build import BuiltAction
from preship.bot.probe.request import Body, Reply, Request
from preship.bot.probe.statements import Seen, Statement, statement_of
from preship.bot.probe.verdict import Call, Caller, Outcome, Taken, Target, Verdict, judged

CODE = {
    "lib/db.ts": "import { PrismaClient } from '@prisma/client'\nexport const db = new PrismaClient()\n",
    "app/actions.ts": """'use server'
import { db } from '../lib/db'
export async function removePost(id: string) { await db.post.delete({ where: { id } }) }
""",
}


@pytest.fixture(scope="module")
def target() -> Target:
    [(action, endpoint)] = analysis.endpoints(MemoryFiles(CODE), Policy())
    return Target(BuiltAction("40", "app/actions.ts", "removePost", ()), action, endpoint)


REQUEST = Request("http://localhost/", "http://localhost", "40", Body("text/plain", '["x"]'), {})
NOTHING, THROWN = Reply(200, {}, '0:{}\n1:"$undefined"\n'), Reply(500, {}, '0:{}\n1:E{"digest":"1"}\n')
DELETE = statement_of('DELETE FROM "public"."Post" WHERE id = $1')
LOOKS = statement_of("SELECT * FROM users WHERE id = $1")
LOGS = statement_of("INSERT INTO refusals VALUES ($1)")


def call(reply: Reply, *statements: Statement, caller: Caller = Caller.NOBODY, changed: tuple[str, ...] = ()) -> Call:
    return Call(caller, "", REQUEST, reply, Seen(statements, changed))


def answered(text: str) -> Reply:
    return Reply(200, {}, f"0:{{}}\n1:{text}\n")


FIRST = call(NOTHING, LOOKS, DELETE, caller=Caller.FIRST)


@pytest.mark.parametrize(
    ("calls", "outcome", "reason"),
    [
        (
            [call(NOTHING, DELETE)],
            Outcome.OPEN,
            'ran `DELETE FROM "public"."Post" WHERE id = $1`, which matched nothing',
        ),
        ([call(NOTHING, DELETE, changed=("Post",))], Outcome.OPEN, "and Post changed"),
        ([call(THROWN, replace(DELETE, has_failed=True))], Outcome.OPEN, "which failed for what it was given"),
        ([call(THROWN, replace(DELETE, is_taken_back=True))], Outcome.ROLLED_BACK, "and took it back"),
        ([call(THROWN, LOGS)], Outcome.UNCLEAR, "which is not what the code says that it changes"),
        ([call(THROWN)], Outcome.UNCLEAR, "threw: it may refuse its caller, or what it was given"),
        ([call(THROWN), FIRST], Outcome.REFUSED, "threw; the first user's call ran `DELETE"),
        ([call(NOTHING), call(NOTHING, caller=Caller.FIRST)], Outcome.UNCLEAR, "it says neither yes nor no"),
        ([call(answered('{"error":"Unauthorized"}'))], Outcome.REFUSED, "answered with “Unauth”"),
        ([call(answered('{"error":"No such post"}'))], Outcome.UNCLEAR, "it says neither yes nor no"),
        ([call(Reply(303, {"x-action-redirect": "/login;push"}, ""))], Outcome.REFUSED, "redirected to /login"),
        ([call(Reply(307, {"location": "/login"}, ""))], Outcome.UNCLEAR, "before the action ran"),
        ([call(Reply(403, {}, ""))], Outcome.REFUSED, "answered 403"),
        ([call(Reply(404, {"x-nextjs-action-not-found": "1"}, ""))], Outcome.UNCLEAR, "it runs another build"),
        ([call(Reply(403, {}, "")), call(NOTHING, DELETE, caller=Caller.FORGED)], Outcome.OPEN, "ran `DELETE"),
    ],
)
def test_a_call_proves_what_came_of_it(target: Target, calls: list[Call], outcome: Outcome, reason: str):
    found = judged(target, calls)
    assert found.outcome is outcome
    assert reason in found.reason


RECORD = Taken("posts", "7", ("a title of theirs",))


@pytest.mark.parametrize(
    ("other", "first", "outcome"),
    [
        (replace(RECORD, is_changed=True), None, Outcome.OPEN),
        (RECORD, replace(RECORD, is_changed=True), Outcome.REFUSED),
        (RECORD, RECORD, Outcome.UNCLEAR),
    ],
)
def test_another_user_is_refused_only_where_the_first_is_not(
    target: Target, other: Taken, first: Taken | None, outcome: Outcome
):
    calls = [replace(call(NOTHING, caller=Caller.OTHER), taken=other)]
    calls += [replace(call(NOTHING, caller=Caller.FIRST), taken=first)] if first is not None else []
    assert judged(target, calls).outcome is outcome


def test_who_is_told_what_stands_in_a_record_has_read_it(target: Target):
    taking = replace(call(answered('{"title":"a title of theirs"}'), caller=Caller.OTHER), taken=RECORD)
    assert judged(target, [taking]) == Verdict(
        Outcome.OPEN, Caller.OTHER, "told what stands in the first user's record 7 of posts"
    )


def test_what_is_meant_to_be_open_is_no_fault(target: Target):
    assert target.action is not None
    public = replace(target, action=replace(target.action, opened=Public("declared: anybody may")))
    assert judged(public, [call(NOTHING, DELETE)]).outcome is Outcome.MEANT


def test_an_action_that_nobody_knows_is_judged_by_whatever_it_writes():
    unknown = Target(BuiltAction("40", None, None, ()), None, None)
    assert judged(unknown, [call(NOTHING, LOGS)]).outcome is Outcome.OPEN
    assert judged(unknown, [call(NOTHING, LOOKS)]).outcome is Outcome.UNCLEAR
