"""A caller names a record, and the action changes it without asking whose it is.

## Why this is bad
Being signed in is not being allowed. The id is an argument: every user of the application can send another one's.

```
curl -X POST https://example.com/posts -H 'Next-Action: 60c2…' -H "Cookie: $MY_OWN_SESSION" --data '["your-post-id"]'
```

## Use instead
Put the caller into the key (`where: { id, authorId: session.user.id }`), or read the record first and compare its owner
with the session before the write.

## How it is decided
The key of the write comes from the input, carries nothing of the session, and nothing on the path has proven that this
record, or the tenant that it belongs to, is the caller's: no comparison, no membership look-up, no policy, no role.

Each id is judged by itself. What is written names other rows: the place that something is moved to, the parent of a new
row, the projects that a grant opens, each row of a list, the tenant that a job is started for. That the row itself, or
another of its columns, is the caller's says nothing of them; nor does a row that the action has just written, nor a
role in the caller's own tenant. An id in the caller's own row is posted where it leads somewhere: the row lies in what
it names, or other code shows either of them with the other, goes from the row to what it names, or finds the row by it;
and where the same row names another record of the same owner's which was looked up among them, or another action asks
of such an id before it writes it. Else it is a line of the checklist. Whose a row is, the schema says (Prisma, Drizzle,
Mongoose, TypeORM, Sequelize, Kysely, Convex, Payload, SQL files, Supabase's types, Firestore's rules): by required
references, up to an account or a tenant. `preship schema` shows it, and `owners` in the configuration corrects it.
Where no schema can be read, another action tells that asks whose such a row is. Excused are, in this order: a role that
holds everywhere, people and memberships as targets, tables that nobody owns, an id that is one foreign key with the
caller's tenant, what people do in their own name with what is not theirs (votes, orders, comments, joining; whom they
rate, book or pay so may be named in further new rows), what a program keeps of its own answers and makes again, and
rows that may be published or that other actions show to everybody.

Where the schema knows of no tenant, gives the row to nobody, and nothing in the code lets people make an account, all
who have one share it: a line of the checklist. Who sends a secret of the server's is a program, a scheduled task or
another service, which acts for whomever it names: nothing is asked of it.

Where each account or membership is of one tenant, a role that stands with it holds in that tenant alone. A change by an
id behind such a role is reported where the row is a tenant's and another action keeps to the caller's tenant when it
touches such rows. A role that stands in the row of a membership needs no such sign: it is one in that tenant, and opens
no other. Above the tenants stand roles that are named so (`SUPER_ADMIN`), a flag beside a role, and those who are shown
the rows of all tenants, or may make a tenant.

A row that row-level security gives to the caller's own client, by policies that give it to nobody who is not asked for,
is theirs: a later write with the service's client, or by another library, needs no more. Where one policy shows it to
everybody, or to whoever is signed in, it proves nothing of the kind.

Where nothing chooses the rows at all, or a condition that every row meets (`deleteMany({})`, `eq(posts.id, posts.id)`),
and the schema gives them to somebody, whoever is signed in changes what is everybody's: that is reported as well.

A file of a store is judged likewise that is deleted, signed or opened by the key or the address that the caller sends;
and what a service keeps that is asked to delete it with a key of the server's (`DELETE https://…/videos/${id}`), unless
the request says who is calling.

Whether reading needs a right, code does not say by itself. A read is reported where the action has asked for the right
to one thing that the caller names, and hands out another or copies it there; and where all other actions of the file
that name things by their arguments ask for a right, at least two of them before they read, and this one, which only
reads, asks for none. It is reported as well where the schema gives the row to somebody, and another action reads that
table for its owner alone (among the owner's rows, or compared before it is handed out), or where an argument names the
tenant and three of the other actions at least, and three quarters of those that take a tenant so, ask whether it is the
caller's; and where people list and change rows of a table by their id among their own alone, while no page and no other
action shows those of others; never where rows of the table may be published. To copy such a row into one of the
caller's own is to read it, and so is to pass on what a language model says of it.

Whatever a row is called, it is not for every account where a column of it opens something, as a password's hash or a
key does: handed out whole to whoever says which, it is reported, and so is that column alone.

A change of a record that an argument names is reported where each other action of the file that changes such records,
two at least, finds them by a cookie: what a guest has instead of an account.

A request whose address the caller chooses is reported where the action asks for a right to something that an argument
names, and goes on without where that argument is left out.

## When it is intended
Where every user may change every record, say so: `// preship: ignore missing-ownership-check -- reason`.

## What Next.js does give
Nothing here: the arguments of an action are the caller's choice.

## References
- CWE-639: Authorization Bypass Through User-Controlled Key, https://cwe.mitre.org/data/definitions/639.html
- OWASP API1:2023 Broken Object Level Authorization,
  https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from preship.analyzers.rule import (
    ANY_USER,
    ActionFacts,
    Advice,
    Confidence,
    EffectKind,
    Finding,
    Foreign,
    Item,
    Lost,
    NamedByAnybody,
    OwnershipFault,
    Persona,
    PrivateRead,
    Question,
    Reached,
    Reserved,
    Rule,
    SecretRead,
    Severity,
    Skipped,
    Step,
    Trait,
    Unasked,
    Unowned,
    Way,
    WithinTenant,
    asks_for,
    belonging,
    described,
    in_words,
    named,
    whose,
)
from preship.analyzers.rules.examples import (
    ownership_counts,
    ownership_ids,
    ownership_neighbours,
    ownership_records,
    ownership_tenants,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the first effect on a record that the caller names and has not been shown to own, and what was lost."""
    found = action.unowned_effect()
    if found is None:
        yield from beside_records(action)
        return
    if found.fault is OwnershipFault.MISSING and not action.is_for_a_role(found):
        yield no_longer_checked(action, found) if found.lost is not None else as_far_as_seen(action, found)
    besides = action.lost_besides(found)
    if besides is not None and besides.fault is OwnershipFault.MISSING:
        yield no_longer_checked(action, besides)


def as_far_as_seen(action: ActionFacts, found: Unowned) -> Finding:
    """What the code says; where only what could not be read may know the caller, it may know what is theirs as well."""
    finding = never_checked(action, found)
    return replace(finding, confidence=Confidence.LOW) if action.is_known_at_best(found.effect) else finding


def never_checked(action: ActionFacts, found: Unowned) -> Finding:
    """The code as it stands says whose record it may be."""
    if found.foreign:
        return names_somebody_elses(action, found)
    if found.effect.kind is EffectKind.FILE:
        return names_a_stored_file(action, found)
    if found.effect.kind is EffectKind.FETCH and Trait.DELETES in found.effect.traits:
        return has_another_service_delete(action, found)
    if found.believes is not None:
        return believes_its_owner(action, found, *found.believes)
    if found.within is not None:
        return behind_a_role(action, found, found.within)
    if found.takes_all:
        return takes_everybodys(action, found)
    pages = action.reserved()
    return RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {described(found.effect)}, and {chosen(found)}. "
        + (kept_by(pages) if pages is not None else "Any signed-in user can send another one's id."),
        remedy="Ask for the same before this line: the check of a page runs for the page alone."
        if pages is not None
        else "Scope the key with the session's user, or compare the record's owner with it before the write.",
        confidence=Confidence.HIGH,
        persona=Persona.PEDANTIC if pages is None and action.is_shared_by_staff(found.effect) else Persona.REGULAR,
        idiom=action.idiom(Question.OWNERSHIP),
    )


def takes_everybodys(action: ActionFacts, found: Unowned) -> Finding:
    """A change of every row there is, whosever it is."""
    return RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {described(found.effect)}, and no condition leaves any row out. Any signed-in user "
        "does this to what belongs to all others.",
        remedy="Put the session's user into the condition, or ask for a role before this line.",
        confidence=Confidence.HIGH,
        idiom=action.idiom(Question.OWNERSHIP),
    )


def kept_by(pages: Reserved) -> str:
    """Who lets whom near it: the pages that use the action ask for a role or permission, and the action for none."""
    at = pages.demand.at
    return (
        f"`{pages.page.address}` {asks_for(pages.demand)} (`{at.path}:{at.line}`); the action asks for an account "
        "only, and any signed-in user can send any id."
    )


def chosen(found: Unowned) -> str:
    """What says which record it is, or whose the new one is."""
    words = named(found.named_by)
    if found.effect.kind is EffectKind.INSERT:
        return f"{words} alone says whose it is"
    return f"the record is chosen by {words} alone"


def believes_its_owner(action: ActionFacts, found: Unowned, field: str, place: str) -> Finding:
    """A scope that every user writes for themselves."""
    return RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {described(found.effect)}, which {named(found.named_by)} chooses within the "
        f"`{field}` of the caller's `{place}`. Users write that themselves, from the browser: any of them can put "
        "another one's there.",
        remedy=f"Keep `{field}` where only the server writes it (a table, `app_metadata`), and read it from there.",
    )


def behind_a_role(action: ActionFacts, found: Unowned, within: WithinTenant) -> Finding:
    """A role in one tenant, and a record that may be another one's."""
    at = within.elsewhere.span if within.elsewhere is not None else None
    tenant = in_words(within.tenant)
    into_the_key = f"Put the caller's {tenant} into the key"
    return RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {described(found.effect)}, and {chosen(found)}. "
        f"The role that is asked for is one within the caller's own {tenant}: whoever has it there can send the id of "
        "another one's record.",
        remedy=Advice(f"{into_the_key}{', as the other action does' if at is not None else ''}.", into_the_key),
        confidence=Confidence.HIGH,
        steps=(Step(at.path, at.line, f"keeps to the caller's own {tenant}"),) if at is not None else (),
    )


def names_a_stored_file(action: ActionFacts, found: Unowned) -> Finding:
    """A file that is deleted or handed out by the place that the caller names."""
    return RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {described(found.effect)}, and {named(found.named_by)} alone says which file. "
        "Any signed-in user can send the key or the address of another one's.",
        remedy="Take the id of a record instead, find it among the caller's own, and use the key that stands there.",
        confidence=Confidence.MEDIUM,
    )


def has_another_service_delete(action: ActionFacts, found: Unowned) -> Finding:
    """What another service deletes for the server's key, by an address that ends in what the caller sends."""
    return RULE.finding(
        action,
        found.effect,
        message=f"{action.label} has another service delete what {named(found.named_by)} names, with the server's own "
        "key: the service asks nobody whose it is. Any signed-in user can send what names another one's.",
        remedy="Take the id of a record instead, find it among the caller's own, and use the name that stands there.",
        confidence=Confidence.MEDIUM,
    )


def names_somebody_elses(action: ActionFacts, found: Unowned) -> Finding:
    """Ids in what is written, each of which names a row that may be anybody's."""
    one = len(found.foreign) == 1
    reached = action.reached(found)
    return RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {described(found.effect)}. {whose(found.foreign)} Any signed-in user can send "
        "another one's id.",
        remedy=f"Look {'it' if one else 'each'} up among the caller's own before this line, and write what was found.",
        confidence=Confidence.HIGH if any(key.is_tied_elsewhere for key in found.foreign) else Confidence.MEDIUM,
        persona=Persona.PEDANTIC if leads_nowhere(found, reached) else Persona.REGULAR,
        steps=tuple(where_it_leads(reached)),
        idiom=action.idiom(Question.OWNERSHIP),
    )


def leads_nowhere(found: Unowned, reached: Reached | None) -> bool:
    """Whether nobody reaches anything by it, and the application asks nothing of the kind anywhere."""
    if reached is None or reached.way is Way.ASKED:
        return reached is None
    return stays_with_the_caller(found.foreign)


def where_it_leads(reached: Reached | None) -> Iterator[Step]:
    """The code that takes an id to what it names."""
    if reached is not None and reached.by is not None:
        yield Step(reached.by.span.path, reached.by.span.line, LEADS[reached.way])


LEADS = {
    Way.SHOWN: "shows what the row names along with it, or the row along with that",
    Way.FOLLOWED: "goes from the row to what it names",
    Way.FOUND_BY: "finds such rows by what they name",
    Way.ASKED: "asks whether such an id is the caller's",
}


def stays_with_the_caller(keys: Sequence[Foreign]) -> bool:
    """Whether what is written can be read by its tenant alone, and so is what its keys name: policies judge both."""
    return all(key.judged_by is not None and not key.is_tied_elsewhere for key in keys)


def beside_records(action: ActionFacts) -> Iterator[Finding]:
    """What touches no record that is somebody's: a check that can be skipped, and a read that the neighbours keep."""
    for skipped in action.skipped_checks():
        yield asked_only_if_given(action, skipped)
        return
    if (guests := action.named_by_anybody()) is not None:
        yield guests_record(action, guests)
    elif (unasked := action.unasked_read()) is not None:
        yield read_without_a_right(action, unasked)
    elif (private := action.private_read()) is not None:
        yield read_of_somebodys(action, private)
    elif (secret := action.secret_read()) is not None:
        yield read_with_a_secret(action, secret)


def guests_record(action: ActionFacts, found: NamedByAnybody) -> Finding:
    """A record that the rest of the file finds by the caller's cookie."""
    number = len(found.elsewhere)
    return RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {described(found.effect)}, and {named(found.named_by)} alone chooses which. The "
        f"{number} other actions of this file that change such records find them by the caller's cookie.",
        remedy=Advice("Take it from the cookie, as the others do, and drop the argument.", "Take it from the cookie"),
        confidence=Confidence.MEDIUM,
    )


def asked_only_if_given(action: ActionFacts, found: Skipped) -> Finding:
    """A check that is skipped by leaving out what it asks about."""
    return RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {described(found.effect)}, which {named(found.named_by)} chooses, and asks for a "
        f"right only where it is given {named(found.asked_about)}. Any signed-in user can leave that out.",
        remedy="Ask for a right on the other path as well: to the team or the place for which this is done.",
        confidence=Confidence.MEDIUM,
    )


def no_longer_checked(action: ActionFacts, found: Unowned) -> Finding:
    """A check that stood before the change says that one is needed."""
    return RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {described(found.effect)}, and {what_is_gone(found)}.",
        remedy="Put the check back in front of this line, or say where it is made instead.",
        confidence=Confidence.MEDIUM,
    )


def what_is_gone(found: Unowned) -> str:
    """What the change has taken away."""
    if found.lost is Lost.RANK:
        return "the check that asks what the caller may do lets more of them pass with this change"
    if found.lost is Lost.STATE:
        return "the look-up before it, which asked for more than whose this is, stops nobody any more with this change"
    if found.lost is Lost.SCOPE:
        return "the condition that kept this to the caller's own is gone with this change"
    if found.named_by:
        return f"the check that asked whether {named(found.named_by)} is the caller's is gone with this change"
    return "the check that asked what the caller may do is gone with this change"


def read_without_a_right(action: ActionFacts, found: Unasked) -> Finding:
    """A read for which the rest of the file would ask for a right."""
    number = len(found.elsewhere)
    return RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {described(found.effect)}, and {named(found.named_by)} alone chooses what. The "
        f"{number} other actions of this file that read what an argument names ask first whether the caller may.",
        remedy="Ask for the same right before this line, or say why everybody with an account may read this.",
        confidence=Confidence.MEDIUM,
        idiom=action.idiom(Question.OWNERSHIP),
    )


LOOK_IT_UP = "Look it up among the caller's own"


def read_of_somebodys(action: ActionFacts, found: PrivateRead) -> Finding:
    """A row that is a tenant's by the schema, or somebody's, and that other actions read for its owner alone."""
    at = found.elsewhere.span if found.elsewhere is not None else None
    return RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {described(found.effect)}, and {named(found.named_by)} alone chooses which. "
        f"{belonging(found.table, found.owner, found.through)}; nothing says that this one is the caller's.",
        remedy=Advice(f"{LOOK_IT_UP}{', as the other action does' if at is not None else ''}.", LOOK_IT_UP),
        confidence=Confidence.MEDIUM,
        steps=(Step(at.path, at.line, "reads only what is the caller's"),) if at is not None else (),
        idiom=action.idiom(Question.OWNERSHIP),
    )


def read_with_a_secret(action: ActionFacts, found: SecretRead) -> Finding:
    """A row of which one column opens something, and which is therefore not for every account."""
    at = found.place
    where = f" (`{at.path}:{at.line}`)" if at is not None else ""
    return RULE.finding(
        action,
        found.effect,
        message=f"{action.label} {described(found.effect)}, and {named(found.named_by)} alone chooses which. "
        f"`{found.column}` is handed out{where}: such a row is for whom it opens something, and nothing says that this "
        "is the caller.",
        remedy=Advice(f"{LOOK_IT_UP}, and select the columns that are shown.", LOOK_IT_UP),
        confidence=Confidence.MEDIUM,
        steps=(Step(at.path, at.line, f"`{found.column}` is handed out"),) if at is not None else (),
        idiom=action.idiom(Question.OWNERSHIP),
    )


RULE = Rule(
    id="missing-ownership-check",
    title="no ownership check",
    headline=f"{ANY_USER} can {{takes}}",
    severity=Severity.HIGH,
    cwe=639,
    item=Item.OWNERSHIP,
    check=check,
    examples=(
        *ownership_records.EXAMPLES,
        *ownership_ids.EXAMPLES,
        *ownership_tenants.EXAMPLES,
        *ownership_neighbours.EXAMPLES,
        *ownership_counts.EXAMPLES,
    ),
)
