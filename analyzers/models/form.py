"""What a model file may say: which packages it is about, and what happens at a call of each of their functions.

The files beside this one are written in it, and so is `models:` in a repository's configuration. It is data alone:
`handlers` says what each kind of row does, after the example of CodeQL's models as data.
https://codeql.github.com/docs/codeql-language-guides/customizing-library-models-for-javascript/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, ClassVar, TypeAlias

from preship.analyzers.flow.effects import Client, Trait
from preship.analyzers.knowledge.own import Passed
from preship.analyzers.knowledge.schemas import BUILDERS, CHANGES

CHECKED: dict[str, Any] = {
    "extra": "forbid",
    "alias_generator": lambda name: name.replace("_", "-"),
    "use_attribute_docstrings": True,
    "hide_input_in_errors": True,
}
"""How pydantic reads these classes: every key is known, and words in keys are parted by `-`."""

Spoken: TypeAlias = str | dict[str, Any]
"""A value, as text, or an object of values: see `Row.gives`."""


class Act(StrEnum):
    """What a call does to the world."""

    READ = "read"
    INSERT = "insert"
    WRITE = "write"
    DELETE = "delete"
    SQL = "sql"
    SEND = "send"
    """Sends a mail, a message, a job."""

    PAY = "pay"
    FETCH = "fetch"
    """Asks another service for something that it neither stores nor changes."""

    FILE = "file"
    RUN = "run"
    """Runs a command, or code that its argument names."""

    COOKIE = "cookie"
    REDIRECT = "redirect"
    LOG = "log"
    IDENTIFY = "identify"
    """Begins a session or proves a credential."""

    SIGN = "sign"
    """Signs something with a key of the server's."""

    HUMAN = "human"
    """Asks whether a person is calling, and not who."""

    LEAVE = "leave"
    """Ends the caller's session."""


class Does(StrEnum):
    """What a call does that needs no more than a word."""

    TEXT = "text"
    """Makes a text of its arguments."""

    SEALS = "seals"
    """Makes a text of its arguments in which no secret can be read any more: a hash, a signature, a cipher."""

    COMPUTES = "computes"
    """Gives what tells of the arguments, and has no effect; functions among its options may run."""

    SAME = "same"
    """Gives the thing back whose method it is, unchanged."""

    CHAINED = "chained"
    """Gives the thing back that its chain of names starts from, unchanged."""

    PART = "part"
    """Gives a part of a client, with the same methods: `twilio.verify.v2.services(id)`."""

    SETS_UP = "sets-up"
    """A part of a library's set-up: the callbacks in it run in the library's own endpoints, and not here."""

    LEAVES = "leaves"
    """Ends the caller's session."""

    RENEWS = "renews"
    """Renews or changes the caller's session."""

    STEPS = "steps"
    """A step of a query's builder that says nothing of which rows: an order, a limit."""

    MAPS = "maps"
    """Runs a function over a list, and gives what that gave: `map(list, f)`."""

    FILTERS = "filters"
    """Runs a function over a list, and gives some of its items: `sortBy(list, f)`."""

    TELLS = "tells"
    """Gives a text or number that tells of the thing whose method it is: `date.format()`."""

    FETCHES = "fetches"
    """Sends a request to the address that its first argument names, and promises the response; `data` is its body."""

    CONFIGURES = "configures"
    """Gives the same thing with more options, which hold for all its calls: `axios.create(options)`."""

    LOGS = "logs"
    """Writes a line of a log, or counts: it watches, and changes nothing that matters to others."""

    RUNS = "runs"
    """Runs the last function that it is given, here and now, and gives what that gives: `startSpan(name, f)`."""

    ENDS = "ends"
    """Never returns: throws or redirects."""


class Finds(StrEnum):
    """What a query answers."""

    MANY = "many"
    """Rows."""

    FIRST = "first"
    """One row, or null."""

    ONE = "one"
    """One row; it fails where there is none."""

    COUNT = "count"
    """A number."""

    NOTHING = "nothing"
    """How many rows it changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one call does and gives. One key says what kind of call it is; the others are its options."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    session: str | None = None
    """Promises the caller's session, or null. The value is what the provider is called."""

    guard: str | None = None
    """Fails or redirects without a session, once it is awaited. The value is what the provider is called."""

    asks: str | None = None
    """Promises whether there is a session. The value is what the provider is called."""

    profile: str | None = None
    """Promises an object for everybody, whose `fields` are there for whom is signed in."""

    verifies: str | None = None
    """Fails unless this is right, and so proves who is calling: `the signature of the queue`."""

    begins: str | None = None
    """Begins a session, or sends a credential to whom it belongs. The value is what: `the caller's session`."""

    effect: Act | None = None
    """A call with an effect on `target`."""

    request: Act | None = None
    """A call of a service over the network, with an effect on `target`. With the caller's own credentials among its
    options, or those of its client, it is the service that decides what they may do."""

    query: Act | None = None
    """A call of a store: it runs the query that its builder has collected, with what its own arguments say."""

    wrapper: str | None = None
    """Takes a function, and gives one that calls it for callers with a session alone. The value is what the provider is
    called."""

    schema: str | None = None
    """Makes a schema of its arguments: `object`, `list`, `union`, `maybe`, `anything`, `primitive` by its own name."""

    refines: str | None = None
    """A method of a schema that gives it, changed: `maybe`, `merge`, `list`, `pick`, `refine`, `transform`, `same`."""

    parses: int | None = None
    """Fails unless this argument, from 0, is as the schema says, and gives what the schema makes of it."""

    judges: int | None = None
    """Says whether this argument, from 0, is as the schema says."""

    managed: str | None = None
    """A management interface, whose methods say in their first word what they do: `users.deleteUser(id)`. The value is
    what the records are called; `path`: what stands before the method."""

    platform: str | None = None
    """A call of this platform, which does what the first word of its name says; ids choose, the rest is sent."""

    resource: str | None = None
    """A resource of this service: its verb says what is done (`kind`, where it only looks: a read), its first argument
    to what."""

    makes: str | None = None
    """Makes a thing, `mail#client`, whose methods are those of the entry with this name under `things`."""

    gives: Spoken | None = None
    """Gives this: `unknown`, `undefined`, `nothing` (null), `true`, `false`, `list` (of anything), a thing
    (`mail#client`), or an object by its fields."""

    promises: Spoken | None = None
    """Promises this, likewise."""

    argument: int | None = None
    """Gives this argument back, from 0: a memoising wrapper, a type assertion."""

    does: Does | None = None
    python: str | None = None
    """A function of ours, `module.name`, where data do not say enough. Not in a configuration."""

    # --- options

    target: str | None = None
    """What is read, changed or sent: `an email`; left out, the name of the call."""

    key: str | int | None = None
    """What chooses: an argument, `0`; a field of it, `0.to`; that, if the argument surely is an object, `0.id?`; the
    first of several that a call has: `0.ids? | 0`; of a query, a column that one argument names and another equals,
    `0 = 1`."""

    data: str | int | None = None
    """What is written or sent, likewise."""

    returns: Spoken | None = None
    """What an effect promises, as in `gives`."""

    client: Client | None = None
    """As whom the service or store is spoken to, where that is known: `caller`, whose rights it then asks for itself,
    or `server`."""

    traits: tuple[Trait, ...] = ()
    """What else is known of an effect: `fails mute`, `sends anywhere`, `sums up`, `takes a file` (it deletes, hands out
    or opens one that is there)."""

    table: str | int | None = None
    """Of a query: the table; `path`: what stands before the method, `db.posts.delete`; or the argument that names it,
    `0`. With `makes`, or `does: same`, it is kept for the query that is run later, as `key` and `data` are."""

    finds: Finds | None = None
    """What a query answers; left out: rows where it reads, one row where it inserts, else how many were changed."""

    kind: Act | None = None
    """What a call of a platform or resource does, whatever it is called; what a query is that is run later."""

    role: str | None = None
    """Of a guard, wrapper or question: the role or permission that is proven as well."""

    owns: int | None = None
    """Of a guard or question: the argument, from 0, that names what is proven to be the caller's own."""

    callback: int = 0
    """Of a wrapper: the argument that is wrapped, from 0."""

    passes: tuple[Passed, ...] = (Passed.ARGUMENTS,)
    """Of a wrapper: what the function is called with: `session`, the caller; `arguments`, those of the wrapper."""

    now: bool = False
    """Whether the call gives its answer at once, and not a promise of it."""

    verified: bool = True
    """Whether a session is one that nobody can have made up."""

    fields: tuple[str, ...] = ()
    """Of a profile: its fields that are there with a session only."""

    flag: str = ""
    """Of a profile: its field that says whether there is a session."""

    absent: Spoken = "undefined"
    """Of a profile: what stands in its fields for anonymous callers."""

    awaited: bool = False
    """Whether its answer is promised: what is verified is proven only once the call is awaited."""

    by: int | None = None
    """Of what parses: the argument that is the schema; left out, it is a method of the schema."""

    safely: str | None = None
    """Of what parses: it does not fail, and gives `{ success, error }` with this field for what was made."""

    keeps: bool = False
    """Whether a thing keeps the arguments that it is made with: a client and its credentials."""

    named: bool = False
    """Whether a thing keeps the name that it is made by: `new GetObjectCommand(input)`."""

    given: dict[str, str] = field(default_factory=dict)
    """What the Python function is given, if it makes the handler rather than being it."""

    code: dict[str, str] = field(default_factory=dict)
    """The functions of ours that it is given, `module.name`."""


QUERY = ("table", "key", "data", "kind")
"""What a builder keeps of a query."""

KINDS: Mapping[str, frozenset[str]] = {
    "session": frozenset({"verified", "now"}),
    "guard": frozenset({"role", "owns", "now"}),
    "asks": frozenset({"role", "owns", "now"}),
    "profile": frozenset({"fields", "flag", "absent"}),
    "verifies": frozenset({"awaited"}),
    "begins": frozenset(),
    "effect": frozenset({"target", "key", "data", "returns", "client", "traits", "now"}),
    "request": frozenset({"target", "key", "data", "traits", "now"}),
    "query": frozenset({"table", "key", "data", "finds", "client", "now"}),
    "wrapper": frozenset({"role", "callback", "passes"}),
    "schema": frozenset(),
    "refines": frozenset(),
    "parses": frozenset({"by", "safely", "awaited"}),
    "judges": frozenset({"awaited"}),
    "managed": frozenset({"client"}),
    "platform": frozenset({"kind"}),
    "resource": frozenset({"kind"}),
    "makes": frozenset({"keeps", "awaited", "named", *QUERY}),
    "gives": frozenset(),
    "promises": frozenset(),
    "argument": frozenset(),
    "does": frozenset(QUERY),
    "python": frozenset({"given", "code", "awaited"}),
}
"""The kinds of rows, each with its options."""

Rows: TypeAlias = dict[str, Row]
"""Rows by the names that they are about: `send`, `tasks.trigger`, several with commas between; `itself`: the thing or
module is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Code that uses a package, and what is found in it."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    code: str
    """A file of Server Actions."""

    finds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By action: the rules that report it. What is not named is not reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of some packages, or of things that they make."""

    __pydantic_config__: ClassVar[dict[str, Any]] = CHECKED

    packages: tuple[str, ...] = ()
    """As they are imported: `next/headers`, `@acme/auth`; `next-auth/providers/*` for all paths beside each other."""

    things: tuple[str, ...] = ()
    """What calls of a package make: `mail#client`."""

    source: str = ""
    """The documentation that the rows come from (URL)."""

    clients: tuple[str, ...] | None = None
    """Exports of the first package, besides its default, that make a client when they are called or constructed. Then
    `methods` and `otherwise` are the client's, by the last name of the callee; `calls` are the package's own."""

    calls: Rows = field(default_factory=dict)
    """By the whole path of the callee; `default` for a default import."""

    methods: Rows = field(default_factory=dict)
    """By the last name of the callee, where no whole path is known."""

    new: Rows = field(default_factory=dict)
    """`new`, by the path of the class."""

    members: dict[str, Spoken] = field(default_factory=dict)
    """Properties, by their path."""

    otherwise: Row | None = None
    """Any other call."""

    when_awaited: Row | None = None
    """What awaiting the thing itself does: a `query` that was collected."""

    examples: tuple[Example, ...] = ()
    """Code with what is found in it; `preship models check` tries them."""

    otherwise_new: Row | None = None
    """`new` of any other class."""

    like: str | None = None
    """The package or thing whose methods it has as well; its own come first."""

    dialect: str | None = None
    """Of a library of schemas: the thing that its schemas are, `yup#schema`, with methods of their own."""

    changes_in_place: bool = False
    """Whether its builders change themselves and give themselves back, so that nobody need keep what a call gives."""

    reads: str | None = None
    """A function of ours that says what any other property is."""

    awaits: str | None = None
    """A function of ours that says what awaiting it does and gives."""

    template: str | None = None
    """A function of ours that says what it does as the tag of a template."""

    becomes: str | None = None
    """A function of ours that says what a call makes of the thing that its chain starts from."""

    @property
    def roots(self) -> tuple[str, ...]:
        """The names under which the entry is found."""
        client = (f"{self.packages[0]}#client",) if self.clients is not None and self.packages else ()
        return (*self.packages, *self.things, *client)


CODE_KEYS = frozenset({"python", "given", "code", "reads", "awaits", "template", "becomes"})
"""The keys that name functions of ours, which no configuration does."""

ITSELF = "itself"


def paths_of(names: str) -> list[tuple[str, ...]]:
    """The paths that the key of a row names."""
    return [() if name == ITSELF else tuple(name.split(".")) for name in re.split(r",\s*", names)]


def kind_of(row: Row) -> str:
    """The key that says what kind of row it is."""
    return next(kind for kind in KINDS if getattr(row, kind) is not None)


# --- what is wrong with a row --------------------------------------------------------------------------------------

CHOICE = re.compile(r"\d(\.[\w$-]+\??| = \d)?")
WORDS = frozenset({"unknown", "undefined", "nothing", "true", "false", "list"})

Place: TypeAlias = tuple[str | int, ...]
"""The keys that lead to a value of an entry."""


def mistakes_of(entry: Entry, *, with_code: bool = False) -> Iterator[tuple[Place, str]]:
    """What is wrong with an entry besides its shape, each with the place in it."""
    if not entry.packages and not entry.things:
        yield (), "an entry is about 'packages' or 'things'"
    for place, row in rows_of(entry):
        yield from (((*place, *inner), says) for inner, says in _wrong(row, with_code=with_code))
    for name in sorted(CODE_KEYS):
        if not with_code and getattr(entry, name.replace("-", "_"), None):
            yield (name,), f"{name!r} names code of Preship's, which a configuration does not"
    for name, value in entry.members.items():
        yield from ((("members", name), says) for says in _unsaid(value, with_code=with_code))


def rows_of(entry: Entry) -> Iterator[tuple[Place, Row]]:
    """The rows of an entry, each with its place."""
    for table in ("calls", "methods", "new"):
        yield from (((table, names), row) for names, row in getattr(entry, table).items())
    for name in ("otherwise", "otherwise_new", "when_awaited"):
        one = getattr(entry, name)
        if one is not None:
            yield (name.replace("_", "-"),), one


def _wrong(row: Row, *, with_code: bool) -> Iterator[tuple[Place, str]]:
    kinds = [kind for kind in KINDS if getattr(row, kind) is not None]
    if len(kinds) != 1:
        many = f"{' and '.join(map(repr, kinds))} do not go together" if kinds else "a row says what kind of call it is"
        yield (), f"{many}; write one of {', '.join(kind for kind in KINDS if kind != 'python' or with_code)}"
        return
    if row.python is not None and not with_code:
        yield ("python",), "'python' names code of Preship's, which a configuration does not"
        return
    given = [each.name for each in fields(row) if each.name not in KINDS and getattr(row, each.name) != _default(each)]
    for name in given:
        if name not in KINDS[kinds[0]]:
            can = ", ".join(sorted(KINDS[kinds[0]])) or "none"
            yield (name,), f"{name!r} is no option of {kinds[0]!r}; it has {can}"
        elif row.does not in {None, Does.SAME} and (row.does, name) != (Does.FETCHES, "data"):
            yield (name,), f"only 'does: same' keeps something for a query, and not 'does: {row.does}'"
    yield from _unknown_words(row, with_code=with_code)


def _unknown_words(row: Row, *, with_code: bool) -> Iterator[tuple[Place, str]]:
    for kind, words in (("schema", {*BUILDERS, "primitive"}), ("refines", CHANGES)):
        word = getattr(row, kind)
        if word is not None and word not in words:
            yield (kind,), f"{word!r} is none of {', '.join(sorted(words))}"
    for name in ("key", "data"):
        chosen = getattr(row, name)
        if chosen is not None and not all(CHOICE.fullmatch(each) for each in choices_of(chosen)):
            yield (
                (name,),
                (f"{name!r} is an argument from 0, or a field of one: '0', '1.to', '0.id?', or several: '0.ids? | 0'"),
            )
    for name in ("gives", "promises", "returns", "absent"):
        value = getattr(row, name)
        yield from (((name,), says) for says in _unsaid(value, with_code=with_code)) if value is not None else ()


def _default(each: Any) -> object:
    return each.default_factory() if callable(each.default_factory) else each.default


def _unsaid(value: Spoken, *, with_code: bool) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in () if with_code and "python" in value else value.values():
            yield from _unsaid(inner, with_code=with_code)
    elif not isinstance(value, str) or (value not in WORDS and "#" not in value):
        yield f"{value!r} is no value; write {', '.join(sorted(WORDS))}, a thing such as 'acme#client', or an object"


def choices_of(text: str | int) -> list[str]:
    """The parts of the arguments that `key` or `data` names, the first that is there first."""
    return [each.strip() for each in str(text).split("|")]
