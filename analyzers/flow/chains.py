"""Chains of members and calls, in which one `?.` on a nullish value gives `undefined` for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from preship.analyzers.flow import operators
from preship.analyzers.flow.collections import common, element_of, spread_into
from preship.analyzers.flow.containers import found_under, is_container, with_entry, without_entry
from preship.analyzers.flow.facts import Among, Known
from preship.analyzers.flow.identity import is_the_callers_own
from preship.analyzers.flow.language import CHOSEN
from preship.analyzers.flow.library import Arguments, PathEnded
from preship.analyzers.flow.machine import Frame, Machine, choice_at
from preship.analyzers.flow.networks import note_check
from preship.analyzers.flow.origins import Input, Stored
from preship.analyzers.flow.patterns import assign_property, put_back
from preship.analyzers.flow.scope import Scope
from preship.analyzers.flow.state import State, join
from preship.analyzers.flow.values import (
    NEVER,
    UNDEFINED,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Constant,
    Library,
    Object,
    Shape,
    Unknown,
    Value,
    is_nullish,
    of,
    origins_of,
    text_of,
    under,
    unite,
    unknown,
)
from preship.analyzers.source import tree


def chain(m: Machine, node: tree.Expression, frame: Frame, scope: Scope, state: State) -> Value:
    """A chain of members and calls, in which one `?.` on a nullish value gives `undefined` for all."""
    value, short = link(m, node, frame, scope, state)
    return m.possible(unite(value, *short) if short else value, state)


def link(m: Machine, node: tree.Expression, frame: Frame, scope: Scope, state: State) -> tuple[Value, list[Value]]:
    """One link of a chain, and the alternatives that an earlier `?.` has cut short."""
    if isinstance(node, tree.Member | tree.Index):
        owner, short = link(m, node.object, frame, scope, state)
        owner, short = shortened(owner, short, is_optional=node.is_optional)
        try:
            return property_value(m, node, owner, frame, scope, state), short
        except PathEnded:
            if not short:
                raise
            return NEVER, short
    if isinstance(node, tree.Call):
        return call_link(m, node, frame, scope, state)
    return m.evaluate(node, frame, scope, state), []


def shortened(owner: Value, short: list[Value], *, is_optional: bool) -> tuple[Value, list[Value]]:
    """`owner` without its nullish alternatives where the link is optional: those end the chain."""
    if not is_optional:
        return owner, short
    nullish = [a for a in owner.alternatives if is_nullish(a.shape)]
    others = tuple(a for a in owner.alternatives if not is_nullish(a.shape))
    cut = [Value((Alternative(Constant(UNDEFINED), a.under),)) for a in nullish]
    return Value(others), short + cut


def property_value(
    m: Machine, node: tree.Member | tree.Index, owner: Value, frame: Frame, scope: Scope, state: State
) -> Value:
    """`owner.name` or `owner[key]`."""
    if not owner.alternatives:
        return owner
    if isinstance(node, tree.Member):
        return m.member(owner, node.name, frame, state, node.span)
    key = m.evaluate(node.key, frame, scope, state)
    text = text_of(key)
    shape = key.alternatives[0].shape if len(key.alternatives) == 1 else None
    if text is None and isinstance(shape, Constant) and isinstance(shape.value, int):
        text = str(shape.value)
    if text is not None:
        return m.member(owner, text, frame, state, node.span)
    chosen = chosen_by_the_caller(m, owner, key, state)
    if chosen is not None:
        return chosen
    if is_one_of_several(key) and all(isinstance(a.shape, Unknown) for a in owner.alternatives):
        each = [(a.under, str(a.shape.value)) for a in key.alternatives if isinstance(a.shape, Constant)]
        return unite(*(under(m.member(owner, name, frame, state, node.span), held) for held, name in each))
    inner = unite(*(indexed(a, key, node.span) for a in owner.alternatives if not is_nullish(a.shape)))
    return add_origins(inner, key)


def is_one_of_several(key: Value) -> bool:
    """Whether a key is one of a few names that the code lists: `asked.some((each) => permissions[each])`."""
    return 1 < len(operators.texts_of(key)) <= MOST_NAMES


MOST_NAMES = 8
"""How many names are read one by one."""


def chosen_by_the_caller(m: Machine, owner: Value, key: Value, state: State) -> Value | None:
    """What a library gives under whichever name the caller sends: `process.env[name]`; None where it says nothing."""
    shape = owner.alternatives[0].shape if len(owner.alternatives) == 1 else None
    if not isinstance(shape, Library):
        return None
    sent = {o for o in origins_of(key) if isinstance(o, Input)}
    compared = {fact.subject for fact in state.facts if isinstance(fact, Known | Among)}
    return m.knowledge.member(shape, CHOSEN) if sent - compared else None


def indexed(a: Alternative, key: Value, span: tree.Span) -> Value:
    """Any property of an alternative; which one it is tells what the key was. A symbol may name any method."""
    shape = a.shape
    if isinstance(shape, Array) and not is_symbol(key):
        return under(unite(shape.element, UNDEFINED_VALUE), a.under)
    if isinstance(shape, Object) and not is_symbol(key):
        shape = operators.told_by_its_key(shape, key, span)
        return under(found_under(shape, key, is_callers_own=is_the_callers_own(key)), a.under)
    if isinstance(shape, Library):
        return of(replace(shape, path=(*shape.path, "[]")))
    return unknown(origins_of(of(shape)))


def is_symbol(key: Value) -> bool:
    """Whether a key is one of the language's own: `Symbol.iterator`."""
    return all(isinstance(a.shape, Library) and a.shape.path[:1] == ("Symbol",) for a in key.alternatives)


def add_origins(value: Value, key: Value) -> Value:
    """A property chosen by a key carries the key's origins where it is data."""
    more = origins_of(key)
    if not more:
        return value
    return Value(
        tuple(
            Alternative(replace(a.shape, origins=a.shape.origins | more), a.under)
            if isinstance(a.shape, Unknown)
            else a
            for a in value.alternatives
        )
    )


def call_link(m: Machine, node: tree.Call, frame: Frame, scope: Scope, state: State) -> tuple[Value, list[Value]]:
    """A call as a link of a chain."""
    callee = node.callee
    if isinstance(callee, tree.Super):
        return m.super_call(arguments(m, node.arguments, frame, scope, state), frame, scope, state, node.span), []
    if isinstance(callee, tree.Member | tree.Index):
        return method_link(m, node, callee, frame, scope, state)
    function_value, short = link(m, callee, frame, scope, state)
    function_value, short = shortened(function_value, short, is_optional=node.is_optional)
    if not function_value.alternatives:
        return function_value, short

    def call(path: State) -> Value:
        given = arguments(m, node.arguments, frame, scope, path)
        note_check(given.all(), frame, path, node.span)
        return m.invoke(function_value, given, frame, path, node.span)

    return (perhaps(call, function_value, short, node, frame, state) if short else call(state)), short


def method_link(
    m: Machine, node: tree.Call, callee: tree.Member | tree.Index, frame: Frame, scope: Scope, state: State
) -> tuple[Value, list[Value]]:
    """`owner.name(…)` as a link of a chain."""
    owner, short = link(m, callee.object, frame, scope, state)
    owner, short = shortened(owner, short, is_optional=callee.is_optional)
    if not owner.alternatives:
        return owner, short
    if node.is_optional:
        owner, cut = with_member(m, callee, owner, frame, scope, state)
        short = short + cut
        if not owner.alternatives:
            return owner, short

    def call(path: State) -> Value:
        return method_call(m, node, callee, owner, frame, scope, path)

    return (perhaps(call, owner, short, node, frame, state) if short else call(state)), short


def with_member(
    m: Machine, callee: tree.Member | tree.Index, owner: Value, frame: Frame, scope: Scope, state: State
) -> tuple[Value, list[Value]]:
    """What the owner of `owner.name?.(…)` may be where there is such a member, and `undefined` for where there is none.

    Looking is no use of it: an owner that may be nullish is left for the call itself to refuse.
    """
    kept: list[Alternative] = []
    cut: list[Value] = []
    for a in owner.alternatives:
        if is_nullish(a.shape):
            kept.append(a)
            continue
        found = property_value(m, callee, Value((a,)), frame, scope, state)
        there, missing = shortened(found, [], is_optional=True)
        cut += missing
        if there.alternatives:
            kept.append(Alternative(a.shape, a.under | common(there)))
    return Value(tuple(kept)), cut


def perhaps(
    call: Callable[[State], Value], called: Value, short: list[Value], node: tree.Node, frame: Frame, state: State
) -> Value:
    """A call that `?.` may leave out: what it proves does not hold behind it, nor does the path end where it ends."""
    path = state.fork()
    path.facts |= common(called)
    try:
        value = call(path)
    except PathEnded:
        state.facts |= common(unite(*short))
        return NEVER
    merged = join(path, state, choice_at(node, frame))
    assert merged is not None  # noqa: S101
    value = under(value, path.facts - merged.facts)
    state.become(merged)
    return value


def method_call(
    m: Machine,
    node: tree.Call,
    callee: tree.Member | tree.Index,
    owner: Value,
    frame: Frame,
    scope: Scope,
    state: State,
) -> Value:
    """`owner.name(…)` of an owner that is known."""
    if isinstance(callee, tree.Index):
        found = property_value(m, callee, owner, frame, scope, state)
        return m.invoke(found, arguments(m, node.arguments, frame, scope, state), frame, state, node.span, owner)
    given = arguments(m, node.arguments, frame, scope, state)
    note_check((owner, *given.all()), frame, state, node.span)
    result = m.call_method(owner, callee.name, given, frame, state, node.span)
    write_back(m, callee, owner, given, frame, scope, state)
    if callee.name == "assign" and holds_the_built_in(callee.object, "Object", scope):
        fill(m, node.arguments, given, frame, scope, state)
    keep_built(m, callee, owner, made_of_owner(m, callee.name, owner, given, result), frame, scope, state)
    return result


def holds_the_built_in(holder: tree.Expression, name: str, scope: Scope) -> bool:
    """Whether an expression is the built-in thing of a name, and no variable of the program."""
    return isinstance(holder, tree.Name) and holder.name == name and scope.find(name) is None


def fill(
    m: Machine,
    written: Sequence[tree.Expression | tree.Spread],
    given: Arguments,
    frame: Frame,
    scope: Scope,
    state: State,
) -> None:
    """`Object.assign(target, source)`: what holds the target holds it with the fields of the sources."""
    if not written or isinstance(written[0], tree.Spread) or not given.values:
        return
    changed = [Alternative(filled_by(a.shape, given.all()[1:]), a.under) for a in given.values[0].alternatives]
    put_back(m, written[0], Value(tuple(changed)), frame, scope, state)


def filled_by(shape: Shape, sources: Sequence[Value]) -> Shape:
    """An object with the fields of others over its own."""
    filled = Object((), of(shape)) if isinstance(shape, Unknown) else shape
    if not isinstance(filled, Object) or is_container(filled):
        return shape
    for source in sources:
        filled = spread_into(filled, source)
    return filled


ADDERS = frozenset({"push", "unshift", "set", "add", "append"})
"""Methods that put their arguments into their owner."""

CHANGERS = ADDERS | {"delete", "clear"}
"""Methods that change what their owner holds."""


def write_back(
    m: Machine, callee: tree.Member, owner: Value, given: Arguments, frame: Frame, scope: Scope, state: State
) -> None:
    """A method that changes its list or object changes what holds it."""
    if callee.name not in CHANGERS or len(owner.alternatives) != 1:
        return
    a = owner.alternatives[0]
    if isinstance(a.shape, Object) and is_container(a.shape):
        changed: Shape = changed_container(a.shape, callee.name, given, is_repeated=frame.is_repeated)
    elif callee.name in ADDERS and given.values:
        changed = with_added(a.shape, given, is_repeated=frame.is_repeated)
    else:
        return
    if changed is not a.shape:
        put_back(m, callee.object, Value((Alternative(changed, a.under),)), frame, scope, state)


def made_of_owner(m: Machine, name: str, owner: Value, given: Arguments, result: Value) -> Value:
    """What a call makes of the thing that its chain starts from: what it gave, unless the library knows better."""
    shape = owner.alternatives[0].shape if len(owner.alternatives) == 1 else None
    if not isinstance(shape, Library):
        return result
    changed = m.knowledge.becomes(replace(shape, path=(*shape.path, name)), given)
    return of(changed) if changed is not None else result


def keep_built(
    m: Machine, callee: tree.Member, owner: Value, made: Value, frame: Frame, scope: Scope, state: State
) -> None:
    """A library's builder that changes itself: what holds it holds what the call made of it, `client.setKey(key)`.

    What a chain starts from need not be one: `db.update(posts).set(…)` begins a builder, and leaves `db` what it was.
    """
    if len(owner.alternatives) != 1 or len(made.alternatives) != 1 or made == owner:
        return
    before, after = owner.alternatives[0].shape, made.alternatives[0].shape
    if not isinstance(before, Library) or not isinstance(after, Library) or before.root != after.root:
        return
    if m.knowledge.changes_in_place(before):
        for holder in holders_of(callee.object):
            if holds_one_of(m, holder, before.root, frame, scope, state):
                declare_here(holder, scope)
                if isinstance(holder, tree.Member):
                    assign_property(m, holder, made, frame, scope, state)
                else:
                    put_back(m, holder, made, frame, scope, state)
                return


def declare_here(holder: tree.Expression, scope: Scope) -> None:
    """Give a name of the module a place in the function that changes what it holds.

    Who else reads it finds it as the module made it: another call may have been first, or not.
    """
    if not isinstance(holder, tree.Name) or scope.find(holder.name) is not None:
        return
    while scope.parent is not None and scope.parent.parent is not None:
        scope = scope.parent
    if scope.parent is not None:
        scope.declare(holder.name, is_shared=True)


def holders_of(chain: tree.Expression) -> Iterator[tree.Expression]:
    """What may hold the thing that a chain works on, from its start on: `this`, `this.client` of `this.client.a`."""
    if isinstance(chain, tree.Call) and isinstance(chain.callee, tree.Member):
        yield from holders_of(chain.callee.object)
    elif isinstance(chain, tree.Member):
        yield from holders_of(chain.object)
        yield chain
    else:
        yield chain


def holds_one_of(m: Machine, holder: tree.Expression, root: str, frame: Frame, scope: Scope, state: State) -> bool:
    """Whether a name, or a property of one, holds things of one kind of a library."""
    if not isinstance(holder, tree.Name | tree.This | tree.Member):
        return False
    held = m.evaluate(holder, frame, scope, state).alternatives
    return bool(held) and all(isinstance(a.shape, Library) and a.shape.root == root for a in held)


def changed_container(shape: Object, name: str, given: Arguments, *, is_repeated: bool) -> Object:
    """A map, a form, headers or search parameters, behind a method that changes them."""
    if name in {"set", "append"} and len(given.values) > 1:
        return with_entry(shape, given.at(0), given.at(1), is_added=name == "append" or is_repeated)
    if name == "delete" and given.values:
        return without_entry(shape, given.at(0))
    return without_entry(shape, None) if name == "clear" else shape


def with_added(shape: Shape, given: Arguments, *, is_repeated: bool) -> Shape:
    """A list with the arguments of an adding method in it."""
    if isinstance(shape, Array):
        added = unite(*given.all())
        known = (*shape.items, *given.values) if shape.items is not None and not given.rest else None
        return Array(None if is_repeated else known, unite(shape.element, added) if shape.items != () else added)
    if isinstance(shape, Unknown) and any(isinstance(o, Stored) for o in shape.origins):
        return replace(shape, origins=shape.origins | frozenset(o for v in given.all() for o in origins_of(v)))
    return shape


def arguments(
    m: Machine, nodes: tuple[tree.Expression | tree.Spread, ...], frame: Frame, scope: Scope, state: State
) -> Arguments:
    """The arguments of a call, evaluated in order."""
    values: list[Value] = []
    rest: Value | None = None
    behind: list[Value] = []
    for node in nodes:
        if isinstance(node, tree.Spread):
            spread = m.evaluate(node.value, frame, scope, state)
            shape = spread.alternatives[0].shape if len(spread.alternatives) == 1 else None
            if isinstance(shape, Array) and shape.items is not None:
                values += shape.items
            else:
                rest = unite(rest, element_of(spread)) if rest else element_of(spread)
        else:
            (values if rest is None else behind).append(m.evaluate(node, frame, scope, state))
    return Arguments(tuple(values), rest, tuple(behind))
