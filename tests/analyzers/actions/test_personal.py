"""What is the caller's own as a person, where it was shown to be their tenant's as well."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.personal import is_of_the_person
from preship.analyzers.flow.effects import EffectKind
from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION
from tests.analyzers.running import run

READ = "const issue = await db.issue.findUnique({ where: { id } })\nif (!issue) return\n"
TENANT = "if (issue.companyId !== user.companyId) throw new Error('not found')\n"
PERSON = "if (issue.authorId !== user.id) throw new Error('not yours')\n"


def is_personal(body: str) -> bool:
    """Whether the change in `act` is of what is the caller's own."""
    action = f"{HEAD}\nexport async function act(id) {{ {SESSION} {body} }}"
    effects = run({"app/actions.ts": action, **LIBRARY})["act"].effects
    change = next(e for e in effects if e.kind is EffectKind.WRITE)
    return is_of_the_person(change, effects)


CLOSED = "await db.job.update({ where: { issueId: issue.id }, data: { isDone: true } })"

THEIRS = {
    "first the tenant, then the person": READ + TENANT + PERSON + CLOSED,
    "first the person, then the tenant": READ + PERSON + TENANT + CLOSED,
    "both in one condition": READ
    + "if (issue.companyId !== user.companyId || issue.authorId !== user.id) throw new Error('not yours')\n"
    + CLOSED,
    "both, if they hold": READ
    + f"if (issue.companyId === user.companyId) {{ if (issue.authorId === user.id) {{ {CLOSED} }} }}",
    "the tenant with the row": READ.replace("if (!issue)", "if (!issue || issue.companyId !== user.companyId)")
    + PERSON
    + CLOSED,
    "the person on each of two paths": READ
    + TENANT
    + "if (issue.isOld) { if (issue.authorId !== user.id) return } else { if (issue.authorId !== user.id) throw 1 }\n"
    + CLOSED,
}


@pytest.mark.parametrize("body", THEIRS.values(), ids=THEIRS.keys())
def test_what_is_the_tenants_may_be_somebodys_own_as_well(body: str) -> None:
    assert is_personal(body)


OF_THE_TENANT = {
    "the tenant alone": READ + TENANT + CLOSED,
    "the person on one of two paths": READ
    + TENANT
    + "if (issue.isOld) { if (issue.authorId !== user.id) return }\n"
    + CLOSED,
}


@pytest.mark.parametrize("body", OF_THE_TENANT.values(), ids=OF_THE_TENANT.keys())
def test_what_is_the_tenants_is_not_each_members_own(body: str) -> None:
    assert not is_personal(body)
