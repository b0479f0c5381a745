"""Properties: what `owner.name` is, for each thing that the owner may be."""

from __future__ import annotations

from dataclasses import replace

from preship.analyzers.conventions.permissions import ANSWER_PROPERTY
from preship.analyzers.conventions.privileges import RIGHT_FLAG, RIGHTS_MAP
from preship.analyzers.conventions.secrets import ACCESS_CODE_COLUMN
from preship.analyzers.flow import methods, operators, sent
from preship.analyzers.flow.calling import CallingHere
from preship.analyzers.flow.calls import unread
from preship.analyzers.flow.classes import lineage
from preship.analyzers.flow.collections import any_item, common, length_of
from preship.analyzers.flow.containers import any_pair, is_container
from preship.analyzers.flow.facts import Facts, Role, Strength, owns, together, weakened
from preship.analyzers.flow.fields import filled_later
from preship.analyzers.flow.folding import folded
from preship.analyzers.flow.language import GLOBAL
from preship.analyzers.flow.library import Arguments, PathEnded
from preship.analyzers.flow.machine import Frame, Machine, outcome
from preship.analyzers.flow.origins import Caught, Session, Stored, Unfollowed
from preship.analyzers.flow.state import State
from preship.analyzers.flow.values import (
    ABSENT_VALUE,
    NEVER,
    PLAIN,
    PROXY,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Blueprint,
    Closure,
    Constant,
    Library,
    Namespace,
    Native,
    Object,
    Promise,
    Shape,
    Unknown,
    Value,
    field_of,
    is_nullish,
    is_surely_nullish,
    keeping,
    of,
    property_of,
    under,
    unite,
    unknown,
)
from preship.analyzers.source import tree
from preship.analyzers.source.tree import Span

UNSEEN = unknown({Unfollowed("what nobody was seen to put there")})
"""Stands for what is used although it looks absent: somebody has put it there, or the program would fail."""


def member(m: Machine, owner: Value, name: str, frame: Frame, state: State, span: Span) -> Value:
    """A property of a value. Reading one of a nullish value throws."""
    kept = tuple(a for a in owner.alternatives if not is_nullish(a.shape))
    if not kept:
        if owner.alternatives and is_surely_nullish(owner):
            frame.crash(span, state, is_call=False)
        return UNSEEN if owner.alternatives else NEVER
    if len(kept) < len(owner.alternatives):
        crash_proof(Value(kept), owner, frame, state, span)
        told = common(Value(kept))
        kept = tuple(doubted(a, owner, told) for a in kept)
    found = [under(one(m, a.shape, name, frame, state, span), a.under) for a in kept]
    return read_facts(found[0] if len(found) == 1 else unite(*found), name, span)


def doubted(a: Alternative, owner: Value, told: Facts) -> Alternative:
    """What a property is read of that might have been nullish: nothing has tested what its presence would prove.

    Of the session itself a part stays the session's: where that is tested, the session is. What is not `told` by its
    presence alone tells which of several it is: the row of a table that is another one for each role.
    """
    if is_the_caller(a.shape):
        return a
    absent = [other.under for other in owner.alternatives if is_nullish(other.shape)]
    either = a.under.intersection(*absent)
    roles = frozenset(fact for fact in a.under - told if isinstance(fact, Role))
    return Alternative(a.shape, either | weakened(a.under - either) | roles)


def is_the_caller(shape: Shape) -> bool:
    """Whether a value is of the session itself: where a part of it is tested, that is a test of the session."""
    return isinstance(shape, Unknown) and any(isinstance(o, Session) for o in shape.origins)


def one(m: Machine, shape: Shape, name: str, frame: Frame, state: State, span: Span) -> Value:
    """A property of one thing."""
    if isinstance(shape, Object):
        return of_object(m, shape, name, frame, state, span)
    if isinstance(shape, Library):
        if shape == GLOBAL:
            return m.global_property(name, frame)
        known = m.knowledge.member(shape, name)
        return known if known is not None else of(Library(shape.root, (*shape.path, name), shape.state))
    if isinstance(shape, Namespace):
        return m.exported(shape.path, name, frame)
    if isinstance(shape, Unknown):
        part = property_of(shape, name)
        is_its_truth = bool(shape.when_true) and ANSWER_PROPERTY.matches(name)
        return of(replace(part, when_true=shape.when_true) if is_its_truth else part)
    if isinstance(shape, Array):
        return of_array(m, shape, name)
    if isinstance(shape, Blueprint):
        return static_member(m, shape, name, frame, state, span)
    if isinstance(shape, Closure | Constant | Promise | Native):
        # A name that is missing from our tables may still be there: `undefined` would end the path at its call.
        return methods.method(shape, name) or PLAIN
    return PLAIN


def of_object(m: Machine, shape: Object, name: str, frame: Frame, state: State, span: Span) -> Value:
    """A field, else a method of the class, else what every object has.

    What nobody was seen to put into an object that is written out is absent; of any other, not all is known.
    """
    if shape.brand == PROXY:
        return of_proxy(m, shape, name, frame, state, span)
    if is_container(shape):
        return any_pair(shape) if name.isdigit() else methods.method(shape, name) or PLAIN
    for key, value in shape.fields:
        if key == name:
            return value if not is_empty_field(shape, value) else filled_later(m, shape, name, value, frame)
    if isinstance(shape.brand, Blueprint):
        found = class_member(m, shape.brand, name, of(shape), frame, state, span)
        if found is not None:
            return found
    inherited = methods.method(shape, name)
    if inherited is not None:
        return inherited
    rest = field_of(shape, name)
    if rest is not None:
        return of_rest(m, rest, name, frame)
    if shape.brand == "Error":
        return unknown({Caught((name,))})
    is_written_out = shape.brand is None and name not in methods.OF_EVERY_OBJECT
    return ABSENT_VALUE if is_written_out else PLAIN


def of_proxy(m: Machine, shape: Object, name: str, frame: Frame, state: State, span: Span) -> Value:
    """What a proxy's trap gives for a name, else what its target has."""
    target, handler = field_of(shape, "target") or PLAIN, field_of(shape, "handler") or PLAIN
    traps = [a for a in m.member(handler, "get", frame, state, span).alternatives if isinstance(a.shape, Closure)]
    if not traps:
        return m.member(target, name, frame, state, span)
    given = Arguments((target, of(Constant(name)), of(shape)))
    return m.invoke(Value(tuple(traps)), given, frame, state, span, handler)


def of_rest(m: Machine, rest: Value, name: str, frame: Frame) -> Value:
    """A property of what an object was spread from; of modules, what those export that have the name."""
    found: list[Value] = []
    for a in rest.alternatives:
        if isinstance(a.shape, Namespace):
            exported = m.exported(a.shape.path, name, frame)
            found += [under(exported, a.under)] if exported != ABSENT_VALUE else []
        else:
            found.append(Value((property_alternative(a, name),)))
    return unite(*found) if found else UNDEFINED_VALUE


def property_alternative(a: Alternative, name: str) -> Alternative:
    """A property of what an object was spread from."""
    if isinstance(a.shape, Unknown):
        return Alternative(property_of(a.shape, name), a.under)
    if isinstance(a.shape, Library):
        return Alternative(Library(a.shape.root, (*a.shape.path, name), a.shape.state), a.under)
    return a


def of_array(m: Machine, shape: Array, name: str) -> Value:
    """An item, the length, or a method."""
    if name.isdigit():
        index = int(name)
        if shape.items is not None:
            return shape.items[index] if index < len(shape.items) else ABSENT_VALUE
        return any_item(shape)
    if name == "length":
        return length_of(shape)
    return methods.method(shape, name) or PLAIN


def class_member(
    m: Machine,
    blueprint: Blueprint,
    name: str,
    this: Value,
    frame: Frame,
    state: State,
    span: Span,
    *,
    static: bool = False,
) -> Value | None:
    """A method or accessor of a class or of its bases."""
    for current in lineage(m, blueprint, frame, state):
        if not isinstance(current, Blueprint):
            return None
        for found in current.node.members:
            if found.key == name and found.is_static is static:
                if static and found.kind == "field":
                    return m.static_field(blueprint, current, found, frame)
                if found.value is not None:
                    return class_value(m, current, found, this, frame, state, span)
    return None


def is_empty_field(shape: Object, value: Value) -> bool:
    """Whether a field of an instance begins as nothing: what its class puts there comes later."""
    return isinstance(shape.brand, Blueprint) and is_nothing(value)


def is_nothing(value: Value) -> bool:
    """Whether a value is `null` or `undefined`."""
    return bool(value.alternatives) and all(is_nullish(a.shape) for a in value.alternatives)


def class_value(
    m: Machine, blueprint: Blueprint, found: tree.ClassMember, this: Value, frame: Frame, state: State, span: Span
) -> Value:
    if isinstance(found.value, tree.Function) and found.kind in {"method", "get"}:
        function = of(Closure(found.value, blueprint.scope, this))
        return m.invoke(function, Arguments(), frame, state, span, this) if found.kind == "get" else function
    if found.value is None:
        return UNDEFINED_VALUE
    return m.evaluate(found.value, frame, blueprint.scope, state)


def static_member(m: Machine, shape: Blueprint, name: str, frame: Frame, state: State, span: Span) -> Value:
    """A static field or method."""
    found = class_member(m, shape, name, of(shape), frame, state, span, static=True)
    return found if found is not None else methods.method(shape, name) or PLAIN


def call_method(m: Machine, owner: Value, name: str, given: Arguments, frame: Frame, state: State, span: Span) -> Value:
    """Call a method of a value: each thing that the owner may be, on a path of its own."""
    kept = [a for a in owner.alternatives if not is_nullish(a.shape)]
    if not kept and is_surely_nullish(owner):
        frame.crash(span, state, is_call=False)
    if not kept:
        return unread(UNSEEN, given, CallingHere(m, frame, state, span), "a method of what was not seen", name)
    if len(kept) < len(owner.alternatives):
        crash_proof(Value(tuple(kept)), owner, frame, state, span)
    if len(kept) == 1:
        return under(method_of(m, kept[0].shape, name, given, frame, state, span), kept[0].under - state.facts)
    paths: list[tuple[Value, State]] = []
    for a in kept:
        path = state.fork()
        nothing = methods.of_no_items(a.shape, name, given)
        if nothing is not None:
            paths.append((under(nothing, a.under), path))
            continue
        if isinstance(a.shape, Array):
            # A list that a check has let something into is there only where that check was passed.
            frame.prove(a.under, span, path)
        else:
            path.facts = together(path.facts, a.under)
        try:
            paths.append((under(method_of(m, a.shape, name, given, frame, path, span), a.under), path))
        except PathEnded:
            continue
    result = outcome(paths, (span, "owner", frame.rounds))
    if result is None:
        raise PathEnded
    state.become(result[1])
    return result[0]


def method_of(m: Machine, shape: Shape, name: str, given: Arguments, frame: Frame, state: State, span: Span) -> Value:
    """Call a method of one thing."""
    known_text = folded(shape, name, given.values) if given.rest is None else None
    if known_text is not None:
        return known_text
    calling = CallingHere(m, frame, state, span)
    if sent.is_none_of(shape, name):
        frame.crash(span, state, is_call=True, is_certain=True)
    if not isinstance(shape, Unknown) and not is_foreign(shape):
        value = one(m, shape, name, frame, state, span)
        if value is PLAIN and is_of_the_language(shape):
            return methods.unlisted(of(shape), calling, given)
        return m.invoke(value, given, frame, state, span, of(shape))
    known = m.knowledge.invoked(of(shape), name, given, calling)
    if known is not None:
        return known
    if not isinstance(shape, Unknown):
        return m.invoke(one(m, shape, name, frame, state, span), given, frame, state, span, of(shape))
    found = methods.method(shape, name)
    if found is not None:
        return m.invoke(found, given, frame, state, span)
    answer = sent.answer(shape, name, given, calling)
    if answer is not None:
        return answer
    return unread(of(property_of(shape, name)), given, calling, "a method of an unknown value", name)


def is_of_the_language(shape: Shape) -> bool:
    """Whether the language itself made a thing: what its methods do is known, whether a row names them or not."""
    if isinstance(shape, Object):
        return isinstance(shape.brand, str) or shape.brand is None
    return isinstance(shape, Array | Constant | Promise | Native)


def is_foreign(shape: Shape) -> bool:
    """Whether an object is of a class that a library's knowledge knows: its methods are asked for there."""
    return isinstance(shape, Object) and not isinstance(shape.brand, str | Blueprint | None)


def read_facts(value: Value, member_name: str, span: Span) -> Value:
    """A flag of the caller's identity: its truth is a role. A record without a password is open."""
    if ACCESS_CODE_COLUMN.matches(member_name):
        return Value(tuple(Alternative(opened(a.shape, span), a.under) for a in value.alternatives))
    is_flag = RIGHT_FLAG.matches(member_name)
    return Value(
        tuple(
            Alternative(with_right(a.shape, member_name, span), a.under)
            if isinstance(a.shape, Unknown)
            and (is_flag or is_kept_by_right(a.shape, member_name))
            and operators.is_identity(a.shape.origins)
            else a
            for a in value.alternatives
        )
    )


def is_kept_by_right(shape: Unknown, name: str) -> bool:
    """Whether a value stands under a name in what holds the rights of somebody: `permissions.posts.delete`."""
    parts = [o.path[:-1] for o in shape.origins if isinstance(o, Session | Stored)]
    is_a_part = len(parts) == len(shape.origins) > 0 and name not in OF_A_LIST and not name.isdigit()
    return is_a_part and all(any(map(RIGHTS_MAP.matches, path)) for path in parts)


OF_A_LIST = frozenset({"length", "size"})
"""Properties that tell how much there is, and nothing of what it is."""


def opened(shape: Shape, span: Span) -> Shape:
    """What closes a record: where it is empty, the record is for everybody to read, though not to change."""
    if not isinstance(shape, Unknown):
        return shape
    records = {
        operators.record_of(o)
        for o in shape.origins
        if isinstance(o, Stored) and not operators.is_identity(frozenset({o}))
    }
    return replace(shape, when_false=shape.when_false | owns(records, span, Strength.POSSIBLE))


def with_right(shape: Unknown, name: str, span: Span) -> Unknown:
    """A property whose truth is a right of the caller's."""
    return replace(shape, when_true=shape.when_true | operators.right((name,), shape.origins, span))


def crash_proof(kept: Value, owner: Value, frame: Frame, state: State, span: Span) -> None:
    """Reading a property of a nullish value throws: what goes on knows that it was none."""
    answer = keeping(owner, list(kept.alternatives))
    if answer is not None:
        state.facts |= weakened(answer[1])
