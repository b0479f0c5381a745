"""Packages that only compute: what goes in comes out, in another shape, and nothing else happens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from preship.analyzers.flow import operators
from preship.analyzers.flow.collections import element_of
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.texts import harmless
from preship.analyzers.flow.values import (
    FALSE_VALUE,
    PLAIN,
    Array,
    Closure,
    Library,
    Native,
    Object,
    Promise,
    Unknown,
    Value,
    assuming,
    of,
    origins_of,
    unite,
)
from preship.analyzers.knowledge.forms import keys_of
from preship.analyzers.knowledge.rows import native, text
from preship.analyzers.knowledge.services import passed

COMPUTED = "pure#value"


def computed(library: Library, given: Arguments, calling: Calling) -> Value:
    """A thing with methods that only compute: a date, a decimal, a parsed document."""
    known = tuple(part for part in library.state if isinstance(part, Value))
    return of(Library(COMPUTED, (), (unite(*known, *given.all()) if known or given.all() else PLAIN,)))


def mapped(library: Library, given: Arguments, calling: Calling) -> Value:
    """A call that runs a function over a list: `map(list, f)`, and gives what it gave."""
    functions = [v for v in given.values if is_function(v)]
    lists = [v for v in given.values if not is_function(v)]
    if not functions or not lists:
        return passed(library, given, calling)
    result = calling.aside(functions[0], Arguments((element_of(lists[0]), PLAIN)))
    return of(Array(None, result if result.alternatives else PLAIN))


def kept(library: Library, given: Arguments, calling: Calling) -> Value:
    """A call that runs a function over a list and gives some of its items: `sortBy(list, f)`."""
    for function in given.values[1:]:
        if is_function(function):
            calling.aside(function, Arguments((element_of(given.at(0)), PLAIN)))
    return of(Array(None, element_of(given.at(0))))


def is_function(value: Value) -> bool:
    """Whether a value may be called."""
    return any(isinstance(a.shape, Closure | Native) for a in value.alternatives)


def picked(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pick(object, keys)` leaves only these."""
    return of(Object(tuple((name, calling.member(given.at(0), name)) for name in sorted(named(given)))))


def omitted(library: Library, given: Arguments, calling: Calling) -> Value:
    """`omit(object, keys)`, of an object whose keys are known."""
    names = named(given)
    shape = given.at(0).alternatives[0].shape if len(given.at(0).alternatives) == 1 else None
    if not isinstance(shape, Object):
        return given.at(0)
    return of(Object(tuple((key, value) for key, value in shape.fields if key not in names), shape.rest, shape.brand))


def named(given: Arguments) -> frozenset[str]:
    """The keys that a call names, in a list or one by one."""
    listed = Array(given.values[1:], PLAIN)
    return keys_of(given.at(1)) | keys_of(of(listed))


def equal(library: Library, given: Arguments, calling: Calling) -> Value:
    """`isEqual(a, b)`."""
    return operators.equal(given.at(0), given.at(1), calling.span)


def run_now(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pRetry(f)`, `limit(f, …arguments)`: runs the function, here and now."""
    return calling.call(given.at(0), given.without_first())


def limiter(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pLimit(n)` gives what runs functions."""
    return native("limit", lambda inner, more: inner.call(more.at(0), more.without_first()))


def over_list(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pMap(list, f)`."""
    result = calling.aside(given.at(1), Arguments((element_of(given.at(0)), PLAIN)))
    return of(Promise(of(Array(None, result if result.alternatives else PLAIN))))


def asserted(library: Library, given: Arguments, calling: Calling) -> Value:
    """`invariant(condition)` throws unless it holds."""
    answer = assuming(given.at(0), truthy=True)
    calling.may_fail()
    if answer is None:
        calling.end()
    else:
        calling.prove(answer[1])
    return PLAIN


def asserted_equal(library: Library, given: Arguments, calling: Calling) -> Value:
    """`assert.equal(a, b)`."""
    return asserted(library, Arguments((equal(library, given, calling),)), calling)


def translator(library: Library, given: Arguments, calling: Calling) -> Value:
    """`getTranslations()` gives a function from a key to a text."""
    return of(Promise(of(Library("pure#translator"))))


def field_at(library: Library, given: Arguments, calling: Calling) -> Value:
    """`get(object, 'path')`."""
    value = given.at(0)
    for name in sorted(keys_of(of(Array((given.at(1),), PLAIN)))):
        for step in name.split("."):
            value = calling.member(value, step)
    return unite(value, given.at(2))


def sanitized(library: Library, given: Arguments, calling: Calling) -> Value:
    """A text in which nothing runs any more."""
    return harmless(text(library, given, calling))


def told_by(library: Library, given: Arguments, calling: Calling) -> Value:
    """`date.format()`: a primitive that tells of the thing."""
    return of(Unknown(origins_of(of(library)), is_primitive=True))


def failed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`assert.fail()`."""
    return asserted(library, Arguments((FALSE_VALUE,)), calling)


def piped(library: Library, given: Arguments, calling: Calling) -> Value:
    """`pipe(value, f, g)`, or `pipe(f, g)`, which gives a function: what one makes goes into the next."""
    if not given.values:
        return text(library, given, calling)
    first, *steps = given.values
    return _through(steps, first, calling) if not _is_a_function(first) else _one_of(given.values)


def composed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`compose(g, f)`: a function that calls the last one first."""
    if not given.values:
        return text(library, given, calling)
    return _one_of(given.values[::-1])


def _one_of(steps: Sequence[Value]) -> Value:
    def run(calling: Calling, given: Arguments) -> Value:
        return _through(steps[1:], calling.call(steps[0], given), calling)

    return native("piped", run)


def _through(steps: Iterable[Value], value: Value, calling: Calling) -> Value:
    for step in steps:
        value = calling.call(step, Arguments((value,)))
    return value


def _is_a_function(value: Value) -> bool:
    return all(isinstance(a.shape, Closure | Native | Library) for a in value.alternatives)
