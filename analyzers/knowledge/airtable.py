"""Airtable: bases, tables, and the records that a formula or an id chooses."""

from __future__ import annotations

from preship.analyzers.flow.collections import element_of
from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import (
    NULL_VALUE,
    PLAIN,
    UNDEFINED_VALUE,
    Array,
    Closure,
    Library,
    Object,
    Promise,
    Value,
    of,
    text_of,
    unite,
)
from preship.analyzers.knowledge.rows import Handler, fresh, is_absent, note_filter, option, record, records

BASE, TABLE, SELECTION = "airtable#base", "airtable#table", "airtable#selection"


def table(library: Library, given: Arguments, calling: Calling) -> Value:
    """`base('tasks')`, `base.table('tasks')`."""
    return of(Library(TABLE, (), (text_of(given.at(0)) or "a table",)))


def selected(library: Library, given: Arguments, calling: Calling) -> Value:
    """`table.select({ filterByFormula })`: nothing is asked for yet."""
    formula = option(given.at(0), "filterByFormula")
    return of(Library(SELECTION, (), (library.state[0], UNDEFINED_VALUE if is_absent(formula) else formula)))


def listed(library: Library, given: Arguments, calling: Calling) -> Value:
    """`selection.all()`, `.firstPage()`, `.eachPage(page, done)`."""
    model, formula = str(library.state[0]), library.state[1]
    assert isinstance(formula, Value)  # noqa: S101
    key = None if is_absent(formula) else of(Object((("filterByFormula", formula),)))
    calling.may_fail()
    note_filter(formula, model, f"airtable.{model}.select", calling)
    calling.emit(EffectKind.READ, model, f"airtable.{model}.select", key=key)
    found = records(model, key, calling, is_whole=True)
    if library.path[-1] == "eachPage":
        calling.aside(given.at(0), Arguments((found, PLAIN)))
        return of(Promise(PLAIN))
    return answered(found, given, calling)


def found(library: Library, given: Arguments, calling: Calling) -> Value:
    """`table.find(id)`: fails where there is none."""
    model = str(library.state[0])
    calling.may_fail()
    calling.emit(EffectKind.READ, model, f"airtable.{model}.find", key=given.at(0))
    return answered(record(model, given.at(0), calling), given, calling)


def created(library: Library, given: Arguments, calling: Calling) -> Value:
    """`table.create(fields)`, `table.create([{ fields }])`."""
    model = str(library.state[0])
    calling.may_fail()
    contents = written(given.at(0))
    calling.emit(EffectKind.INSERT, model, f"airtable.{model}.create", data=contents)
    return answered(as_given(given.at(0), fresh(model, contents)), given, calling)


def changed(kind: EffectKind) -> Handler:
    """`table.update(id, fields)`, `table.update([{ id, fields }])`, `table.destroy([id])`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        model, name = str(library.state[0]), library.path[-1]
        first = given.at(0)
        key, data = (chosen(first), written(first)) if is_list(first) else (first, given.at(1))
        calling.may_fail()
        what = data if kind is EffectKind.WRITE else None
        calling.emit(kind, model, f"airtable.{model}.{name}", key=key, data=what)
        answer = as_given(first, record(model, key, calling))
        return answered(answer, given, calling)

    return handle


def is_list(value: Value) -> bool:
    """Whether several records are given."""
    return any(isinstance(a.shape, Array) for a in value.alternatives)


def chosen(items: Value) -> Value:
    """The ids in a list of records, or of ids."""
    found = [
        option(Value((a,)), "id") if isinstance(a.shape, Object) else Value((a,))
        for a in element_of(items).alternatives
    ]
    return unite(*found)


def written(given: Value) -> Value:
    """The fields of a record, or of each of several."""
    if not is_list(given):
        return given
    item = element_of(given)
    fields = option(item, "fields")
    return item if is_absent(fields) else fields


def as_given(given: Value, one: Value) -> Value:
    """One record for one, a list for a list."""
    return of(Array(None, one)) if is_list(given) else one


def answered(answer: Value, given: Arguments, calling: Calling) -> Value:
    """What a call gives: a promise, or a call of the callback that stands last."""
    last = given.values[-1] if given.values else UNDEFINED_VALUE
    if any(isinstance(a.shape, Closure) for a in last.alternatives):
        calling.aside(last, Arguments((unite(NULL_VALUE, PLAIN), answer)))
        return UNDEFINED_VALUE
    return of(Promise(answer, rejection=PLAIN))
