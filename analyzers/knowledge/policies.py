"""Policy libraries: the answer whether someone may do something to something.

Who is asked about is in the ability or in the question; the truth of an answer proves what was asked about.
"""

from __future__ import annotations

from preship.analyzers.flow.facts import Facts, Role, Strength, Unnamed, owns
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.operators import is_identity, subjects
from preship.analyzers.flow.origins import Input, Request, roots
from preship.analyzers.flow.values import PLAIN, Library, Promise, Truth, Unknown, Value, obj, of, origins_of, text_of
from preship.analyzers.knowledge.rows import native

ABILITY, FORBIDDEN = "@casl/ability#ability", "@casl/ability#forbidden"


def allowed(given: Arguments, calling: Calling) -> Facts:
    """What a yes proves: the things that were named are the caller's to use."""
    found = frozenset(o for value in given.all() for o in origins_of(value))
    named = subjects(frozenset(o for o in found if not is_identity(frozenset({o}))))
    within = frozenset(o for o in roots(named) if isinstance(o, Input | Request))
    words = " ".join(word for value in given.all() if (word := text_of(value)))
    return owns(named, calling.span, Strength.LIKELY) | frozenset(
        {Role((words or Unnamed.POLICY,), calling.span, within)}
    )


def can(library: Library, given: Arguments, calling: Calling) -> Value:
    """`ability.can(action, subject)`."""
    return of(Unknown(frozenset(), Truth.MAYBE, allowed(given, calling), is_primitive=True))


def cannot(library: Library, given: Arguments, calling: Calling) -> Value:
    """`ability.cannot(action, subject)`."""
    return of(Unknown(frozenset(), Truth.MAYBE, when_false=allowed(given, calling), is_primitive=True))


def invoked(owner: Value, name: str, given: Arguments, calling: Calling) -> Value | None:
    """The same on an ability that could not be followed, out of a cache above all: `can('update', post)`.

    A cache may be looked into by the caller's identity: what is kept under their name is theirs as well.
    """
    rows = {"can": can, "cannot": cannot}
    is_nobody_elses = not origins_of(owner) or is_identity(origins_of(owner))
    is_ability = name in rows and len(given.values) > 1 and text_of(given.at(0)) is not None and is_nobody_elses
    return rows[name](Library(ABILITY), given, calling) if is_ability else None


def unless(library: Library, given: Arguments, calling: Calling) -> Value:
    """`ForbiddenError.from(ability).throwUnlessCan(action, subject)`."""
    calling.may_fail()
    calling.prove(allowed(given, calling))
    return PLAIN


def defined(library: Library, given: Arguments, calling: Calling) -> Value:
    """`defineAbility((can, cannot) => …)`, `createMongoAbility(rules)`: an ability, whatever its rules say."""
    rule = native("rule", lambda inner, more: obj(because=PLAIN))
    for value in given.all():
        calling.aside(value, Arguments((rule, rule)))
    return of(Library(ABILITY))


def builder(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new AbilityBuilder(…)`."""
    rule = native("rule", lambda inner, more: obj(because=PLAIN))
    return obj(can=rule, cannot=rule, build=native("build", lambda inner, more: of(Library(ABILITY))), rules=PLAIN)


def asked(library: Library, given: Arguments, calling: Calling) -> Value:
    """`permit.check(user, action, resource)`: asked of a service."""
    return of(Promise(can(library, given, calling)))
