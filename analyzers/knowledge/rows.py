"""How a table of the knowledge is written: what a library's names give, do and prove.

A `LibraryModel` holds what is known of one library. Its rows say what happens at a call, by the path of names that led
to the callee; the words they are written in (`session`, `guard`, `effect`, …) stand here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from preship.analyzers.conventions.keys import OWN_KEY_COLUMN
from preship.analyzers.flow.belonging import within
from preship.analyzers.flow.collections import Filled
from preship.analyzers.flow.configuration import is_setting
from preship.analyzers.flow.effects import NO_TRAITS, Client, EffectKind, Trait
from preship.analyzers.flow.facts import (
    NO_FACTS,
    Case,
    Claimed,
    Facts,
    Strength,
    Total,
    authenticated,
    has_a_right_everywhere,
    owns,
)
from preship.analyzers.flow.identity import is_credential, is_guessable, names_the_caller
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.operators import is_identity
from preship.analyzers.flow.origins import SEALED, Input, Origin, Origins, Request, Session, Stored, roots
from preship.analyzers.flow.texts import written_by
from preship.analyzers.flow.values import (
    NULL_VALUE,
    PLAIN,
    UNDEFINED_VALUE,
    Alternative,
    Array,
    Library,
    Native,
    Object,
    Promise,
    Shape,
    Truth,
    Unknown,
    Value,
    choice,
    field_of,
    is_nullish,
    obj,
    of,
    origins_of,
    property_of,
    under,
    unite,
    unknown,
)
from preship.analyzers.knowledge.rights import rights

Handler = Callable[[Library, Arguments, Calling], Value]
"""What a call of something of a library does and gives."""

Chosen = Callable[[Arguments], Value | None]
"""Which part of the arguments chooses, or is sent."""

Template = Callable[[Library, Sequence[str], Sequence[Value], Calling], Value]
"""What a tagged template of a library does and gives."""


DEFAULT = ("default",)
"""The path of a default export."""


@dataclass(frozen=True, slots=True)
class LibraryModel:
    """What is known of one library, or of one kind of thing that it makes."""

    roots: frozenset[str]
    """The packages (`next/headers`, or all paths of one: `next-auth/providers/*`) or things (`prisma#client`)."""

    source: str
    """The documentation that the rows come from (URL)."""

    calls: Mapping[tuple[str, ...], Handler] = field(default_factory=dict)
    """By the whole path of the callee; `default` for a default import."""

    methods: Mapping[str, Handler] = field(default_factory=dict)
    """By the last name of the callee's path, where no whole path is known."""

    makers: Mapping[tuple[str, ...], Handler] = field(default_factory=dict)
    """`new`, by the path of the class."""

    maker: Handler | None = None
    """`new` of any other class."""

    members: Mapping[tuple[str, ...], Value] = field(default_factory=dict)
    """Properties that are more than a longer path."""

    otherwise: Handler | None = None
    """Any other call."""

    read: Callable[[Library, str], Value | None] | None = None
    """Any other property."""

    awaited: Callable[[Library, Calling], Value] | None = None
    template: Template | None = None
    changes_in_place: bool = False
    """Whether its builders change themselves and give themselves back, so that nobody need keep what a call gives."""

    becomes: Callable[[Library, Arguments], Library | None] | None = None
    """What a call makes of the thing that its chain starts from, where it gives something else; None: nothing."""

    def handler(self, path: tuple[str, ...]) -> Handler | None:
        """The row of a callee; a module called as a whole is what it exports by default, `require('stripe')(key)`."""
        found = self.calls.get(path)
        if found is None:
            found = self.methods.get(path[-1]) if path else self.calls.get(DEFAULT)
        return found or self.otherwise

    def makes(self, path: tuple[str, ...]) -> Handler | None:
        """The row of a class."""
        return self.makers.get(path) or (self.maker if path else self.makers.get(DEFAULT, self.maker))

    def joined(self, other: LibraryModel) -> LibraryModel:
        """Both tables as one: a package's rows may stand in the files of several families. The later one wins."""
        return LibraryModel(
            roots=self.roots | other.roots,
            source=other.source,
            calls={**self.calls, **other.calls},
            methods={**self.methods, **other.methods},
            makers={**self.makers, **other.makers},
            maker=other.maker or self.maker,
            members={**self.members, **other.members},
            otherwise=other.otherwise or self.otherwise,
            read=other.read or self.read,
            awaited=other.awaited or self.awaited,
            template=other.template or self.template,
            changes_in_place=other.changes_in_place or self.changes_in_place,
            becomes=other.becomes or self.becomes,
        )


# --- who is calling ------------------------------------------------------------------------------------------------


def identity(provider: str, *, is_verified: bool = True) -> Value:
    """The caller's session, where there is one."""
    return unknown({Session(provider, is_verified)}, Truth.TRUTHY)


def proof(provider: str, calling: Calling, *, is_verified: bool = True) -> Facts:
    """What the presence of a session proves."""
    return authenticated(provider, calling.span) if is_verified else frozenset({Claimed(provider, calling.span)})


def session_or_null(
    provider: str, calling: Calling, *, is_verified: bool = True, part: tuple[str, ...] = (), absent: Value = NULL_VALUE
) -> Value:
    """A session, or nothing; all parts of one provider's answer in one request are there together."""
    calling.emit(EffectKind.ASK, provider, provider)
    there = unknown({Session(provider, is_verified, part)}, Truth.TRUTHY)
    return choice(
        (provider, is_verified), (there, proof(provider, calling, is_verified=is_verified)), (absent, NO_FACTS)
    )


def session(provider: str, *, is_verified: bool = True) -> Handler:
    """A call that promises the session, or `null`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        calling.may_fail()
        return of(Promise(session_or_null(provider, calling, is_verified=is_verified)))

    return handle


def guard(provider: str) -> Handler:
    """An asynchronous call that fails, or redirects, without a session."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        return of(Promise(identity(provider), proof(provider, calling), PLAIN))

    return handle


# --- what happens --------------------------------------------------------------------------------------------------


def name_of(library: Library) -> str:
    """What a finding calls it: `prisma.post.delete`."""
    return ".".join((library.root.split("#", maxsplit=1)[0], *library.path))


def effect(
    kind: EffectKind,
    target: str = "",
    *,
    key: int | Chosen | None = None,
    data: int | Chosen | None = None,
    gives: Value = PLAIN,
    client: Client | None = None,
    traits: frozenset[Trait] = NO_TRAITS,
) -> Handler:
    """An asynchronous call with an effect; `key` and `data` are the arguments that choose and carry the data."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        calling.may_fail()
        calling.emit(
            kind,
            target or name_of(library),
            name_of(library),
            key=_part(given, key),
            data=_part(given, data),
            client=client or client_of(given),
            traits=traits,
        )
        return of(Promise(gives))

    return handle


def _part(given: Arguments, chosen: int | Chosen | None) -> Value | None:
    return given.at(chosen) if isinstance(chosen, int) else chosen(given) if chosen is not None else None


def together(given: Arguments) -> Value:
    """All arguments of a call that takes the parts of one thing one by one."""
    return of(Array(given.values, unite(*given.all()))) if given.all() else PLAIN


LEAVES = effect(EffectKind.LEAVE, "the caller's session")
"""A call that ends the caller's session."""

CHANGES_SESSION = effect(EffectKind.COOKIE, "the caller's session", data=0)
"""A call that renews or changes the caller's session."""


def client_of(given: Arguments) -> Client:
    """As whom a service is spoken to: as the caller, where their cookie or bearer is handed on."""
    forwarded = any(isinstance(o, Request) for v in given.all() for o in origins_of(v))
    return Client.CALLER if forwarded else Client.SERVER


def ends(kind: EffectKind | None = None) -> Handler:
    """A call that never returns."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        if kind is not None:
            calling.emit(kind, "", name_of(library), key=given.at(0))
        calling.end()
        return PLAIN

    return handle


def gives(value: Value) -> Handler:
    """A call that gives this."""
    return lambda library, given, calling: value


def set_up(library: Library, given: Arguments, calling: Calling) -> Value:
    """A part of a library's set-up: the callbacks in it run in the library's own endpoints, and not here."""
    return PLAIN


def promises(value: Value) -> Handler:
    """A call that promises this."""
    return lambda library, given, calling: of(Promise(value))


def argument(index: int) -> Handler:
    """A call that gives one of its arguments back: a memoising wrapper, a type assertion."""
    return lambda library, given, calling: given.at(index)


def made(root: str) -> Handler:
    """A call that makes a thing."""
    return lambda library, given, calling: of(Library(root))


def made_with_arguments(root: str) -> Handler:
    """A call that makes a thing of its arguments."""
    return lambda library, given, calling: of(Library(root, (), given.all()))


def same(library: Library, given: Arguments, calling: Calling) -> Value:
    """A method of a builder that changes nothing we look at."""
    return of(Library(library.root, library.path[:-1], library.state))


def chained(library: Library, given: Arguments, calling: Calling) -> Value:
    """A call that gives the thing back that its chain of names starts from, unchanged."""
    return of(replace(library, path=()))


def text(library: Library, given: Arguments, calling: Calling) -> Value:
    """A primitive made of the arguments."""
    return of(Unknown(frozenset(o for v in given.all() for o in origins_of(v)), is_primitive=True))


def sealed(library: Library, given: Arguments, calling: Calling) -> Value:
    """A primitive made of the arguments, in which no secret can be read any more: a hash, a signature, a cipher."""
    found = frozenset(o for v in given.all() for o in origins_of(v))
    settings = frozenset(o for o in found if is_setting(o))
    return of(Unknown(found - settings | {SEALED} if settings else found, Truth.TRUTHY, is_primitive=True))


def native(name: str, action: Callable[[Calling, Arguments], Value]) -> Value:
    """A function of ours, handed to the code under review."""
    return of(Native(name, None, action))


def option(options: Value, name: str) -> Value:
    """A field of an options object; `undefined` where it has none."""
    found: list[Value] = []
    for a in options.alternatives:
        if isinstance(a.shape, Object):
            found.append(under(field_of(a.shape, name) or UNDEFINED_VALUE, a.under))
        elif isinstance(a.shape, Unknown):
            found.append(Value((Alternative(property_of(a.shape, name), a.under),)))
        elif isinstance(a.shape, Library):
            found.append(of(Library(a.shape.root, (*a.shape.path, name), a.shape.state)))
    return unite(*found) if found else UNDEFINED_VALUE


def object_of(value: Value) -> Object:
    """An object that is surely one; an empty one otherwise."""
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    return shape if isinstance(shape, Object) else Object((), value)


def pair(first: Value, second: Value) -> Value:
    """A list of two."""
    return of(Array((first, second), unite(first, second)))


def is_absent(value: Value) -> bool:
    """Whether there surely is none."""
    return all(is_nullish(a.shape) for a in value.alternatives)


def attempted(
    calling: Calling, work: Callable[[Calling, Arguments], Value], rescue: Callable[[Calling, Arguments], Value]
) -> Value:
    """A promise of what `work` gives, or of what `rescue` makes of its failure: a library's own `try` and `catch`."""
    start = of(Promise(UNDEFINED_VALUE))
    return calling.continued(start, native("work", work), native("rescue", rescue))


def may_throw(calling: Calling, value: Value) -> None:
    """A path that starts here may throw this, while this one goes on."""

    def thrown(inner: Calling, given: Arguments) -> Value:
        inner.throw(value)
        return PLAIN

    calling.aside(native("throw", thrown), Arguments())


# --- conditions as text --------------------------------------------------------------------------------------------


def note_filter(text: Value, target: str, what: str, calling: Calling, client: Client = Client.SERVER) -> None:
    """Note that a store reads conditions from a text, where a caller has written a part of it."""
    if written_by(text):
        calling.emit(EffectKind.FILTER, target, what, data=text, client=client)


# --- records -------------------------------------------------------------------------------------------------------


def membership(model: str, key: Value | None, calling: Calling) -> Facts:
    """What the presence of a record proves that the caller's identity looked up: the rest of the key is theirs.

    So is their identity: `{ id, userId: session?.user.id ?? '' }` finds nothing where there is no session.
    """
    key = as_anybody(key)
    found = origins_of(key)
    if not names_the_caller(key):
        return within(key, calling.span)
    shown = found if any(is_all_the_caller(o) for o in found) else named_itself(key)
    named: set[Origin] = {o for o in roots(shown) if isinstance(o, Input | Request)}
    named |= {Stored(o.model, o.key) for o in found if isinstance(o, Stored) and not is_identity(frozenset({o}))}
    known = authenticated("a record found by the caller's identity", calling.span, Strength.LIKELY)
    return owns(named, calling.span) | known | rights(model, key, calling)


def is_all_the_caller(origin: Origin) -> bool:
    """Whether a value is the caller's identity or was found by it alone, and is not one of several things of theirs."""
    keys = origin.key if isinstance(origin, Stored) else frozenset({origin})
    return bool(keys) and all(isinstance(o, Session) and o.is_verified for o in keys)


def named_itself(key: Value | None) -> Origins:
    """By what a record is found as itself, where something of the caller's is the rest of its key.

    Their photo in an album proves nothing of the album: whose photo it is says who took it, and no more.
    """
    shapes = [a.shape for a in key.alternatives] if key is not None else []
    if not all(isinstance(shape, Object) for shape in shapes):
        return origins_of(key)
    own = [v for s in shapes if isinstance(s, Object) for name, v in s.fields if OWN_KEY_COLUMN.matches(name)]
    return frozenset(o for value in own for o in origins_of(value))


def record(model: str, key: Value | None, calling: Calling, *, is_whole: bool = True, is_exact: bool = True) -> Value:
    """One record, which is there; looked up by a session's token, it is the session."""
    origin: Origin = Stored(model, looked_up_by(model, key), is_whole, (), is_exact)
    facts = membership(model, key, calling)
    return under(unknown({origin}, Truth.TRUTHY), facts)


def fresh(model: str, contents: Value | None, *, is_whole: bool = True) -> Value:
    """A record that was just made: its presence proves nothing."""
    return unknown({Stored(model, roots(origins_of(contents)), is_whole, is_fresh=True)}, Truth.TRUTHY)


def upserted(model: str, key: Value | None, *, is_whole: bool = True) -> Value:
    """A record that was changed or made: as it may be new, its presence proves nothing."""
    return unknown({Stored(model, looked_up_by(model, key), is_whole)}, Truth.TRUTHY)


def maybe_record(
    model: str, key: Value | None, calling: Calling, *, is_whole: bool = True, absent: Value = NULL_VALUE
) -> Value:
    """One record, or nothing."""
    there = record(model, key, calling, is_whole=is_whole)
    return choice((calling.span, model), (there, session_by_cookie(model, key, calling)), (absent, NO_FACTS))


def looked_up_by(model: str, key: Value | None) -> Origins:
    """What a record was looked up by: one that a credential of the caller names is their session.

    What only those may choose who have a right everywhere is no choice of the others: an administrator who looks on as
    somebody else.
    """
    key = as_anybody(key)
    found = roots(origins_of(key))
    if found and all(is_credential(o) for o in found):
        return frozenset({Session(f"the {model} that the caller's cookie names", True)})
    # `input ?? session.user.id`: what the caller sends comes first.
    return found if names_the_caller(key) else frozenset(o for o in found if not is_identity(frozenset({o})))


def as_anybody(key: Value | None) -> Value | None:
    """A key as it is for those who have no right that holds everywhere, where it says something for them."""
    if key is None:
        return None
    common = [a for a in key.alternatives if not has_a_right_everywhere(a.under)]
    return Value(tuple(Alternative(for_anybody(a.shape), a.under) for a in common or key.alternatives))


def for_anybody(shape: Shape) -> Shape:
    """A condition, or several in one, as it is for those."""
    if not isinstance(shape, Object):
        return shape
    return replace(shape, fields=tuple((name, as_anybody(value) or value) for name, value in shape.fields))


def session_by_cookie(model: str, key: Value | None, calling: Calling) -> Facts:
    """A record that was found by an unguessable value of a cookie or header is the caller's session.

    Where a setting of the deployment may stand in for the cookie, whose record it is then is the deployment's choice.
    An account that a cookie only names is whoever the client says.
    """
    found = roots(origins_of(key))
    credentials = frozenset(o for o in found if not is_setting(o))
    if not credentials or not all(is_credential(o) for o in credentials):
        named = min((o.name for o in credentials if is_guessable(o)), default=None)
        is_named = named is not None and all(map(is_guessable, credentials))
        return frozenset({Claimed(f"the cookie {named}", calling.span)}) if is_named else NO_FACTS
    strength = Strength.PROVEN if credentials == found else Strength.LIKELY
    source = f"the {model} that the caller's cookie names"
    return authenticated(source, calling.span, strength, model) | owns(credentials, calling.span, strength)


def records(model: str, key: Value | None, calling: Calling, *, is_whole: bool = True) -> Value:
    """Any number of records; where there is one, what its presence proves holds."""
    one = record(model, key, calling, is_whole=is_whole, is_exact=False)
    return listed(one, model, key, calling)


def listed(one: Value, model: str, key: Value | None, calling: Calling) -> Value:
    """Any number of records, each of which looks like this."""
    facts = session_by_cookie(model, key, calling) | {Case(Filled((calling.span, model)), 0)}
    return of(Array(None, under(one, facts)))


def counted(model: str, key: Value | None, calling: Calling) -> Value:
    """How many records there are; its truth proves what the presence of one would."""
    number = of(Unknown(frozenset(), Truth.MAYBE, membership(model, key, calling), is_primitive=True))
    return under(number, frozenset({Case(Total(calling.span, model), 0)}))


def totals(model: str, calling: Calling) -> Value:
    """Numbers that a store makes of records, by the names of columns: their sum, their mean."""
    number = of(Unknown(frozenset(), Truth.MAYBE, is_primitive=True))
    return obj(under(number, frozenset({Case(Total(calling.span, model), 0)})))


__all__ = ["UNDEFINED_VALUE"]
