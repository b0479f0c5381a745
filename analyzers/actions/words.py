"""How effects and origins are put into words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from preship.analyzers.actions.demand import Demand
from preship.analyzers.actions.foreign import Foreign
from preship.analyzers.actions.idioms import Idiom, Manner
from preship.analyzers.flow.effects import EMAIL, Effect, EffectKind, Trait
from preship.analyzers.flow.origins import REST, Input, Origin, Request, of_package
from preship.analyzers.schema.tables import singular

ANYONE = "anyone on the internet"
ANY_USER = "any signed-in user"
"""Who gets through, as the headlines of rules begin."""

VERBS = {
    EffectKind.READ: "reads",
    EffectKind.INSERT: "creates a record in",
    EffectKind.WRITE: "changes",
    EffectKind.DELETE: "deletes from",
    EffectKind.SQL: "runs SQL on",
    EffectKind.SEND: "sends a message through",
    EffectKind.PAY: "moves money through",
    EffectKind.FETCH: "calls",
    EffectKind.SIGN: "signs",
    EffectKind.DIAL: "connects through",
    EffectKind.FILE: "touches files through",
    EffectKind.RUN: "runs a process through",
    EffectKind.RETURN: "hands out",
    EffectKind.IDENTIFY: "asks for",
}


DOINGS = {
    EffectKind.READ: ("read {}", "read anyone's {}"),
    EffectKind.INSERT: ("create records in {}", "create records in {} for anyone"),
    EffectKind.WRITE: ("change {}", "change anyone's {}"),
    EffectKind.DELETE: ("delete from {}", "delete anyone's {}"),
    EffectKind.SQL: ("run SQL on {}", "reach anyone's rows of {}"),
    EffectKind.SEND: ("send messages through {}", "send messages to anyone through {}"),
    EffectKind.PAY: ("move money through {}", "move anyone's money through {}"),
    EffectKind.FETCH: ("have the server call {}", "reach anyone's records at {}"),
    EffectKind.SIGN: ("have {} signed by the server", "have {} signed for anyone"),
    EffectKind.DIAL: ("have the server connect to {}", "have the server connect to {}"),
    EffectKind.FILE: ("reach files through {}", "reach anyone's files through {}"),
    EffectKind.RUN: ("start a process through {}", "start a process through {} for anyone"),
    EffectKind.RETURN: ("read {}", "read anyone's {}"),
    EffectKind.IDENTIFY: ("get {}", "get {} for anyone"),
}
"""What somebody can do where an action has an effect: at all, and to what belongs to others."""

MOST_ROLES = 3
"""Names of roles that a line has room for."""


def short_roles(names: Sequence[str]) -> str:
    """A role or one of several, of many the first ones: `ADMIN or EDITOR or OWNER or one of 4 more`."""
    if len(names) <= MOST_ROLES + 1:
        return all_roles(names)
    return " or ".join([*names[:MOST_ROLES], f"one of {len(names) - MOST_ROLES} more"])


def all_roles(names: Sequence[str]) -> str:
    """A role or one of several: `ADMIN or EDITOR`."""
    return " or ".join(names)


def asks_for(demand: Demand) -> str:
    """What a page or an action asks for, in words: "asks for `OWNER`"."""
    words = [f"`{word}`" for word in demand.words[:MOST_ROLES]]
    more = len(demand.words) - len(words)
    named_roles = " or ".join([*words, f"one of {more} more"] if more else words)
    return f"refuses {named_roles}" if demand.is_refusal else f"asks for {named_roles or 'a role or permission'}"


MAILS = ("send an email", "send an email to anyone")


def doing(effect: Effect, *, of_others: bool = False) -> str:
    """What an effect lets somebody do, as an infinitive: "delete from `post`", "delete anyone's `post`"."""
    is_mail = effect.kind is EffectKind.SEND and effect.target == EMAIL
    forms = MAILS if is_mail else DOINGS.get(effect.kind, ("reach {}", "reach anyone's {}"))
    forms = ("run {}", "run {} on anyone's records") if Trait.IS_A_FUNCTION in effect.traits else forms
    return forms[of_others].format(target_of(effect))


def not_followed(effect: Effect) -> str:
    """What of the code could not be followed."""
    return of_package(effect.what, effect.target)


def target_of(effect: Effect) -> str:
    """What an effect is done to, as the code names it."""
    # What has a space in it is a phrase, and no name of the code's.
    return effect.target if " " in effect.target else f"`{effect.target or effect.what}`"


def described(effect: Effect) -> str:
    """What an effect does, as the end of a sentence: "deletes from `post` (`prisma.post.delete`)"."""
    if effect.kind is EffectKind.SEND and effect.target == EMAIL:
        return f"sends {EMAIL} (`{effect.what}`)"
    if Trait.IS_A_FUNCTION in effect.traits:
        return f"runs the database function `{effect.target}`"
    verb = VERBS.get(effect.kind, "reaches")
    # What has a space in it is a phrase, and no name of the code's.
    target = effect.target if " " in effect.target else f"`{effect.target}`" if effect.target else "the world"
    return f"{verb} {target}" if effect.target == effect.what else f"{verb} {target} (`{effect.what}`)"


def named(origins: Sequence[Origin]) -> str:
    """Inputs, as the code names them: "`id` and `data.teamId`"; a part of what is named whole is left out."""
    whole = [word(o) for o in origins]
    words = [
        shown(origin, each)
        for origin, each in zip(origins, whole, strict=True)
        if not any(each.startswith(f"{other}.") for other in whole)
    ]
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} and {words[-1]}"


def shown(origin: Origin, name: str) -> str:
    """An input in a sentence: what has no name in the code is not written as code."""
    if isinstance(origin, Request):
        return f"the {origin.kind} `{origin.name}`"
    is_named = isinstance(origin, Input) and (origin.place is None or bool(origin.path))
    return f"`{name}`" if is_named else name


def word(origin: Origin) -> str:
    """One input, as the code names it."""
    if isinstance(origin, Input):
        # What a parameter is taken apart into has names of its own, and the parameter none.
        is_taken_apart = (origin.place is not None or origin.parameter == REST) and origin.path
        return ".".join(origin.path if is_taken_apart else (origin.parameter, *origin.path))
    if isinstance(origin, Request):
        return f"the {origin.kind} {origin.name}"
    return "an input"


def whose(keys: Sequence[Foreign]) -> str:
    """Which ids name rows of somebody's, and what is missing.

    "`folderId` names a folder. Each folder belongs to an organization through `spaceId`; nothing says that it is the
    caller's."
    """
    return " ".join(_named_row(key) for key in keys)


def _named_row(key: Foreign) -> str:
    name, row = named((key.origin,)), in_words(key.table)
    end = "nothing says that it is the caller's."
    if key.owner is None:
        return f"{name} names {_a(row)}; other actions ask whose one is; here {end}"
    if not key.through:
        return f"{name} names {_a(row)}, which only its members may use; {end}"
    if key.judged_by is not None:
        end = f"{end[:-1]}, and of the row the policies of the database ask for `{key.judged_by}` alone."
    return f"{name} names {_a(row)}. {belonging(key.table, key.owner, key.through)}; {end}"


def belonging(table: str, owner: str, through: Sequence[str]) -> str:
    """Whose the rows of a table are: "Each album entry belongs to an organization through `albumId` and `orgId`"."""
    columns = " and ".join(f"`{column}`" for column in through)
    return f"Each {in_words(table)} belongs to {_a(in_words(owner))} through {columns}"


def in_words(table: str) -> str:
    """What one row of a table is called in a sentence: `AlbumSeat`, `album_seats` is an album seat."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", table)
    return " ".join([*words[:-1], singular(words[-1].lower())]).lower() if words else table


def _a(word: str) -> str:
    return f"{'an' if word[:1] in 'aeio' else 'a'} {word}"


WAYS = {
    Manner.STOPS: "Call `{}()` first",
    Manner.ASKS: "Ask `{}()` first and stop when it knows nobody",
    Manner.WRAPS: "Let it run inside `{}(…)`",
}


@dataclass(frozen=True, slots=True)
class Advice:
    """How to fix something, where more is to be known of it than its words."""

    text: str
    """Markdown, one paragraph."""

    asks: str = ""
    """What it asks for, whoever does so already: of two that ask for the same, one is enough. Empty: the text."""

    calls: tuple[str, ...] = ()
    """The functions that it says to call: an edit that calls others makes it void."""


def advised(idiom: Idiom) -> Advice:
    """To do as the neighbours do: "Call `requireUser()` first, as 8 of the 9 other actions in this file do."."""
    asks = WAYS[idiom.manner].format(idiom.callee)
    return Advice(f"{asks}, as {_those_who_do(idiom)}.", asks, (idiom.callee,))


def _those_who_do(idiom: Idiom) -> str:
    where = "in this file" if idiom.is_of_the_file else "nearby"
    if idiom.among == 1:
        return f"the other action {where} does"
    if idiom.doing == idiom.among:
        return f"{'both' if idiom.among == 2 else f'all {idiom.among}'} other actions {where} do"
    return f"{idiom.doing} of the {idiom.among} other actions {where} {'does' if idiom.doing == 1 else 'do'}"
