"""What visitors without an account change on pages that anybody may visit."""

from __future__ import annotations

from preship.analyzers.actions import benign, world
from preship.analyzers.conventions.contact import EMAIL_FIELD
from preship.analyzers.conventions.fields import TIMESTAMP_COLUMN, VIEW_COUNT_COLUMN
from preship.analyzers.conventions.secrets import PASSWORD_COLUMN
from preship.analyzers.conventions.tables import SUBSCRIBER_TABLE
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.origins import Input, Request, Stored
from preship.analyzers.flow.values import Value, origins_of


def may_change(effect: Effect) -> bool:
    """Whether it is no fault that an anonymous caller causes an effect, where the page around it is open."""
    return counts(effect) or signs_up(effect) or stores_under_a_new_name(effect) or takes_an_address_off(effect)


def counts(effect: Effect) -> bool:
    """Whether a change only counts, in no words of the caller's: views, downloads."""
    said = [pair for pair in world.fields_of(effect.data) if pair[0] not in world.COUNTS]
    is_said_by_the_code = bool(said) and not any(isinstance(o, Input | Request) for o in origins_of(effect.data))
    return (
        effect.kind is EffectKind.WRITE
        and is_said_by_the_code
        and all(benign.is_a_count(name, value) or is_made_of_itself(name, value) for name, value in said)
        and not all(TIMESTAMP_COLUMN.matches(name) for name, _ in said)
    )


def counts_looks(effect: Effect) -> bool:
    """Whether a change only counts that somebody has looked at something: no application keeps that for members."""
    names = (name.split(".")[-1] for name, _ in world.fields_of(effect.data) if not name.startswith("$"))
    counted = [name for name in names if name not in world.COUNTS and not TIMESTAMP_COLUMN.matches(name)]
    return counts(effect) and all(map(VIEW_COUNT_COLUMN.matches, counted))


def is_made_of_itself(name: str, value: Value) -> bool:
    """Whether a column is computed of what stood in it: `views: article.views + 1`."""
    found = origins_of(value)
    return bool(found) and all(isinstance(o, Stored) and o.path[-1:] == (name.split(".")[-1],) for o in found)


def signs_up(effect: Effect) -> bool:
    """Whether an effect makes an account: a new record with the password of the one who asks for it."""
    return effect.kind is EffectKind.INSERT and any(
        PASSWORD_COLUMN.matches(name.split(".")[-1]) for name, _ in world.fields_of(effect.data)
    )


def takes_an_address_off(effect: Effect) -> bool:
    """Whether an address gets no news any more: whoever asks for that names it, and says nothing else."""
    named = [name.split(".")[-1] for name, value in world.fields_of(effect.key) if said_in(value)]
    is_by_address = bool(named) and all(map(EMAIL_FIELD.matches, named))
    is_silent = all(EMAIL_FIELD.matches(name) or not said_in(value) for name, value in world.fields_of(effect.data))
    is_of_a_list = bool(SUBSCRIBER_TABLE.matches(effect.target))
    return effect.kind in {EffectKind.WRITE, EffectKind.DELETE} and is_of_a_list and is_by_address and is_silent


def said_in(value: Value) -> bool:
    """Whether something that the caller sends stands in a field."""
    return any(isinstance(o, Input | Request) for o in origins_of(value))


def stores_under_a_new_name(effect: Effect) -> bool:
    """Whether an effect stores a file under a name that the caller has not chosen."""
    if effect.kind is not EffectKind.FILE or effect.key is None:
        return False
    return not any(isinstance(o, Input) for o in origins_of(effect.key))
