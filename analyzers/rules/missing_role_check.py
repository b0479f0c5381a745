"""An action lets every signed-in user do what its neighbours keep for those with a role.

## What it does
Finds changes of records that belong to no single user (products, settings, categories), made for anybody with an
account, where the pages that use the action, or the other actions that change such records, ask for a role or a
permission first; and roles that an action gives away although its caller does not have them.

## Why this is bad
An account is often one form away. Whoever has one sends the request that the admin page would send, without the page.

```
curl -X POST https://shop.example.com/admin -H 'Next-Action: 7f2c…' -H "Cookie: $MY_OWN_SESSION" \\
  --data '[{"title":"Free","price":0}]'
```

## Use instead
Ask for what the neighbours ask for, in the same words, before the change. Where a role is given away, compare it with
the caller's own: `if (role === 'owner' && me.role !== 'owner') throw …`.

## How it is decided
The caller is known and nothing more; the record that is changed is not found by the caller's identity and does not name
them. At least two of the nearest other actions change records of the same kind, and every one that does asks for a role
or permission first. Where one of them asks for none, there is no habit, and no finding; and only creating records tells
of creating them, for whoever founds a team may well not change those of others. A tenant in which the action puts the
caller needs no role: whoever founds it has none yet.

Every page that uses the action asks for a role: the page, a layout around it, a component around all that it shows
(`<PermissionGuard permission="…">`), or the middleware on its path, run with that path. The action asks for none, and
what it changes, or hands out, is neither the caller's own nor shown to those without the role by another page or
action. Roles that come with an account (`user`, `member`, `customer`) count for none; a page that refuses those asks
for one.

Of the actions of one folder that change records of a kind, this one included, at least three and three quarters ask for
a role or permission first; this one is content with any member of the tenant.

The application has a permission for this kind of record and this operation (`clients.delete`): another action names it
where it asks, and is let through to such records by a right; or a handler of requests names it to what wraps it. Of the
nearest actions that change them, at least as many ask for a right as do not; this one, which is called after them or
changes nothing else, names no permission at all.

All other actions of its file that change such records, two at least and one of them in the same way, are made by one
wrapper that asks for a role; this one by another, which asks for a session only.

The same holds of the nearest actions that one wrapper makes, whatever records they change, where the wrapper asks for
no more than a session and one change at least is of the same kind: what it makes is for the same callers. And of the
actions of one folder: at least three, and three quarters of those that change something, ask for a role. Where each of
the nearest sixty actions of other files asks for a role before it changes what is not the caller's own, ten at least,
this one should as well.

Members, invitations, role assignments or keys of a tenant are changed for any member, where another action asks for a
role before it changes one of these. Where more actions let somebody in without one than with one, everybody may; the
membership of somebody else is nobody's to change. Whoever becomes a member by it accepts an invitation.

Where the configuration says that an action needs a role (`roles` in `.github/preship.yml`), no neighbour is asked: the
first change that comes without a role or permission is reported or, where none is asked for at all, the first read. Any
role will do, whatever it is called.

A role is given away where a column that says what somebody may do (`role`, `isAdmin`, `permissions`) of an account, a
membership or an invitation is written. One of several roles is enough to get there (`['owner', 'admin']`), the argument
can be each of them, and nothing has weighed it against the caller's own: then an admin makes owners. Or the caller is
asked for no role at all and takes one of the highest, as in a set-up that serves whoever comes first. Or each other
action that writes the same column asks for a right that this one does not ask for.

## When it is intended
Where users may do this one thing themselves: `// preship: ignore missing-role-check -- reason`.

## What Next.js does give
Nothing here: that a page is hidden from a user does not hide its actions.

## References
- CWE-862: Missing Authorization, https://cwe.mitre.org/data/definitions/862.html
- OWASP API5:2023 Broken Function Level Authorization,
  https://owasp.org/API-Security/editions/2023/en/0xa5-broken-function-level-authorization/
"""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.rule import (
    ANY_USER,
    MOST_ROLES,
    ActionFacts,
    Advice,
    Confidence,
    Finding,
    GivenForMore,
    Granted,
    Item,
    Kin,
    Question,
    Reserved,
    RoleBound,
    Rule,
    Severity,
    Step,
    all_roles,
    asks_for,
    described,
    named,
    named_in_code,
)
from preship.analyzers.rules.examples import role_given_away, role_kin, role_matrix, role_neighbours, role_pages


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the first role that is given away, and the first change that is kept for a role elsewhere."""
    for granted in action.granted_roles():
        yield given_away(action, granted)
        return
    for found in action.role_bound_effects():
        yield RULE.finding(
            action,
            found.effect,
            message=f"{action.label} {described(found.effect)} for {anybody(found)}. {reason(found)}",
            remedy=remedy(found),
            confidence=Confidence.HIGH if found.declared else Confidence.MEDIUM,
            steps=evidence(found),
            idiom=None if found.declared else action.idiom(Question.RIGHT),
        )
        return


def anybody(found: RoleBound) -> str:
    """Who gets through."""
    return "any member" if found.is_for_members else "anybody with an account"


def evidence(found: RoleBound) -> tuple[Step, ...]:
    """Where the role is asked for elsewhere."""
    if found.reserved is not None:
        demand = found.reserved.demand
        return (Step(demand.at.path, demand.at.line, f"{asks_for(demand)} before the page is shown"),)
    if found.asked is not None:
        permission = found.asked.permission
        return (Step(permission.at.path, permission.at.line, f"asks for `{permission.text}` first"),)
    return tuple(Step(by.path, by.line, f"asks for `{all_roles(names)}` first") for names, by in found.asked_for[:3])


def of_the_pages(found: Reserved) -> str:
    """What the pages ask for that use the action."""
    place = f"`{found.page.address}` {asks_for(found.demand)} (`{found.demand.at.path}:{found.demand.at.line}`)"
    others = f", and so do all {found.pages} pages that use it" if found.pages > 1 else ""
    return f"{place}{others}; the action, which can be called without the page, does not."


def given_away(action: ActionFacts, granted: Granted) -> Finding:
    """A role that the caller gives away, or takes."""
    if granted.elsewhere is not None:
        return given_for_less(action, granted, granted.elsewhere)
    if granted.chosen_by:
        ranks = " or ".join(f"`{rank}`" for rank in granted.ranks)
        says = (
            f"takes `{granted.column}` from {named(granted.chosen_by)}. It asks the caller to be {ranks}, and each of "
        )
        says += "them can give away every other: the lower makes itself, or a second account, the higher."
        remedy = "Compare the role that is given with the caller's own, and refuse what is above it."
    else:
        says = f"gives the caller the highest `{granted.column}`, and asks for no right before it does. Whoever comes "
        says += "first takes it."
        remedy = "Ask for what only the right person has: an address named in the environment, a token of the set-up."
    return RULE.finding(
        action,
        granted.effect,
        message=f"{action.label} {described(granted.effect)} and {says}",
        remedy=remedy,
        confidence=Confidence.MEDIUM,
    )


def given_for_less(action: ActionFacts, granted: Granted, more: GivenForMore) -> Finding:
    """A right that another action gives away as well, and asks for more before it does."""
    names = all_roles(more.any_of)
    return RULE.finding(
        action,
        granted.effect,
        message=f"{action.label} {described(granted.effect)} and takes `{granted.column}` from "
        f"{named(granted.chosen_by)}. Where it is given away elsewhere (`{more.at.path}:{more.at.line}`), the caller "
        f"is asked for `{names}` as well; whoever lacks that makes a second account which has it here.",
        remedy=Advice(
            f"Ask for `{names}` before this line, as the other action does, or leave the column to that one.",
            f"Ask for `{names}` before this line, or leave the column out",
        ),
        confidence=Confidence.MEDIUM,
        steps=(Step(more.asked_at.path, more.asked_at.line, f"asks for `{names}` first"),),
    )


def reason(found: RoleBound) -> str:
    """Why that is not everybody's to do."""
    if found.declared:
        return f"The configuration of this repository keeps it for a role: {found.declared}."
    if found.reserved is not None:
        return of_the_pages(found.reserved)
    number = len(found.elsewhere)
    if found.asked is not None:
        asked = found.asked.permission
        own = "membership" if found.is_for_members else "a session"
        place = f"`{asked.at.path}:{asked.at.line}`"
        return f"`{asked.text}` is asked for by `{found.asked.by}` ({place}); this action asks for {own} only."
    if found.kin is Kin.RIGHTS:
        target = found.elsewhere[0].target
        return f"Elsewhere a role is asked for before `{target}` is changed: {first_asked(found)}."
    if found.kin is Kin.APPLICATION:
        says = f"All {number} nearest actions of other files that change what is not the caller's own ask for a role"
        return f"{says} or permission first: {first_asked(found)}."
    if found.kin is not None:
        those = "that the same wrapper makes and that" if found.kin is Kin.WRAPPER else "here that"
        says = f"Of {found.among} actions {those} change something, {number} ask for a role or permission first"
        return f"{says}: {first_asked(found)}."
    if found.among:
        return (
            f"Of the {found.among} actions here that change such records, {number} ask for a role or permission first."
        )
    return f"The {number} other actions nearby that change such records ask for a role or permission first."


def first_asked(found: RoleBound) -> str:
    """One role that is asked for elsewhere, and where."""
    names, by = min(found.asked_for, key=lambda asked: (not named_in_code(asked[0]), asked[1]))
    named_roles = " or ".join(f"`{name}`" for name in named_in_code(names)[:MOST_ROLES])
    return f"{named_roles or 'a role'} (`{by.path}:{by.line}`)"


def remedy(found: RoleBound) -> str | Advice:
    """What to ask for."""
    if found.declared:
        return "Ask for the role before this line."
    if found.reserved is not None:
        return "Ask for the same in the action, before this line: the check of a page runs for the page alone."
    if found.asked is not None:
        asks = f"Ask for `{found.asked.permission.text}` before this line"
        return Advice(f"{asks}, as `{found.asked.by}` does.", asks)
    return "Ask for the same role before this line, or say why this change is everybody's."


RULE = Rule(
    id="missing-role-check",
    title="no role check",
    headline=f"{ANY_USER} can {{does}}",
    severity=Severity.HIGH,
    cwe=862,
    item=Item.OWNERSHIP,
    check=check,
    examples=(
        *role_neighbours.EXAMPLES,
        *role_given_away.EXAMPLES,
        *role_pages.EXAMPLES,
        *role_matrix.EXAMPLES,
        *role_kin.EXAMPLES,
    ),
)
