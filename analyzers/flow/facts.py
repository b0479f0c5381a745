"""What has been proven on a path."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import lru_cache

from preship.analyzers.conventions.roles import LEAST_ROLE, SERVED_ROLE
from preship.analyzers.flow.origins import NOTHING, Origin, Origins, Session, roots
from preship.analyzers.source.tree import Span


class Strength(IntEnum):
    """How sure a fact is."""

    POSSIBLE = 1
    """Code that could not be read may have proven it."""

    LIKELY = 2
    """The shape of the code says so, or the path would fail without it."""

    PROVEN = 3
    """Seen."""

    # An `Enum` computes a hash of its own with every look-up.
    __hash__ = int.__hash__


@dataclass(frozen=True, slots=True)
class Authenticated:
    """The caller has an identity."""

    strength: Strength
    source: str = field(compare=False)
    """What proved it, in words: `auth() of next-auth`."""

    by: Span = field(compare=False)
    """Where it was proven."""

    table: str = field(default="", compare=False)
    """The table whose row is the caller's session, where the code looks it up itself."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """The caller says who they are, and nothing has verified it."""

    source: str = field(compare=False)
    by: Span = field(compare=False)
    is_captured: bool = False
    """True where it was verified, but when the page was rendered and not in this call."""


class Unnamed(StrEnum):
    """What stands for a right that the code gives no name."""

    LISTED = "listed"
    """To be in a list that is not written out."""

    FLAG = "flag"
    POLICY = "policy"
    PERMISSION = "permission"
    CONDITION = "a condition on the session"
    ANOTHER = "any but the least"
    """Not to have a role that comes with an account, where that is refused."""


@dataclass(frozen=True, slots=True)
class Role:
    """The caller has a role or a permission."""

    any_of: tuple[str, ...]
    """The roles and permissions of which they have at least one, sorted, as the code calls them."""

    by: Span = field(compare=False)
    within: Origins = NOTHING
    """The inputs that chose the tenant or record in which they have it; none: it is theirs everywhere."""

    told_by: Session | None = field(default=None, compare=False)
    """The part of the session that says so; None where it was looked up in this call."""

    table: str | None = field(default=None, compare=False)
    """The table in whose row it stands; None where the session says so, or several do."""


@dataclass(frozen=True, slots=True)
class Owns:
    """A record or tenant belongs to the caller."""

    subject: Origin
    """The record, or the input that names it."""

    strength: Strength
    by: Span = field(compare=False)
    is_personal: bool = False
    """Whether the caller's own id was seen in it, not only that of what they are part of: then both hold."""


@dataclass(frozen=True, slots=True)
class Entitled:
    """The caller has shown some right, or that something is theirs: this or that, according to the path."""

    by: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Program:
    """The caller knows a secret of the server's: a program of its own, which acts for whomever it names."""

    by: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Belongs:
    """A record, or the input that names it, lies within another: a post within the team that it was compared with."""

    subject: Origin
    to: Origin
    """Whose this is, the subject is."""

    by: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Valid:
    """An input was checked at run time."""

    subject: Origin
    by: Span = field(compare=False)
    parts: frozenset[str] | None = None
    """The only parts of it that were looked at, where it is an object and not all were."""


@dataclass(frozen=True, slots=True)
class Known:
    """The text of an input was compared with what the code itself knows: it is, begins or reads as the code says."""

    subject: Origin
    by: Span = field(compare=False)
    is_whole: bool = True
    """Whether it is the text that the code says, and does not only begin or read so: that leaves open which it is."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """The text of an input is not one that the code names."""

    subject: Origin
    by: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Among:
    """An input is one of these words."""

    subject: Origin
    words: frozenset[str]
    by: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Lacks:
    """The caller has none of these roles."""

    any_of: tuple[str, ...]
    by: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What an input asks for was decided together with what the caller may do: only an owner makes an owner."""

    subject: Origin
    by: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Absent:
    """An input is not there, or empty: it names nothing."""

    subject: Origin
    by: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class IfGiven:
    """Something was shown wherever an input is there: the check was left out only where nothing was sent."""

    subject: Origin
    """The input."""

    shown: Owns | Role


class Choice:
    """What names a choice, with its hash: names nest, and are looked up wherever a value is."""

    __slots__ = ("_hash", "name")

    def __init__(self, name: object) -> None:
        self.name = name
        self._hash = hash(name)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Choice) and self.name == other.name)

    def __hash__(self) -> int:
        return self._hash


shared_choice = lru_cache(maxsize=16384)(Choice)
"""The same object for the same name, mostly: then a look-up need not compare names."""


@dataclass(frozen=True, slots=True)
class Case:
    """Of several outcomes of one choice, this one came true: ties values together that were decided together."""

    choice: object
    index: int
    key: Choice = field(init=False, repr=False, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)
    """Computed once: these facts stand in nearly every set."""

    def __post_init__(self) -> None:
        """Compute the hash."""
        object.__setattr__(self, "key", shared_choice(self.choice))
        object.__setattr__(self, "_hash", hash(("case", self.key, self.index)))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class Ways:
    """Names the choice which of two paths led to where they meet."""

    place: object


@dataclass(frozen=True, slots=True)
class Total:
    """Names how many records a store has counted, or what it has added up: a number that holds nothing of them."""

    span: Span
    """The query."""

    model: str


def totals_among(facts: Facts) -> Facts:
    """Those of some facts that say of which records a number tells."""
    return frozenset(fact for fact in facts if isinstance(fact, Case) and isinstance(fact.choice, Total))


def without_totals(facts: Facts) -> Facts:
    """The facts of a number for a yes or no that was made of it."""
    told = totals_among(facts)
    return facts - told if told else facts


@dataclass(frozen=True, slots=True)
class NotCase:
    """Of several outcomes of one choice, this one did not come true."""

    choice: object
    index: int
    key: Choice = field(init=False, repr=False, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compute the hash, once."""
        object.__setattr__(self, "key", shared_choice(self.choice))
        object.__setattr__(self, "_hash", hash(("not", self.key, self.index)))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class Configured:
    """The deployment chose this path, for all its callers alike: a setting, a file of its own."""

    by: Span
    answer: bool
    """How the test of the setting came out."""

    is_behind: bool = False
    """Whether the path goes on behind the test, where what is left of it is the rule."""


@dataclass(frozen=True, slots=True)
class Announced:
    """The database was told who is calling, by a setting that its policies read."""

    by: Span = field(compare=False)


MOST_FACTS = 300
"""Facts of one path, and facts under which one value exists; sixty is the most that was seen in real code."""

Judged = Known | Excluded | Among | Lacks | Weighed
"""What is known of a word that the caller sends, and of how it compares with the caller."""

Outcome = Case | NotCase | Configured
Fact = (
    Authenticated
    | Claimed
    | Role
    | Owns
    | Entitled
    | Program
    | Belongs
    | Valid
    | Judged
    | Absent
    | IfGiven
    | Announced
    | Outcome
)
Facts = frozenset[Fact]
NO_FACTS: Facts = frozenset()


def knows_a_secret(by: Span, strength: Strength = Strength.PROVEN) -> Facts:
    """What it proves that the caller sends a secret of the server's."""
    return authenticated("a shared secret", by, strength) | {Program(by)}


@lru_cache(maxsize=4096)
def is_a_program(facts: Facts) -> bool:
    """Whether a program of the server's own is calling, and nobody with an account."""
    return any(isinstance(fact, Program) for fact in facts)


def authenticated(source: str, by: Span, strength: Strength = Strength.PROVEN, table: str = "") -> Facts:
    """The fact at this strength and, so that paths join to the weaker proof, at every lower one."""
    return frozenset(Authenticated(level, source, by, table) for level in Strength if level <= strength)


@lru_cache(maxsize=4096)
def is_surely_known(facts: Facts) -> bool:
    """Whether the caller has shown who they are."""
    return any(isinstance(fact, Authenticated) and fact.strength is Strength.PROVEN for fact in facts)


def perhaps_authenticated(facts: Facts) -> Facts:
    """Those of some facts that say of a caller no more than that they may be known."""
    return frozenset(f for f in facts if isinstance(f, Authenticated) and f.strength is Strength.POSSIBLE)


def owns(
    subjects: Iterable[Origin], by: Span, strength: Strength = Strength.PROVEN, *, is_personal: bool = False
) -> Facts:
    """Ownership of each subject at this strength and every lower one."""
    levels = [level for level in Strength if level <= strength]
    kinds = (False, True) if is_personal else (False,)
    return frozenset(Owns(subject, level, by, kind) for subject in subjects for level in levels for kind in kinds)


def owned_under(facts: Facts) -> frozenset[Origin]:
    """What is the caller's where these facts hold, and what lies within it."""
    owned = {fact.subject for fact in facts if isinstance(fact, Owns) and fact.strength > Strength.POSSIBLE}
    links = [fact for fact in facts if isinstance(fact, Belongs)] if owned else []
    while reached := {fact.subject for fact in links if fact.to in owned} - owned:
        owned |= reached
    return frozenset(owned)


def weakened(facts: Iterable[Fact]) -> Facts:
    """The same facts, no stronger than likely: what holds because the path would have failed without them."""
    return frozenset(
        fact
        for fact in facts
        if not (isinstance(fact, Authenticated | Owns) and fact.strength is Strength.PROVEN)
        and not isinstance(fact, Role)
    )


def agreed(first: Facts, second: Facts) -> Facts:
    """What holds on either of two paths: a right covers what ownership covers, and one of two rights is a right."""
    if first is second:
        return first
    both = first & second
    # Mostly one path has proven all that the other has: the very set goes on, and not another one that equals it.
    if len(both) == len(second):
        return second
    if len(both) == len(first):
        return first
    one, other = without_the_rest(first - both, second - both)
    right, another = right_among(one), right_among(other)
    parted = weighed(one | other) | entitled(one, other) | opened(one, other) | opened(other, one)
    parted |= shown_if_given(one, other) | shown_if_given(other, one)
    parted |= weighed_if_given(one, other) | weighed_if_given(other, one) | owned_on_both(first, second)
    if right is None and another is None:
        return both | parted
    found: set[Fact] = {*both, *covered_by(right, other), *covered_by(another, one), *parted}
    if right is not None and another is not None and are_comparable(right, another):
        names = tuple(sorted({*right.any_of, *another.any_of}))
        found.add(Role(names, right.by, right.within | another.within, right.told_by, right.table))
    return frozenset(found)


def without_the_rest(one: Facts, other: Facts) -> tuple[Facts, Facts]:
    """What parts two paths; where one is for those with the least role and the other for the rest, both are for all."""
    names = {name for fact in one | other if isinstance(fact, Role) for name in fact.any_of}
    if Unnamed.ANOTHER not in names or not any(map(LEAST_ROLE.matches, names)):
        return one, other
    return without_another(one), without_another(other)


def without_another(facts: Facts) -> Facts:
    """These facts, without the right that is only not to have the least."""
    return frozenset(f for f in facts if not (isinstance(f, Role) and Unnamed.ANOTHER in f.any_of))


def owned_on_both(first: Facts, second: Facts) -> Facts:
    """What is the caller's on either of two paths, on one because it lies within what is theirs, or may be.

    Where it is theirs anyway, it is so as well if what it lies within on the other path is.
    """
    links = [fact for fact in first ^ second if isinstance(fact, Belongs)]
    if not links:
        return NO_FACTS
    one, other = owned_under(first), owned_under(second)
    by = min(link.by for link in links)
    spared = (link for link in links if link.subject in (other if link in first else one))
    return owns(one & other, by, Strength.LIKELY) | frozenset(spared)


def entitled(one: Facts, other: Facts) -> Facts:
    """What holds where two paths meet on each of which the caller has shown something, but not the same."""
    first, second = shown_on(one), shown_on(other)
    return frozenset({Entitled(first)}) if first is not None and second is not None else NO_FACTS


def shown_if_given(asked: Facts, left_out: Facts) -> Facts:
    """What holds where a path on which something was shown meets the one on which nothing was sent to ask about."""
    absent = {fact.subject for fact in left_out if isinstance(fact, Absent)}
    if not absent:
        return NO_FACTS
    kept: set[Fact] = {fact for fact in asked if isinstance(fact, IfGiven) and fact.subject in absent}
    for fact in asked:
        named = fact.within if isinstance(fact, Role) else roots((fact.subject,)) if isinstance(fact, Owns) else NOTHING
        kept.update(IfGiven(subject, fact) for subject in absent & named if isinstance(fact, Owns | Role))
    return frozenset(kept)


def shown_of(given: Origin, facts: Facts) -> Facts:
    """What has been shown where these facts hold and an input is there."""
    return frozenset(fact.shown for fact in facts if isinstance(fact, IfGiven) and fact.subject == given)


def opened(chosen: Facts, asked: Facts) -> Facts:
    """What holds where a path meets another that the deployment has chosen, for all its callers, in place of a check.

    A mode without a login, a mock: nobody who calls can choose it.
    """
    setting = next((f for f in chosen if isinstance(f, Configured) and not f.is_behind), None)
    if setting is None or any(isinstance(f, Claimed) for f in chosen):
        return NO_FACTS
    is_known = any(isinstance(f, Authenticated) and f.strength > Strength.POSSIBLE for f in asked)
    known = authenticated("a setting of the deployment", setting.by, Strength.LIKELY) if is_known else NO_FACTS
    shown = {f for f in asked if isinstance(f, Role) or (isinstance(f, Owns) and f.strength is not Strength.PROVEN)}
    return known | shown


def shown_on(path: Facts) -> Span | None:
    """Where on a path the caller has shown some right or that something is theirs; always the same place."""
    places = (
        fact.by
        for fact in path
        if isinstance(fact, Role | Entitled) or (isinstance(fact, Owns) and fact.strength > Strength.POSSIBLE)
    )
    return min(places, default=None)


def weighed(parted: Facts) -> Facts:
    """What holds where two paths meet that a word of the caller's and a role of theirs have parted."""
    if not any(isinstance(fact, Role | Lacks) for fact in parted):
        return NO_FACTS
    return frozenset(Weighed(fact.subject, fact.by) for fact in parted if isinstance(fact, Known | Excluded))


def weighed_if_given(asked: Facts, left_out: Facts) -> Facts:
    """What holds where a path on which a word was weighed meets the one on which none was sent: it asks for nothing.

    A path for which a right is asked weighs whatever has to be sent to get there.
    """
    absent = [fact for fact in left_out if isinstance(fact, Absent)]
    if not absent:
        return NO_FACTS
    if any(isinstance(fact, Role) for fact in asked):
        return frozenset(Weighed(fact.subject, fact.by) for fact in absent)
    subjects = {fact.subject for fact in absent}
    return frozenset(fact for fact in asked if isinstance(fact, Weighed) and fact.subject in subjects)


def are_comparable(right: Role, other: Role) -> bool:
    """Whether two rights hold in the same tenant, or one of them everywhere."""
    return right.within == other.within or not (right.within and other.within)


def covered_by(right: Role | None, facts: Facts) -> Iterator[Owns]:
    """The ownership among these facts that who has a right does not need."""
    if right is None or comes_with_an_account(right):
        return
    for fact in facts:
        if isinstance(fact, Owns) and (not right.within or right.within & roots((fact.subject,))):
            yield fact


@lru_cache(maxsize=4096)
def has_right(facts: Facts) -> bool:
    """Whether the caller has some role or permission where these facts hold."""
    return right_among(facts) is not None


@lru_cache(maxsize=4096)
def has_a_right_everywhere(facts: Facts) -> bool:
    """Whether the caller has a role that holds in every tenant: what they alone may choose is no fault."""
    return any(isinstance(fact, Role) and not fact.within and not comes_with_an_account(fact) for fact in facts)


def comes_with_an_account(role: Role) -> bool:
    """Whether one of the roles that are enough is one that everybody gets: it says nothing of what is whose."""
    return any(map(SERVED_ROLE.matches, role.any_of))


@lru_cache(maxsize=4096)
def has_shown_something(facts: Facts) -> bool:
    """Whether the caller has shown some right, or that something is theirs, on each path that leads here."""
    return any(isinstance(fact, Role | Owns | Entitled) for fact in facts)


def right_among(facts: Facts) -> Role | None:
    """One of the rights among some facts, always the same one."""
    return min((fact for fact in facts if isinstance(fact, Role)), key=breadth, default=None)


def breadth(role: Role) -> tuple[bool, bool, int, tuple[str, ...], Span]:
    """Sorts what somebody must have been given first, then what holds everywhere, and of those what the fewest have."""
    return comes_with_an_account(role), bool(role.within), len(role.any_of), role.any_of, role.by


def bounded(facts: Facts) -> Facts:
    """The same facts; of very many, those that only tie values together or rule something out are left out."""
    if len(facts) <= MOST_FACTS:
        return facts
    return frozenset(fact for fact in facts if not isinstance(fact, Case | NotCase | Excluded | Absent))


_together: dict[tuple[int, int], tuple[Facts, Facts, Facts]] = {}
"""By what two sets are, and not by what they equal: of two proofs of the same, each says where it was."""

MOST_TOGETHER = 4096


def together(first: Facts, second: Facts) -> Facts:
    """What holds where all of both does; the same set for the same two, so that what is asked of it is known."""
    found = _together.get((id(first), id(second)))
    if found is None:
        if len(_together) >= MOST_TOGETHER:
            _together.clear()
        both = bounded(first | second) if first else bounded(second)
        # The sets are kept with the answer, so that no other set is taken for them.
        found = _together[id(first), id(second)] = (first, second, both)
    return found[2]


Outcomes = Mapping[Choice, Collection[int]]
"""Outcomes, by choice."""


@lru_cache(maxsize=4096)
def decided(facts: Facts) -> tuple[Outcomes, Outcomes]:
    """The outcomes that these facts assert, and those that they rule out."""
    asserted: dict[Choice, tuple[int, ...]] = {}
    excluded: dict[Choice, tuple[int, ...]] = {}
    for fact in facts:
        # Nearly always one of a choice: so short, a tuple is much smaller than a set, and as quick.
        if isinstance(fact, Case):
            asserted[fact.key] = (*asserted.get(fact.key, ()), fact.index)
        elif isinstance(fact, NotCase):
            excluded[fact.key] = (*excluded.get(fact.key, ()), fact.index)
    return asserted, excluded


@lru_cache(maxsize=4096)
def cases_among(facts: Facts) -> tuple[tuple[Choice, int], ...]:
    """Each outcome that these facts assert, with its choice."""
    return tuple((fact.key, fact.index) for fact in facts if isinstance(fact, Case))


@lru_cache(maxsize=4096)
def proofs_among(facts: Facts) -> Facts:
    """What is proven of the caller and of inputs, without what only ties values together or rules something out."""
    return frozenset(fact for fact in facts if not isinstance(fact, Outcome | Excluded | Lacks | Absent))


def contradict(facts: Facts, under: Facts) -> bool:
    """Whether a value that exists only `under` these facts is impossible where `facts` hold."""
    cases = cases_among(under)
    if not cases:
        return False
    asserted, excluded = decided(facts)
    for choice, index in cases:
        found = asserted.get(choice)
        if found is not None and index not in found:
            return True
        ruled_out = excluded.get(choice)
        if ruled_out is not None and index in ruled_out:
            return True
    return False
