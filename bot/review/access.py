"""What a change does to the matrix of who may do what: the rows that are not as they were, weakened ones first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from preship.analyzers.analysis import ANONYMOUS, MEMBER, OTHER_MEMBER, Access, Answer, JudgedAction
from preship.bot.review.markdown import code
from preship.bot.review.words import called, listed

PEOPLE = (ANONYMOUS, MEMBER, OTHER_MEMBER)


class Width(IntEnum):
    """How many callers get through, the fewest first."""

    NOBODY = 0
    ROLE = 1
    OWN = 2
    MEMBER = 3
    UNSEEN = 4
    """As wide as may be, for all that could be seen."""

    ANYONE = 5


WORDS = {
    Width.NOBODY: "nobody",
    Width.OWN: "signed-in users, for what is their own",
    Width.MEMBER: "any signed-in user",
    Width.UNSEEN: "could not see",
    Width.ANYONE: "anyone",
}


@dataclass(frozen=True, slots=True)
class Through:
    """Who gets through to one thing."""

    width: Width
    roles: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """The same for a reader."""
        if self.width is not Width.ROLE:
            return WORDS[self.width]
        return listed([code(role) for role in sorted(self.roles)], 3)

    def is_wider_than(self, other: Through) -> bool:
        """Whether somebody gets through whom the other keeps out."""
        if self.width is other.width is Width.ROLE:
            return not self.roles <= other.roles
        return self.width > other.width


@dataclass(frozen=True, slots=True)
class Row:
    """A changed row: an action, what of it, and who got and gets through."""

    action: JudgedAction
    doing: tuple[str, ...]
    before: Through | None
    """None for what the action did not do before."""

    now: Through

    @property
    def is_weakened(self) -> bool:
        """Whether somebody gets through who did not."""
        return self.before is not None and self.now.is_wider_than(self.before)


def changed_rows(actions: Iterable[JudgedAction]) -> tuple[Row, ...]:
    """The rows that a change alters; of a new action all of it, in one row for each kind of caller."""
    found = [row for action in actions for row in _rows_of(action)]
    return tuple(sorted(found, key=lambda row: (not row.is_weakened, row.before is None)))


def access_lines(rows: Sequence[Row]) -> list[str]:
    """A line for each row: `deleteTeam`: any signed-in user → **anyone** (changes `team`)."""
    return [_line(row) for row in rows]


def _line(row: Row) -> str:
    what = f" ({', '.join(row.doing)})" if row.doing else ""
    if row.before is None:
        new = "new" if row.action.earlier is None else "new in"
        return f"{new}: {called(row.action)}, {row.now.words}{what}"
    now = f"**{row.now.words}**" if row.is_weakened else row.now.words
    return f"{called(row.action)}: {row.before.words} → {now}{what}"


def _rows_of(action: JudgedAction) -> Iterator[Row]:
    then = action.earlier.access if action.earlier is not None else ()
    known = [each for access in (*then, *action.access) for each in _doings(access)]
    before, now = _through(then, known), _through(action.access, known)
    rows: dict[tuple[Through | None, Through], list[str]] = defaultdict(list)
    for doing, through in now.items():
        if before.get(doing) != through:
            rows[before.get(doing), through] += [doing.says] * bool(doing.target)
    for (old, new), doings in rows.items():
        yield Row(action, tuple(doings), old, new)


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing that an action does; without a target, that it is called."""

    verb: str = ""
    target: str = ""

    @property
    def says(self) -> str:
        """The same for a reader: changes `team`."""
        return f"{self.verb} {code(self.target)}"


def _through(access: Sequence[Access], known: Iterable[Doing]) -> Mapping[Doing, Through]:
    """Who gets through to each thing that is known and that an action does; of one that does nothing, who calls it."""
    by_caller = {each.caller: each for each in access}
    seen = {target for each in access for target in (*each.reads, *each.changes, *each.unseen)}
    doings = [doing for doing in dict.fromkeys(known) if doing.target in seen]
    return {doing: _of(by_caller, doing) for doing in doings or [Doing()]} if by_caller else {}


def _doings(access: Access) -> Iterator[Doing]:
    yield from (Doing("changes", target) for target in access.changes)
    yield from (Doing("reads", target) for target in access.reads)


def _of(access: Mapping[str, Access], doing: Doing) -> Through:
    def may(caller: str) -> bool:
        each = access[caller]
        return doing in _doings(each) if doing.target else each.answer is Answer.YES

    if may(ANONYMOUS):
        return Through(Width.ANYONE)
    doubtful = access[ANONYMOUS].unseen
    if doing.target in doubtful or (not doing.target and access[ANONYMOUS].answer is Answer.UNSEEN):
        return Through(Width.UNSEEN)
    if may(OTHER_MEMBER):
        return Through(Width.MEMBER)
    if may(MEMBER):
        return Through(Width.OWN)
    roles = frozenset(caller for caller in access if caller not in PEOPLE and may(caller))
    return Through(Width.ROLE, roles) if roles else Through(Width.NOBODY)
