"""Messages of a known caller that go to whoever an argument says the caller is, or that say whatever one says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from preship.analyzers.actions import world
from preship.analyzers.conventions.fields import MAIL_BODY_FIELD, MAIL_SENDER_FIELD, MAIL_SUBJECT_FIELD
from preship.analyzers.conventions.sessions import CALLER_FIELD, CALLER_OBJECT
from preship.analyzers.flow.effects import EMAIL, Effect, EffectKind
from preship.analyzers.flow.facts import has_right, has_shown_something, owned_under
from preship.analyzers.flow.origins import Input, Session, Stored
from preship.analyzers.flow.texts import opening_of, written_by
from preship.analyzers.flow.values import Value, origins_of


def claimed_recipients(effects: Sequence[Effect]) -> Iterator[tuple[Effect, frozenset[Input]]]:
    """Each message of a known caller to whoever an argument says that they are: `user.email` of what was sent."""
    for effect in effects:
        if effect.kind is EffectKind.SEND and world.is_known(effect) and not has_right(effect.facts):
            owned = owned_under(effect.facts)
            found = {o for o in origins_of(effect.key) if isinstance(o, Input) and o not in owned and is_of_an_actor(o)}
            if found:
                yield effect, frozenset(found)


def is_of_an_actor(origin: Input) -> bool:
    """Whether an input is the id or the address in an object that stands for who is calling."""
    *owners, last = (origin.parameter, *origin.path)
    return bool(owners and CALLER_OBJECT.matches(owners[-1]) and CALLER_FIELD.matches(last))


def relayed_messages(effects: Sequence[Effect]) -> Iterator[tuple[Effect, frozenset[Input], frozenset[Input]]]:
    """Each mail of which a known caller chooses the recipient and the words, with the inputs that do.

    Who has some right, or has shown that something is theirs, may well be meant to write; so may who writes in their
    own name.
    """
    for effect in effects:
        if effect.kind is not EffectKind.SEND or effect.target != EMAIL or not world.is_known(effect):
            continue
        if has_shown_something(effect.facts):
            continue
        fields = dict(world.fields_of(effect.data))
        recipients, told = all_of(effect.key), words_in(fields)
        if recipients and told and not is_in_their_name(fields):
            yield effect, recipients, told


def words_in(fields: Mapping[str, Value]) -> frozenset[Input]:
    """The inputs that a mail says: all of its subject and something of its body; nothing where one is the house's.

    A body is often set into a frame of the house, which says nothing else of it.
    """
    subjects = [all_of(value) for name, value in fields.items() if MAIL_SUBJECT_FIELD.matches(name)]
    bodies = [written_by(value) for name, value in fields.items() if MAIL_BODY_FIELD.matches(name)]
    inputs = frozenset(o for body in bodies for o in body if isinstance(o, Input))
    return inputs.union(*subjects) if inputs and subjects and all(subjects) else frozenset()


def all_of(value: Value | None) -> frozenset[Input]:
    """The inputs that are all of a text: nothing of ours stands before them or is mixed with them."""
    found = origins_of(value)
    theirs = frozenset(o for o in found if isinstance(o, Input))
    if value is None or theirs != found or written_by(value) != found or opening_of(value):
        return frozenset()
    return theirs


def is_in_their_name(fields: Mapping[str, Value]) -> bool:
    """Whether a mail comes from an address that was found for the caller, and not from the house's."""
    senders = [value for name, value in fields.items() if MAIL_SENDER_FIELD.matches(name)]
    return any(isinstance(o, Session | Stored) for value in senders for o in origins_of(value))
