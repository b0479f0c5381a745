"""Who makes whom what: roles that an action gives away, and the caller's own role beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.written_id import Neighbours
from preship.analyzers.conventions.fields import TIMESTAMP_COLUMN
from preship.analyzers.conventions.privileges import PRIVILEGE_COLUMN, RIGHT_COLUMN, SINGLE_RIGHTS_COLUMN
from preship.analyzers.conventions.roles import HIGHEST_ROLE
from preship.analyzers.conventions.tables import RIGHTS_HOLDER_TABLE
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import Among, Excluded, Facts, Known, Role, Weighed, owned_under
from preship.analyzers.flow.identity import names_the_caller
from preship.analyzers.flow.origins import Input, Session, roots
from preship.analyzers.flow.values import Constant, Value, origins_of
from preship.analyzers.source.tree import Span


@dataclass(frozen=True, slots=True)
class GivenForMore:
    """A right that an action gives away to whoever may do more."""

    at: Span
    any_of: tuple[str, ...]
    """The roles and permissions of which it asks for one."""

    asked_at: Span


@dataclass(frozen=True, slots=True)
class Granted:
    """A role that an action gives away."""

    effect: Effect
    column: str
    """The column that holds it."""

    chosen_by: tuple[Input, ...]
    """What of the caller's says which role, sorted by name; nothing where the code does, for the caller themselves."""

    ranks: tuple[str, ...]
    """The roles of which one is enough to get here, sorted; none where none is asked for."""

    elsewhere: GivenForMore | None = None
    """How another action gives the same away; None where the ranks say enough."""


def granted_roles(effects: Iterable[Effect], neighbours: Neighbours) -> Iterator[Granted]:
    """The roles above the caller's own that they can give away, or take."""
    for effect in effects:
        if effect.kind in CHANGES and world.touches_the_world(effect) and RIGHTS_HOLDER_TABLE.matches(effect.target):
            for name, value in world.fields_of(effect.data):
                if PRIVILEGE_COLUMN.matches(name):
                    yield from chosen(effect, name, value)
                    yield from taken(effect, name, value)
                    yield from kept_elsewhere(effect, name, value, neighbours)


CHANGES = frozenset({EffectKind.INSERT, EffectKind.WRITE})


def chosen(effect: Effect, name: str, value: Value) -> Iterator[Granted]:
    """A role that the caller chooses where one of several is enough: the lowest of them gives away the highest."""
    ranks = ranks_in(effect.facts)
    inputs = {o for o in origins_of(value) if isinstance(o, Input)}
    is_a_rank = len(ranks) > 1 and not SINGLE_RIGHTS_COLUMN.matches(name)
    free = sorted((o for o in inputs if is_a_rank and is_free(o, ranks, effect.facts)), key=str)
    if free:
        yield Granted(effect, name, tuple(free), tuple(sorted(ranks)))


def kept_elsewhere(effect: Effect, name: str, value: Value, neighbours: Neighbours) -> Iterator[Granted]:
    """A right that the caller chooses, for which each action that is there to give it away asks for more than this.

    Where it is one column among many of a form, it was mostly forgotten: that says nothing of what it takes.
    """
    asked = [fact for fact in effect.facts if isinstance(fact, Role)]
    free = sorted((o for o in origins_of(value) if isinstance(o, Input) and is_unweighed(o, effect.facts)), key=str)
    if not asked or not free:
        return
    given = [e for effects in neighbours() for e in effects if gives_away(e, effect.target, name)]
    more = [(role, e) for e in given if (role := asked_besides(e, asked)) is not None]
    if more and len(more) == len(given):
        role, elsewhere = more[0]
        yield Granted(
            effect,
            name,
            tuple(free),
            tuple(sorted(ranks_in(effect.facts))),
            GivenForMore(elsewhere.span, role.any_of, role.by),
        )


def gives_away(effect: Effect, target: str, name: str) -> bool:
    """Whether an effect is about rights alone, and sets this column to what may be one; to take one away gives none."""
    return (
        effect.kind in CHANGES
        and effect.target == target
        and all(is_about_rights(column) for column, _ in world.fields_of(effect.data))
        and any(column == name and not is_taken_away(value) for column, value in world.fields_of(effect.data))
    )


def is_about_rights(column: str) -> bool:
    """Whether a column says what somebody may do, or when that was changed."""
    return any(each.matches(column) for each in (PRIVILEGE_COLUMN, RIGHT_COLUMN, TIMESTAMP_COLUMN))


def is_taken_away(value: Value) -> bool:
    """Whether a column is emptied, or set to no."""
    return all(isinstance(a.shape, Constant) and not a.shape.value for a in value.alternatives)


def asked_besides(effect: Effect, asked: Iterable[Role]) -> Role | None:
    """The narrowest right before an effect that none of those asked for implies."""
    held = [frozenset(role.any_of) for role in asked]
    more = [f for f in effect.facts if isinstance(f, Role) and not any(h <= frozenset(f.any_of) for h in held)]
    return min(more, key=lambda role: (len(role.any_of), role.any_of), default=None)


def is_unweighed(word: Input, facts: Facts) -> bool:
    """Whether nothing says which words an argument may be, and nothing has weighed it against the caller's own."""
    about = (f for f in facts if isinstance(f, Among | Excluded | Known | Weighed) and f.subject == word)
    return not any(about) and word not in owned_under(facts)


def ranks_in(facts: Facts) -> frozenset[str]:
    """The roles of which one is enough, where each right that was asked for leaves a choice."""
    asked = [frozenset(fact.any_of) for fact in facts if isinstance(fact, Role)]
    return min(asked, key=lambda words: (len(words), sorted(words))) if asked else frozenset()


def is_free(word: Input, ranks: frozenset[str], facts: Facts) -> bool:
    """Whether a word of the caller's can be each of these roles, and nothing has weighed it against their own."""
    about = [f for f in facts if isinstance(f, Among | Known | Excluded | Weighed) and f.subject == word]
    admitted = [f.words for f in about if isinstance(f, Among)]
    if any(isinstance(f, Excluded | Weighed) for f in about) or word in owned_under(facts):
        return False
    if admitted:
        return all({w.lower() for w in ranks} <= {w.lower() for w in words} for words in admitted)
    return not about


def taken(effect: Effect, name: str, value: Value) -> Iterator[Granted]:
    """One of the highest roles, which any caller takes for themselves.

    A role in a tenant is none that anybody could take: their membership of it was looked up.
    """
    is_own = effect.kind is EffectKind.WRITE and is_by_the_session_alone(effect.key)
    has_shown = bool(ranks_in(effect.facts) or owned_under(effect.facts))
    if is_own and not has_shown and is_highest(value) and writes_nothing_else(effect):
        yield Granted(effect, name, (), ())


def is_by_the_session_alone(key: Value | None) -> bool:
    """Whether nothing but the caller's identity chooses a record."""
    found = origins_of(key)
    return names_the_caller(key) and all(isinstance(o, Session) for o in roots(found))


def is_highest(value: Value) -> bool:
    """Whether a column is set to one of the highest roles."""
    words = [a.shape.value for a in value.alternatives if isinstance(a.shape, Constant)]
    return bool(words) and all(word is True or (isinstance(word, str) and HIGHEST_ROLE.matches(word)) for word in words)


def writes_nothing_else(effect: Effect) -> bool:
    """Whether a change is about rights, and not a registration of which they are a part."""
    names = [name for name, _ in world.fields_of(effect.data)]
    return all(PRIVILEGE_COLUMN.matches(name) or TIMESTAMP_COLUMN.matches(name) for name in names)
