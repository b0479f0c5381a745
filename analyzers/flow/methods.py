"""Methods that the language gives lists, strings, functions, promises and anything unknown."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from preship.analyzers.flow import operators
from preship.analyzers.flow.belonging import found_among
from preship.analyzers.flow.collections import (
    any_item,
    arguments_in,
    brings_code,
    common,
    element_of,
    fewer,
    steps_in,
    tells_something,
)
from preship.analyzers.flow.containers import BRANDS, MAPS, any_pair, contents, found_under, is_empty, keys_of
from preship.analyzers.flow.facts import NO_FACTS, Belongs, Facts, Owns, Strength, authenticated, owns
from preship.analyzers.flow.identity import is_the_callers_own, names_the_caller
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import (
    Caught,
    Input,
    Origin,
    Origins,
    Request,
    Session,
    Stored,
    Unfollowed,
    gathered,
    roots,
)
from preship.analyzers.flow.texts import harmless, is_all_ours, joined, same_text, with_text, without_dots
from preship.analyzers.flow.values import (
    FALSE_VALUE,
    PLAIN,
    TRUE_VALUE,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Closure,
    Constant,
    Native,
    Object,
    Promise,
    Shape,
    Truth,
    Unknown,
    Value,
    assuming,
    callbacks_in,
    choice,
    is_nullish,
    of,
    origins_of,
    primitive_of,
    property_of,
    text_of,
    truth_of,
    under,
    unite,
    unknown,
)
from preship.analyzers.source.tree import Span

Method = Callable[[Value, Calling, Arguments], Value]


class BoundMethod:
    """A method with its owner; equal to another of the same, so that summaries are found again."""

    __slots__ = ("method", "owner")

    def __init__(self, method: Method, owner: Value) -> None:
        self.method, self.owner = method, owner

    def __call__(self, calling: Calling, given: Arguments) -> Value:
        """Call the method."""
        return self.method(self.owner, calling, given)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BoundMethod) and self.method is other.method and self.owner == other.owner

    def __hash__(self) -> int:
        return hash((id(self.method), self.owner))


def method(shape: Shape, name: str) -> Value | None:
    """A method that the language gives a thing, or None."""
    table = METHODS.get(type(shape))
    if isinstance(shape, Object) and isinstance(shape.brand, str):
        table = BRANDED.get(shape.brand, table)
    found = table.get(name) if table else None
    return of(Native(name, None, BoundMethod(found, of(shape)))) if found else None


# --- lists ---------------------------------------------------------------------------------------------------------


def mapped(owner: Value, calling: Calling, given: Arguments) -> Value:
    if steps_in(owner):
        made = in_turn(owner, calling, given.at(0))
        return of(Array(made, unite(*made)))
    result = made_of_each(owner, calling, given)
    return of(Array(None, result if result.alternatives else PLAIN))


def flat_mapped(owner: Value, calling: Calling, given: Arguments) -> Value:
    return of(Array(None, spilled(made_of_each(owner, calling, given))))


def made_of_each(owner: Value, calling: Calling, given: Arguments) -> Value:
    """What a callback makes of any item: it is there only where the item is, as what a check has let into the list.

    A promise is waited for in any case: what it has proven holds of no items as well.
    """
    raw: list[Value] = []
    made = each(owner, calling, given, raw)
    is_promised = any(isinstance(a.shape, Promise) for value in raw for a in value.alternatives)
    return made if is_promised else under(made, common(element_of(owner)))


def flat(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`flat()`: the items of the lists in a list, and what is no list in it."""
    return of(Array(None, spilled(element_of(owner))))


def spilled(value: Value) -> Value:
    """The items of a value where it is a list, or may be one; itself where it surely is none."""
    found = (
        element_of(Value((a,))) if isinstance(a.shape, Array) or may_be_a_list(a.shape) else Value((a,))
        for a in value.alternatives
    )
    return unite(*found)


def may_be_a_list(shape: Shape) -> bool:
    """Whether nothing is known that speaks against a list."""
    return isinstance(shape, Unknown) and not shape.is_primitive


def of_no_items(shape: Shape, name: str, given: Arguments) -> Value | None:
    """What a method gives of an empty list, `(posts ?? []).map(…)`: a callback is not called, nothing is in it."""
    if not isinstance(shape, Array) or shape.items != ():
        return None
    if name == "reduce":
        return given.at(1) if len(given.values) > 1 else None
    return OF_NO_ITEMS[name] or of(shape) if name in OF_NO_ITEMS else None


OF_NO_ITEMS: dict[str, Value | None] = {
    **dict.fromkeys(("map", "flatMap", "filter", "sort", "toSorted")),
    **dict.fromkeys(("forEach", "find", "findLast"), UNDEFINED_VALUE),
    **dict.fromkeys(("findIndex", "findLastIndex"), of(Constant(-1))),
    **dict.fromkeys(("some", "includes", "has"), FALSE_VALUE),
    "every": TRUE_VALUE,
}
"""What methods give; None: a list as empty."""


def for_each(owner: Value, calling: Calling, given: Arguments) -> Value:
    if not in_turn(owner, calling, given.at(0)):
        each(owner, calling, given)
    return UNDEFINED_VALUE


def in_turn(owner: Value, calling: Calling, callback: Value) -> tuple[Value, ...]:
    """What a callback gives of each function in a list that is written out: all of them are called, in this order."""
    return tuple(
        calling.call_in_turn(number, callback, Arguments((item, PLAIN, owner)))
        for number, item in enumerate(steps_in(owner))
    )


def each(owner: Value, calling: Calling, given: Arguments, raw: list[Value] | None = None) -> Value:
    """The callback, called with any item: where there is one, what holds for each of them holds.

    What it gives before anybody waits for it goes to `raw`.
    """
    element, callback = element_of(owner), given.at(0)
    assumed = common(element) - calling.facts

    def with_item(inner: Calling, item: Arguments) -> Value:
        inner.prove(assumed)
        given_back = inner.call(callback, item)
        if raw is not None:
            raw.append(given_back)
        result = inner.settle(given_back)
        return of(Array((result,), result)) if result.alternatives else result

    told = origins_of(owner)
    # What unread code has made of the session may be no list, and its `map` may ask for one.
    is_unread = any(isinstance(o, Unfollowed) and o.package for o in told) and operators.is_identity(told)
    may_be_known = authenticated("the code that calls it", calling.span, Strength.POSSIBLE) if is_unread else NO_FACTS
    results = calling.aside(of(Native("item", None, with_item)), Arguments((element, PLAIN, owner)), may_be_known)
    # The list may be empty: what only the presence of an item tells is no result of the callback.
    return unite(*(under(element_of(of(a.shape)), a.under - assumed) for a in results.alternatives))


def answer_facts(answer: Value) -> Facts:
    """What the truth of a callback's answer proves."""
    assumed = assuming(answer, truthy=True) if answer.alternatives else None
    return assumed[1] if assumed else NO_FACTS


def denial_facts(answer: Value) -> Facts:
    """What it proves of every item that a callback answers none of them with yes."""
    denied = assuming(answer, truthy=False) if answer.alternatives else None
    return denied[1] if denied else NO_FACTS


def told_of_items(owner: Value, calling: Calling, callback: Value) -> list[bool] | None:
    """What a callback answers to each text of a list that is written out; None where that is not known."""
    shape = owner.alternatives[0].shape if len(owner.alternatives) == 1 else None
    items = shape.items if isinstance(shape, Array) else None
    if not items or len(items) > MOST_ITEMS or not all(is_written_out(item) for item in items):
        return None
    found: list[bool] = []
    for item in items:
        truths = {truth_of(a.shape) for a in calling.aside(callback, Arguments((item, PLAIN, owner))).alternatives}
        if len(truths) != 1 or Truth.MAYBE in truths:
            return None
        found.append(Truth.TRUTHY in truths)
    return found


def is_written_out(item: Value) -> bool:
    """Whether an item is a text or a pattern that stands in the code."""
    shape = item.alternatives[0].shape if len(item.alternatives) == 1 else None
    return isinstance(shape, Constant) or (isinstance(shape, Object) and shape.brand == "RegExp")


MOST_ITEMS = 40
"""Items of a list that are asked one by one."""


def filtered(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`filter(test)`: where nothing is left, the test fails for each item."""
    if answers := asked_in_turn(owner, calling, given.at(0)):
        passing = [under(item, answer_facts(answer)) for item, answer in zip(steps_in(owner), answers, strict=True)]
        return of(Array(None, fewer(unite(*passing)), NO_FACTS.union(*map(denial_facts, answers))))
    item, passed, denied = asked_of_each(owner, calling, given)
    return of(Array(None, fewer(under(item, passed)), denied))


def asked_in_turn(owner: Value, calling: Calling, callback: Value) -> list[Value]:
    """What a test answers to each item of a list that is written out, if these are checks; nothing for others."""
    steps = steps_in(owner)
    if len(steps) > MOST_IN_TURN or not any(brings_code(step) or tells_something(step) for step in steps):
        return []
    answers = [
        calling.aside(callback, Arguments((step, of(Constant(place)), owner))) for place, step in enumerate(steps)
    ]
    return answers if all(answer.alternatives for answer in answers) else []


def asked_of_each(owner: Value, calling: Calling, given: Arguments) -> tuple[Value, Facts, Facts]:
    """Any item that passes a test, what it proves that one does, and what it proves that none does.

    What the test finds by who is calling is a row of theirs, as one is that a query finds by them: it is asked again,
    as it may look at their role in the same row.
    """
    item, answer = element_of(owner), each(owner, calling, given)
    passed, denied = answer_facts(answer), denial_facts(answer)
    theirs = found_by_the_caller(item, passed, origins_of(answer))
    if theirs != item:
        passed |= answer_facts(each(of(Array(None, theirs)), calling, given))
    return theirs, passed, denied


def found_by_the_caller(item: Value, passed: Facts, asked: Origins) -> Value:
    """An item of a list where a test has compared who it names with the caller's own id."""
    callers = frozenset(o for o in roots(asked) if isinstance(o, Session) and o.is_verified)
    named = {f.subject for f in passed if isinstance(f, Owns) and f.is_personal and f.strength is Strength.PROVEN}
    if not callers or not named:
        return item

    def found(origin: Origin) -> Origin:
        if not isinstance(origin, Stored) or operators.record_of(origin) not in named:
            return origin
        return replace(origin, key=origin.key | callers)

    return with_origins(item, found)


def found(owner: Value, calling: Calling, given: Arguments) -> Value:
    told = told_of_items(owner, calling, given.at(0))
    shape = owner.alternatives[0].shape
    if told is not None and isinstance(shape, Array) and shape.items is not None:
        return next((item for item, is_it in zip(shape.items, told, strict=True) if is_it), UNDEFINED_VALUE)
    if (outcomes := found_in_turn(owner, calling, given.at(0))) is not None:
        each_item = [(item, facts) for _, item, facts in outcomes.items]
        return choice((calling.span, "find"), *each_item, *((UNDEFINED_VALUE, facts) for facts in outcomes.none))
    item, passed, denied = asked_of_each(owner, calling, given)
    return choice((calling.span, "find"), (truthy(item), passed), (UNDEFINED_VALUE, denied))


@dataclass(frozen=True, slots=True)
class FoundInTurn:
    """Which of the items of a list passes a test first."""

    items: tuple[tuple[int, Value, Facts], ...]
    """Those that may: place, item, and what it proves of others that this one passes."""

    none: tuple[Facts, ...]
    """What it proves that none does; nothing where one does in any case."""


def found_in_turn(owner: Value, calling: Calling, callback: Value) -> FoundInTurn | None:
    """The items of a list that is written out, asked in turn; None for others, and where no answer proves anything.

    `roles.find((role) => role.name === user.role)` tells the role of who is there.
    """
    shape = owner.alternatives[0].shape if len(owner.alternatives) == 1 else None
    items = shape.items if isinstance(shape, Array) else None
    if not items or len(items) > MOST_IN_TURN or not (all(map(is_data, items)) or any(map(brings_code, items))):
        return None
    passed: list[tuple[int, Value, Facts]] = []
    denied, is_always_found = NO_FACTS, False
    for place, item in enumerate(items):
        answer = calling.aside(callback, Arguments((item, of(Constant(place)), owner)))
        if not answer.alternatives:
            return None
        yes, no = assuming(answer, truthy=True), assuming(answer, truthy=False)
        if yes is not None:
            passed.append((place, item, yes[1]))
        if no is None:
            is_always_found = True
            break
        denied |= no[1]
    is_told = bool(denied) or any(facts for _, _, facts in passed)
    return FoundInTurn(tuple(passed), () if is_always_found else (denied,)) if is_told else None


def is_data(item: Value) -> bool:
    """Whether an item is a constant, or an object that is written out."""
    shape = item.alternatives[0].shape if len(item.alternatives) == 1 else None
    return isinstance(shape, Constant) or (isinstance(shape, Object) and shape.brand is None and shape.rest is None)


MOST_IN_TURN = 12
"""Items of a list that are asked in turn: application code has few roles, and each of them is another case."""


def truthy(value: Value) -> Value:
    """The value where it is there."""
    assumed = assuming(value, truthy=True)
    return assumed[0] if assumed else value


def every(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`every(test)`: what the test proves holds for the items that pass it."""
    told = told_of_items(owner, calling, given.at(0))
    if told is not None:
        return of(Constant(all(told)))
    if answers := asked_in_turn(owner, calling, given.at(0)):
        proven = NO_FACTS.union(*map(answer_facts, answers))
        refuted = frozenset.intersection(*map(denial_facts, answers))
        return of(Unknown(origins_of(unite(*answers)), Truth.MAYBE, proven, refuted, is_primitive=True))
    answer = each(owner, calling, given)
    found_origins = origins_of(owner) | origins_of(answer)
    return of(Unknown(found_origins, Truth.MAYBE, answer_facts(answer), is_primitive=True))


def index_of(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`findIndex(test)`: what the test proves holds for the item that passes it; -1 where none does."""
    told = told_of_items(owner, calling, given.at(0))
    if told is not None:
        return of(Constant(told.index(True))) if True in told else operators.MISSING
    if (outcomes := found_in_turn(owner, calling, given.at(0))) is not None:
        places = [(of(Constant(place)), facts) for place, _, facts in outcomes.items]
        return choice((calling.span, "place"), *places, *((operators.MISSING, facts) for facts in outcomes.none))
    answer = each(owner, calling, given)
    # Any place: whether it is the first, nobody knows.
    place = of(Unknown(origins_of(owner) | origins_of(answer), is_primitive=True))
    there, none = (place, answer_facts(answer)), (operators.MISSING, denial_facts(answer))
    return choice((calling.span, "place"), there, none)


def some_of(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`some(test)`: where it is false, the test fails for each item, and what that proves holds for all of them.

    Where it is true, one of the things that the caller sends passes it, and nothing follows for the others.
    """
    told = told_of_items(owner, calling, given.at(0))
    if told is not None:
        return of(Constant(any(told)))
    if answers := asked_in_turn(owner, calling, given.at(0)):
        proven = frozenset.intersection(*map(answer_facts, answers))
        refuted = NO_FACTS.union(*map(denial_facts, answers))
        return of(Unknown(origins_of(unite(*answers)), Truth.MAYBE, proven, refuted, is_primitive=True))
    item, passed, denied = asked_of_each(owner, calling, given)
    sent = {o for o in origins_of(element_of(owner)) if isinstance(o, Input | Request)}
    of_one = (f for f in passed if not (isinstance(f, Owns | Belongs) and is_part_of(f.subject, sent)))
    found_origins = origins_of(owner) | origins_of(item)
    return of(Unknown(found_origins, Truth.MAYBE, frozenset(of_one), denied, is_primitive=True))


def is_part_of(subject: Origin, sent: Collection[Origin]) -> bool:
    """Whether something is, or is a part of, one of several things that the caller sends."""
    if subject in sent:
        return True
    names = {(o.parameter, *o.path) for o in sent if isinstance(o, Input)}
    path = (subject.parameter, *subject.path) if isinstance(subject, Input) else ()
    return any(path[: len(name)] == name for name in names)


def included(owner: Value, calling: Calling, given: Arguments) -> Value:
    return operators.contains(owner, given.at(0), calling.span)


def placed(owner: Value, calling: Calling, given: Arguments) -> Value:
    return operators.place_of(owner, given.at(0), calling.span)


def ends(owner: Value, calling: Calling, given: Arguments) -> Value:
    return operators.ends(owner, given.at(0), calling.span)


def reduced(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`reduce(callback, start)`; from `true` on it is `every`, and holds of no items as well."""
    steps = steps_in(owner)
    if steps:
        return folded(steps, owner, calling, given)
    start = given.at(1) if len(given.values) > 1 else element_of(owner)
    result = calling.aside(given.at(0), Arguments((start, element_of(owner), PLAIN, owner)))
    return result if start == TRUE_VALUE and result.alternatives else unite(start, result)


def reduced_from_the_end(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`reduceRight(callback, start)`."""
    steps = steps_in(owner)
    return folded(steps[::-1], owner, calling, given) if steps else reduced(owner, calling, given)


def folded(steps: tuple[Value, ...], owner: Value, calling: Calling, given: Arguments) -> Value:
    """What a callback makes of each function in turn and of what it has made of those before."""
    result, *rest = (given.at(1), *steps) if len(given.values) > 1 else steps
    for number, step in enumerate(rest):
        result = calling.call_in_turn(number, given.at(0), Arguments((result, step, PLAIN, owner)))
    return result


def same(owner: Value, calling: Calling, given: Arguments) -> Value:
    for value in given.values:
        if any(isinstance(a.shape, Closure) for a in value.alternatives):
            calling.aside(value, Arguments((element_of(owner), element_of(owner))))
    return of(Array(None, element_of(owner)))


def concatenated(owner: Value, calling: Calling, given: Arguments) -> Value:
    return of(Array(None, unite(element_of(owner), *(element_of(v) for v in given.all()))))


def one_item(owner: Value, calling: Calling, given: Arguments) -> Value:
    shape = owner.alternatives[0].shape
    return any_item(shape) if isinstance(shape, Array) else unite(element_of(owner), UNDEFINED_VALUE)


def pairs(owner: Value, calling: Calling, given: Arguments) -> Value:
    element = element_of(owner)
    return of(Array(None, of(Array((PLAIN, element), unite(PLAIN, element)))))


def as_text(owner: Value, calling: Calling, given: Arguments) -> Value:
    return primitive_of(owner, *given.all())


def bytes_of(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`file.arrayBuffer()`: what a file or a body holds, which no store reads as anything but a value."""
    return of(Promise(primitive_of(owner)))


def counted(owner: Value, calling: Calling, given: Arguments) -> Value:
    return PLAIN


def itself(owner: Value, calling: Calling, given: Arguments) -> Value:
    return owner


def unlisted(owner: Value, calling: Calling, given: Arguments) -> Value:
    """A method that has no row here: it may call what it is given, and tells of its owner and its arguments."""
    item = element_of(owner) if isinstance(owner.alternatives[0].shape, Array) else PLAIN
    for value in given.all():
        if any(isinstance(a.shape, Closure) for a in value.alternatives):
            calling.aside(value, Arguments((item, item)))
    values = (owner, *given.all())
    return of(Unknown(gathered(o for value in values for o in origins_of(value)), callbacks=callbacks_in(values)))


LIST: dict[str, Method] = {
    "map": mapped,
    "flatMap": flat_mapped,
    "forEach": for_each,
    "filter": filtered,
    "find": found,
    "findLast": found,
    "findIndex": index_of,
    "some": some_of,
    "every": every,
    "includes": included,
    "indexOf": placed,
    "has": included,
    "reduce": reduced,
    "reduceRight": reduced_from_the_end,
    "slice": same,
    "sort": same,
    "toSorted": same,
    "reverse": same,
    "splice": same,
    "flat": flat,
    "values": same,
    "keys": same,
    "entries": pairs,
    "concat": concatenated,
    "at": one_item,
    "pop": one_item,
    "shift": one_item,
    "join": as_text,
    "toString": as_text,
    "push": counted,
    "unshift": counted,
    "add": counted,
}


# --- strings, and values of which nothing is known -----------------------------------------------------------------


def split(owner: Value, calling: Calling, given: Arguments) -> Value:
    piece = with_text(primitive_of(owner), same_text(owner))
    return of(Array(None, without_dots(piece) if text_of(given.at(0)) == "." else primitive_of(owner)))


GIVES_TEXT = (
    "trim trimStart trimEnd toLowerCase toUpperCase toLocaleLowerCase toLocaleUpperCase slice substring substr replace "
    "replaceAll padStart padEnd normalize repeat charAt at toString valueOf toFixed toISOString toLocaleString concat "
    "toLocaleDateString toLocaleTimeString toDateString toJSON getTime codePointAt charCodeAt getFullYear getMonth "
    "getDate match localeCompare"
).split()

CUT = ("trim", "trimStart", "trimEnd", "toLowerCase", "toUpperCase", "toString", "valueOf", "normalize", "concat")
"""Methods whose answer reads as their owner does."""


def cut(owner: Value, calling: Calling, given: Arguments) -> Value:
    text = joined((owner, *given.all()))
    inner, made = owner.alternatives[0].shape, text.alternatives[0].shape
    if not given.values and isinstance(inner, Unknown) and isinstance(made, Unknown):
        # What is empty as a text was empty before.
        return of(replace(made, when_false=inner.when_false))
    return text


def replaced(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`replace(pattern, …)`: where a pattern is given, it is taken to leave nothing that does harm."""
    result = as_text(owner, calling, given)
    is_pattern = any(isinstance(a.shape, Object) and a.shape.brand == "RegExp" for a in given.at(0).alternatives)
    stays_ours = is_all_ours(owner) and is_all_ours(given.at(1))
    return harmless(result) if is_pattern or stays_ours else result


PIECES = ("slice", "substring", "substr", "charAt", "toLocaleLowerCase", "toLocaleUpperCase")
"""Methods whose answer has no more of the caller's in it than their owner."""


def piece_of_either(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`slice` of what may be a text or a list."""
    is_text = all(isinstance(a.shape, Unknown) and a.shape.text is not None for a in owner.alternatives)
    return piece(owner, calling, given) if is_text else LIST["slice"](owner, calling, given)


def piece(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`slice(0, 100)`: what nobody has written into, nobody has after it was cut; and it begins as it did."""
    result = as_text(owner, calling, given)
    if is_all_ours(owner):
        return harmless(result)
    is_beginning = all(isinstance(a.shape, Constant) and a.shape.value == 0 for a in given.at(0).alternatives)
    return with_text(result, same_text(owner)) if given.values and is_beginning else result


def begins(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`startsWith(text)`, of an input or an exception: what it says is one of the program's own texts from there on."""
    sent = origins_of(owner)
    if origins_of(given.at(0)) or not any(isinstance(o, Input | Caught) for o in sent):
        return included(owner, calling, given)
    facts = operators.valid(sent, calling.span, is_whole=False)
    return of(Unknown(sent, Truth.MAYBE, facts, NO_FACTS, is_checked=True, is_primitive=True))


TEXT: dict[str, Method] = {
    **dict.fromkeys(GIVES_TEXT, as_text),
    **dict.fromkeys(PIECES, piece),
    **dict.fromkeys(("replace", "replaceAll"), replaced),
    **dict.fromkeys(CUT, cut),
    "split": split,
    "includes": included,
    "startsWith": begins,
    "endsWith": ends,
    "indexOf": placed,
}


def named_part(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`get('name')` of form data, maps and search parameters."""
    shape = owner.alternatives[0].shape
    if isinstance(shape, Unknown):
        name = text_of(given.at(0))
        found = property_of(shape, name) if name else replace(shape, truth=Truth.MAYBE)
        return of(replace(found, is_primitive=is_sent(shape) or found.is_primitive))
    if isinstance(shape, Object):
        elsewhere = kept_under(given.at(0), calling) if shape.brand in MAPS else None
        shape = told_by_its_key(shape, given.at(0), calling.span) if shape.brand in MAPS else shape
        inside = found_under(shape, given.at(0), is_callers_own=is_the_callers_own(given.at(0)), elsewhere=elsewhere)
        inside = looked_up_by(inside, roots(origins_of(given.at(0)))) if shape.brand in MAPS else inside
        return inside if shape.brand not in TEXTS_ONLY else as_texts(inside)
    return PLAIN


DEEPEST_ROW = 2
"""Objects inside what a map keeps in which parts of a row may stand: `{ permissions: row.permissions }`."""


def looked_up_by(kept: Value, key: Origins) -> Value:
    """What a map that was filled with rows keeps under a key: the row that the key finds."""
    return with_origins(kept, lambda o: replace(o, key=o.key | key) if isinstance(o, Stored) else o) if key else kept


def with_origins(value: Value, change: Callable[[Origin], Origin], depth: int = DEEPEST_ROW) -> Value:
    """A row, or an object of parts of one, where each origin is another; the same value where none is."""
    kept = tuple([each_of_row(a, change, depth) for a in value.alternatives])
    return value if all(new is old for new, old in zip(kept, value.alternatives, strict=True)) else Value(kept)


def each_of_row(a: Alternative, change: Callable[[Origin], Origin], depth: int) -> Alternative:
    """One thing that a row may be, where each origin is another."""
    shape: Shape = a.shape
    if isinstance(shape, Unknown):
        found = frozenset(map(change, shape.origins))
        return a if found == shape.origins else Alternative(replace(shape, origins=gathered(found)), a.under)
    if isinstance(shape, Object) and shape.brand is None and depth > 0:
        fields = tuple([(name, with_origins(value, change, depth - 1)) for name, value in shape.fields])
        is_same = all(new[1] is old[1] for new, old in zip(fields, shape.fields, strict=True))
        return a if is_same else Alternative(replace(shape, fields=fields), a.under)
    return a


def told_by_its_key(shape: Object, key: Value, span: Span) -> Object:
    """A map of which a part is chosen: which part it is, and that there is one, tells what the key was."""
    shape = operators.told_by_its_key(shape, key, span)
    among = found_among(origins_of(keys_of(shape)), origins_of(key), span)
    return replace(shape, rest=under(shape.rest, among)) if shape.rest is not None else shape


TEXTS_ONLY = frozenset({"Headers", "URLSearchParams"})
"""Containers that turn whatever is put into them into a text."""


def as_texts(value: Value) -> Value:
    """A value where it was turned into a text, or is not there."""
    return Value(
        tuple(
            Alternative(replace(a.shape, is_primitive=True), a.under) if isinstance(a.shape, Unknown) else a
            for a in value.alternatives
        )
    )


def is_sent(shape: Unknown) -> bool:
    """Whether a value is all the caller's: what is sent and has a `get` is form data or a query, which hold texts."""
    return bool(shape.origins) and all(isinstance(o, Input | Request) for o in shape.origins)


def kept_under(key: Value, calling: Calling) -> Value | None:
    """What other requests have put into a map of the program under a key that names the caller: it is theirs."""
    if not names_the_caller(key):
        return None
    found = roots(origins_of(key))
    named = (o for o in found if isinstance(o, Input | Request))
    return under(unknown({Stored("a map", found, is_whole=False)}), owns(named, calling.span, Strength.LIKELY))


def named_parts(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`getAll('name')`."""
    return of(Array(None, named_part(owner, calling, given)))


def chained(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`.then(f)` of an unknown value."""
    result = calling.aside(given.at(0), Arguments((owner,)))
    return unite(result, owner) if result.alternatives else owner


UNKNOWN: dict[str, Method] = {
    **{
        name: m
        for name, m in LIST.items()
        if name not in {"at", "add", "push", "set", "keys", "values", "has", "concat"}
    },
    **{name: m for name, m in TEXT.items() if name not in {"includes", "indexOf", "slice"}},
    "slice": piece_of_either,
    **dict.fromkeys(("arrayBuffer", "bytes"), bytes_of),
    "stream": as_text,
    "includes": included,
    "indexOf": placed,
    "get": named_part,
    "getAll": named_parts,
    "has": included,
    "entries": lambda owner, calling, given: owner,
    "toNumber": lambda owner, calling, given: owner,
    "then": chained,
    "catch": lambda owner, calling, given: owner,
    "finally": lambda owner, calling, given: owner,
}


def the_container(owner: Value) -> Object:
    shape = owner.alternatives[0].shape
    assert isinstance(shape, Object)  # noqa: S101
    return shape


def held(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`has(key)`: of a map that was filled from rows, each key is the name of one."""
    if the_container(owner).brand not in MAPS:
        return tested(owner, calling, given)
    if is_empty(the_container(owner)):
        return FALSE_VALUE
    keys = keys_of(the_container(owner))
    return included(of(Array(None, keys)) if origins_of(keys) else owner, calling, given)


def any_content(owner: Value, calling: Calling, given: Arguments) -> Value:
    return of(Array(None, contents(the_container(owner))))


def any_key(owner: Value, calling: Calling, given: Arguments) -> Value:
    return of(Array(None, keys_of(the_container(owner))))


def any_entry(owner: Value, calling: Calling, given: Arguments) -> Value:
    return of(Array(None, any_pair(the_container(owner))))


def for_each_entry(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`forEach((value, key) => …)`."""
    shape = the_container(owner)
    calling.aside(given.at(0), Arguments((contents(shape), keys_of(shape), owner)))
    return UNDEFINED_VALUE


# --- functions -----------------------------------------------------------------------------------------------------


def bind(owner: Value, calling: Calling, given: Arguments) -> Value:
    found_shapes = [
        of(replace(a.shape, this=given.at(0), bound=(*a.shape.bound, *given.values[1:])))
        for a in owner.alternatives
        if isinstance(a.shape, Closure)
    ]
    return unite(*found_shapes) if found_shapes else owner


def call(owner: Value, calling: Calling, given: Arguments) -> Value:
    return calling.call(owner, given.without_first(), given.at(0))


def apply(owner: Value, calling: Calling, given: Arguments) -> Value:
    return calling.call(owner, arguments_in(given.at(1)), given.at(0))


# --- promises ------------------------------------------------------------------------------------------------------


def then(owner: Value, calling: Calling, given: Arguments) -> Value:
    return calling.continued(owner, handler(given.at(0)), handler(given.at(1)))


def caught(owner: Value, calling: Calling, given: Arguments) -> Value:
    return calling.continued(owner, None, handler(given.at(0)))


def handler(value: Value) -> Value | None:
    """What is called when a promise is settled; `undefined` lets pass what comes."""
    return None if all(is_nullish(a.shape) for a in value.alternatives) else value


def finished(owner: Value, calling: Calling, given: Arguments) -> Value:
    calling.aside(given.at(0), Arguments())
    return owner


# --- regular expressions and forms ---------------------------------------------------------------------------------


def tested(owner: Value, calling: Calling, given: Arguments) -> Value:
    asked = origins_of(given.at(0))
    facts: Facts = operators.valid(asked, calling.span, is_whole=False)
    return of(Unknown(asked, Truth.MAYBE, facts, is_primitive=True))


def matched(owner: Value, calling: Calling, given: Arguments) -> Value:
    """`pattern.test(text)`: a yes or no, which tells no secret."""
    facts: Facts = operators.valid(origins_of(given.at(0)), calling.span, is_whole=False)
    told = operators.without_secrets(origins_of(given.at(0)))
    return of(Unknown(told, Truth.MAYBE, facts, is_primitive=True))


def of_a_text(method: Method) -> Method:
    """A method that only texts have: what was taken for a list (`input.slice(0, 9)`) is one."""
    return lambda owner, calling, given: method(element_of(owner), calling, given)


METHODS: dict[type, dict[str, Method]] = {
    Array: {**{name: of_a_text(m) for name, m in TEXT.items() if name not in LIST}, **LIST},
    Constant: TEXT,
    Closure: {"bind": bind, "call": call, "apply": apply},
    Native: {"bind": lambda owner, calling, given: owner, "call": call, "apply": apply},
    Promise: {"then": then, "catch": caught, "finally": finished},
    Object: {
        **dict.fromkeys(("hasOwnProperty", "propertyIsEnumerable", "isPrototypeOf"), tested),
        **dict.fromkeys(("toString", "toLocaleString"), as_text),
        "valueOf": itself,
    },
    Unknown: UNKNOWN,
}

OF_EVERY_OBJECT = frozenset(
    "constructor __proto__ __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__".split()
)
"""What an object has besides methods, although nobody has put it there.

https://tc39.es/ecma262/multipage/fundamental-objects.html#sec-properties-of-the-object-prototype-object
"""

CONTAINER: dict[str, Method] = {
    "get": named_part,
    "getAll": named_parts,
    "has": held,
    "values": any_content,
    "keys": any_key,
    "entries": any_entry,
    "forEach": for_each_entry,
    **dict.fromkeys(("set", "append", "delete", "clear"), counted),
}

BRANDED: dict[str, dict[str, Method]] = {
    "RegExp": {"test": matched, "exec": tested},
    **dict.fromkeys(BRANDS, CONTAINER),
}
