"""What is kept elsewhere and named by its place: whoever knows another's key has its file deleted or signed.

Uploads are left out: they are judged by what they overwrite, and mostly make their own names. Of requests it is those
that delete what an address names, with a key that only the server has: the other side then asks for nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from preship.analyzers.actions import world
from preship.analyzers.actions.returned import held_origins
from preship.analyzers.actions.sinks import goes_to_one_host, shows_a_key
from preship.analyzers.flow.effects import Client, Effect, EffectKind, Trait
from preship.analyzers.flow.facts import Known, Owns, has_a_right_everywhere, has_right
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.origins import SETTINGS, Input, Origin, Remote, Secret
from preship.analyzers.flow.values import origins_of


def named_files(effects: Sequence[Effect]) -> Iterator[tuple[Effect, frozenset[Input]]]:
    """Each effect on what is kept elsewhere that nothing but what the caller sends chooses, with those inputs."""
    for effect in effects:
        is_taken = effect.kind is EffectKind.FILE and takes_a_file(effect)
        if effect.client is Client.SERVER and (is_taken or deletes_with_our_key(effect)):
            chosen = frozenset(chosen_alone(effect))
            if chosen and not is_looked_up(chosen, effects) and not is_stored_here(effect, effects):
                yield effect, chosen


def takes_a_file(effect: Effect) -> bool:
    """Whether a call needs a file that is there already, in a store that is kept elsewhere."""
    return Trait.TAKES_A_FILE in effect.traits


def deletes_with_our_key(effect: Effect) -> bool:
    """Whether a request has a host of ours delete what its address names, and says nothing there of who is calling.

    Who is told of the caller may ask what is theirs; who is shown the server's key alone has nothing to ask by.
    """
    if Trait.DELETES not in effect.traits or not shows_a_key(effect) or has_right(effect.facts):
        return False
    return goes_to_one_host(effect) and not names_the_caller(effect.key) and not names_the_caller(effect.data)


def chosen_alone(effect: Effect) -> Iterator[Input]:
    """The inputs that are a place, where nothing of the caller's identity or of a record is part of it."""
    found = held_origins(effect.key, effect.facts)
    held = tuple(pair for pair in found if not is_set_for_all(pair[0], effect))
    if held and all(isinstance(origin, Input) for origin, _ in held):
        for origin, facts in held:
            known = {f.subject for f in facts if isinstance(f, Owns) or (isinstance(f, Known) and f.is_whole)}
            if isinstance(origin, Input) and origin not in known and not has_a_right_everywhere(facts):
                yield origin


def is_set_for_all(origin: Origin, effect: Effect) -> bool:
    """Whether a part of an address is what the deployment says, whoever calls: the name of a bucket."""
    is_a_request = effect.kind is EffectKind.FETCH
    return is_a_request and (isinstance(origin, Secret) or (isinstance(origin, Remote) and origin.host == SETTINGS))


def is_stored_here(effect: Effect, effects: Sequence[Effect]) -> bool:
    """Whether a file is one that this action has stored before: what is left of an upload that failed."""
    before = effects[: effects.index(effect)]
    stored = (e for e in before if e.kind is EffectKind.FILE and e.data is not None and not takes_a_file(e))
    return any(e.key == effect.key or origins_of(e.key) >= origins_of(effect.key) for e in stored)


def is_looked_up(chosen: frozenset[Input], effects: Sequence[Effect]) -> bool:
    """Whether a record of the place is looked up on the way: what it says of the caller is asked of that."""
    return any(e.kind is EffectKind.READ and chosen & origins_of(e.key) and world.is_scoped(e) for e in effects)
