"""What the execution of one action found out: the ground on which every rule stands, and the questions they ask."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, takewhile

from preship.analyzers.actions import (
    enumeration,
    failures,
    habits,
    output,
    permissions,
    private,
    validation,
    visitors,
    weakened,
    world,
)
from preship.analyzers.actions.anonymity import Anonymous, anonymous_effects, excused, newly_exposed
from preship.analyzers.actions.audience import UNKNOWN, Audience, Meant, Reserved
from preship.analyzers.actions.declared import Idle
from preship.analyzers.actions.demand import is_met
from preship.analyzers.actions.enumeration import Told
from preship.analyzers.actions.escalation import Granted, granted_roles
from preship.analyzers.actions.excuses import founded_tenant, portal
from preship.analyzers.actions.excuses.form import Excuse, Excused, excuse_of, weighed
from preship.analyzers.actions.excuses.kept_for_a_role import KeptForARole
from preship.analyzers.actions.excuses.unreturned_read import comes_of
from preship.analyzers.actions.exposure import Exposure, gives_a_client
from preship.analyzers.actions.foreign import Judged, judged_keys
from preship.analyzers.actions.forgery import vouched
from preship.analyzers.actions.founding import tenants_made
from preship.analyzers.actions.granting import SelfDeclared, SelfGranted, self_declared, self_granted
from preship.analyzers.actions.guests import NamedByAnybody, named_by_anybody
from preship.analyzers.actions.habits import RoleBound
from preship.analyzers.actions.idioms import Idiom, Question, no_idiom
from preship.analyzers.actions.matrix import Door, is_for_those_served
from preship.analyzers.actions.openness import Public
from preship.analyzers.actions.output import Handed
from preship.analyzers.actions.ownership import OwnershipFault, Unowned
from preship.analyzers.actions.parameters import DeclaredParameter
from preship.analyzers.actions.permissions import CarriedPermission
from preship.analyzers.actions.private import Private
from preship.analyzers.actions.private_reads import (
    Pages,
    PrivateRead,
    ReadForTheCaller,
    exposed_reads,
    ids_in,
    is_private,
    private_read,
    read_for_the_caller,
)
from preship.analyzers.actions.public import almost_public
from preship.analyzers.actions.reach import Reached, Way, asked_of, reached_by
from preship.analyzers.actions.requests import SEGMENTS
from preship.analyzers.actions.reserved import (
    Given,
    changes_by_members,
    changes_nothing_else,
    is_a_list_for_all,
    open_to_members,
)
from preship.analyzers.actions.returned import (
    held_origins,
    is_a_list_kept_in_confidence,
    is_a_whole_person,
    is_for_its_owner,
    returned_totals,
    says_where_somebody_is,
    tells_of_the_caller,
    tells_the_known_more,
)
from preship.analyzers.actions.secret_rows import SecretRead, secret_columns, secret_reads
from preship.analyzers.actions.sinks import Written, asks_who_judges
from preship.analyzers.actions.skipped import Skipped, skipped_checks
from preship.analyzers.actions.ties import is_tied_by
from preship.analyzers.actions.unasked import Unasked, unasked_read
from preship.analyzers.actions.unowned import unowned_effects
from preship.analyzers.actions.unsendable import first_unsendable
from preship.analyzers.actions.validation import Unvalidated
from preship.analyzers.actions.visitors_requests import suit_visitors
from preship.analyzers.actions.wrappers import asks_who_calls
from preship.analyzers.actions.written_keys import canonical_singular
from preship.analyzers.actions.written_secrets import WrittenSecret
from preship.analyzers.conventions.keys import ACTOR_COLUMN
from preship.analyzers.conventions.requests import PUBLIC_WRAPPER
from preship.analyzers.conventions.routes import OFFICE_ROUTE
from preship.analyzers.conventions.tables import ACCOUNT_TABLE, MEMBERSHIP_TABLE, PEOPLE_RECORD_TABLE, PROFILE_TABLE
from preship.analyzers.flow.effects import Client, Crash, Effect, EffectKind
from preship.analyzers.flow.facts import NO_FACTS, Authenticated, Claimed, Facts, Strength, has_right, is_a_program
from preship.analyzers.flow.identity import is_no_identity, says_who
from preship.analyzers.flow.origins import Input, Request, Stored, roots
from preship.analyzers.flow.values import Value, origins_of, text_of
from preship.analyzers.project.uses import Side
from preship.analyzers.schema.graph import NO_SCHEMA, Ownership
from preship.analyzers.schema.tables import Place, canonical
from preship.analyzers.source.once import once
from preship.analyzers.source.tree import Span

TELLS_MORE = world.TOUCHES | {EffectKind.IDENTIFY, EffectKind.UNSEEN}
"""Effects that bring more than an answer to who is calling."""

LEAVES_ALL_AS_IT_IS = frozenset({EffectKind.READ, EffectKind.RETURN, EffectKind.THROW})
"""What an action does that only looks, and asks nobody who they are."""

ROLE_EXCUSES: tuple[Excuse[KeptForARole], ...] = (founded_tenant.EXCUSE, portal.EXCUSE)
"""Why a change for which other code asks for a role needs none."""

DOES_SOMETHING = world.TOUCHES | {EffectKind.IDENTIFY, EffectKind.ASK, EffectKind.PROOF}


@dataclass(frozen=True, slots=True)
class Siblings:
    """What the neighbours of an action do."""

    touching: int
    """Those that touch data and are not public by design."""

    guarded: int
    """Those of them that no anonymous caller gets through."""

    @property
    def are_guarded(self) -> bool:
        """Whether actions here know their callers: then one that hands out data to anybody stands out.

        A quarter is enough: in mixed applications the unguarded neighbours are faults themselves more often than not.
        """
        return self.touching > 1 and self.guarded * 4 >= self.touching


_FIELD = re.compile(r"(\w+)\??\s*:")
"""A field in a type that is written out: `{ title: string; ownerId?: string }`."""


def names_somebody(field: str, value: Value) -> bool:
    """Whether an argument says whose a record is."""
    return ACTOR_COLUMN.matches(field) and any(isinstance(o, Input) for o in origins_of(value))


def is_asked_by_anybody(effect: Effect) -> bool:
    """Whether a read of what is not the caller's already happens although nothing has asked who is calling."""
    return world.touches_the_world(effect) and world.strength_of_authentication(effect) is None


def is_told_under(held: Facts) -> bool:
    """Whether a part of an answer is there only for whom something may know."""
    return any(isinstance(fact, Authenticated) for fact in held)


def asks_the_same(effect: Effect) -> bool:
    """Whether another service is asked for something in which no caller has a word."""
    told = {name: text_of(value) for name, value in world.fields_of(effect.data)}
    is_chosen = any(
        isinstance(o, Input | Request) for o in roots(origins_of(effect.key)) | roots(origins_of(effect.data))
    )
    return effect.kind is EffectKind.FETCH and not is_chosen and told.get("method", "GET") == "GET"


def is_sent_beside_the_path(value: Value) -> bool:
    """Whether something comes from a request, and not from a segment of its path."""
    return any(isinstance(o, Input) and o.parameter != SEGMENTS for o in origins_of(value))


def _about(effect: Effect, unowned: Iterable[Unowned]) -> Unowned | None:
    """What is wrong with whose records an effect touches, if something is."""
    return next((each for each in unowned if each.effect is effect), None)


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """One action, executed."""

    path: str
    name: str | None
    line: int
    end_line: int
    effects: tuple[Effect, ...]
    """In the order of execution."""

    result: Value
    """What the caller gets."""

    visited: frozenset[Span]
    """Every function and module variable that was executed."""

    parameters: tuple[DeclaredParameter, ...]
    """As written, annotations included."""

    opened: Public | None
    """Why it needs no session, if so."""

    handed_over: frozenset[tuple[str, Stored]] = frozenset()
    """The whole records that modules gave to code of others on the way, each with the module's path."""

    crashes: frozenset[Crash] = frozenset()
    """Where a path of it ended because something is null or undefined."""

    name_in_code: str | None = None
    """What the code calls a default export, where it gives it a name; of a handler of requests, method and address."""

    address: str = ""
    """The path at which it answers, of a handler of requests."""

    is_cut_off: bool = False
    """Whether the budget of steps was used up before its end."""

    siblings: Siblings | None = None
    """What the neighbours do; only asked for where a judgement hangs on it."""

    before: tuple[Effect, ...] = ()
    """What it did before the change that is judged."""

    exposure: Exposure | None = None
    """How its repository uses it; None where it was executed by itself."""

    neighbours: Callable[[], Iterable[tuple[Effect, ...]]] = tuple
    """The effects of each of the nearest other actions; only asked for where a judgement hangs on it."""

    beside: Callable[[], Iterable[tuple[Effect, ...]]] = tuple
    """The effects of each other action of its file; only asked for where a judgement hangs on it."""

    of_the_folder: Callable[[], Iterable[tuple[Effect, ...]]] = tuple
    """The effects of each other action of its file and its folder; only asked for where a judgement hangs on it."""

    doors: Callable[[], Iterable[Door]] = tuple
    """The nearest other actions, with the permissions that they name; only asked for like the above."""

    of_other_files: Callable[[], Iterable[tuple[Effect, ...]]] = tuple
    """The effects of each of the nearest actions of other files; only asked for like the above."""

    routes_about: Callable[[str], Iterable[Door]] = lambda table: ()
    """The handlers of requests that name a table, with the permissions that they name; only asked like the above."""

    is_about: Callable[[str], bool] = lambda target: False
    """Whether it, or its file, is called after such records."""

    names_permissions: Callable[[], bool] = lambda: False
    """Whether its own code names a permission where it asks for one: whether it is asked for may not be seen."""

    wrapper: str | None = None
    """The name with which the expression begins that makes it, where one does."""

    of_the_wrapper: Callable[[], Iterable[tuple[Effect, ...]]] = tuple
    """The effects of the nearest other actions that the same wrapper makes; only asked for like the above."""

    idiom: Callable[[Question], Idiom | None] = no_idiom
    """With which call the neighbours begin to know; only asked for where there is something to fix."""

    role: str | None = None
    """The role that its authors declare it to need, if they do."""

    idle_declarations: tuple[Idle, ...] = ()
    """The comments to us for which it answers and from which nothing follows."""

    layout_checks: Callable[[], Iterable[Span]] = tuple
    """Where layouts around the pages that use it ask who is there; only asked for where a judgement hangs on it."""

    audience: Callable[[], Audience] = lambda: UNKNOWN
    """Who is meant to call it, as the pages tell that use it; only asked for where a judgement hangs on it."""

    reserved: Callable[[], Reserved | None] = lambda: None
    """What all pages that use it keep for a role, if they do; only asked for where a judgement hangs on it."""

    is_shown: Callable[[Given], bool] = lambda given: True
    """Whether those without a role are shown such rows; only asked where a judgement needs it."""

    is_for_visitors: Callable[[str], bool] = lambda table: False
    """Whether an open page shows rows of a table; only asked for where a judgement hangs on it."""

    every_page: Pages = lambda: None
    """What all pages do; None where there are too many. Only asked for where a judgement hangs on it."""

    lets_anybody_in: Callable[[], bool] = lambda: True
    """Whether anybody can make an account of the application, or may: else it is for those who were given one."""

    pages: Callable[[], Iterable[tuple[Effect, ...]]] = tuple
    """What the pages and layouts do that use it; only asked for where a judgement hangs on it."""

    ownership: Callable[[], Ownership] = lambda: NO_SCHEMA
    """Whose the rows of its application's tables are; only asked for where a judgement hangs on it."""

    rendered_as_html: Callable[[str, str], Span | None] = lambda model, field: None
    """Where a field of a model is rendered as HTML; only asked for where a text is stored as it was sent."""

    written_secrets: Callable[[], Iterable[WrittenSecret]] = tuple
    """The secrets that stand in its own code."""

    quoted: Callable[[Span], str | None] = lambda span: None
    """What the call that stands at a place is called in the code; None where it has no name."""

    kept: dict[object, object] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The answers of questions about it that are asked often; see `once`."""

    @once
    def is_only_read(self) -> bool:
        """Whether an anonymous caller gets data, and nothing worse: who may read it, the code alone does not say."""
        found = self.anonymous_effect()
        return found is not None and found.effect.kind in world.READS and not self._is_private(found.effect)

    def only_reads_choices(self) -> bool:
        """Whether all that an anonymous caller gets is what forms let people choose from, and nothing private in it."""
        found = self.anonymous_effect()
        if found is None or not self.is_only_read() or not is_a_list_for_all(found.effect):
            return False
        read = found.effect
        tables, none = self.ownership().tables, frozenset[str]()
        told = (private.secrets_in, private.personal_in)
        return not any(any(each(read.target, read.brings, none, tables)) for each in told)

    def suits_anybody(self) -> bool:
        """Whether what anonymous callers change is what visitors of open pages change: counters, accounts, bookings."""
        changes = self._changed_by_anybody()
        return bool(changes) and suit_visitors(changes)

    def only_counts_looks(self) -> bool:
        """Whether anonymous callers change nothing but how often something was looked at."""
        changes = self._changed_by_anybody()
        return bool(changes) and all(map(visitors.counts_looks, changes))

    def _changed_by_anybody(self) -> list[Effect]:
        """What anonymous callers change."""
        found = [a.effect for a in anonymous_effects(self.effects, self.result, self.before) if a.strength is None]
        return [effect for effect in found if effect.kind not in world.READS]

    def reads_for_anybody(self) -> bool:
        """Whether all that an anonymous caller gets is what a page can show to all its visitors.

        What nobody shows to everybody is none, nor is a table that other actions read for its owner only.
        """
        found = self.anonymous_effect()
        if found is None or not self.is_only_read() or self.hands_out_what_is_private():
            return False
        if self.is_kept_from_visitors(found.effect):
            return False
        return not any(world.is_scoped(e) for e in world.reads_of(found.effect.target, self.neighbours()))

    def is_kept_from_visitors(self, read: Effect) -> bool:
        """Whether open pages show what is read only to its owner, or to those who were sent a key to it."""
        if self.audience().needs_a_key:
            return not world.is_keyed_by_a_secret(read, self.effects)
        shown = list(world.reads_of(read.target, self.pages()))
        return bool(shown) and all(map(world.is_scoped, shown))

    def _is_private(self, effect: Effect) -> bool:
        """Whether what an effect reads is for its owner alone: by its fields, or by who the caller says that is.

        The address by which it was looked up comes back as it was sent: that somebody has it, is all it tells.
        """
        sent = {
            name for name, value in world.fields_of(effect.key) if any(isinstance(o, Input) for o in origins_of(value))
        }
        return world.is_of_an_address(effect) or any(
            isinstance(origin, Stored)
            and comes_of(origin, effect, self.effects)
            and is_for_its_owner(origin)
            and origin.path[-1] not in sent
            for origin, _ in held_origins(self.result, self._facts_at_return)
        )

    def asks_who_judges(self, effect: Effect) -> bool:
        """Whether a request goes without anything of the server's to a back end that judges the callers itself."""
        return asks_who_judges(effect, self.neighbours())

    def asks_itself(self) -> bool:
        """Whether it asks who is calling before it does what needs one: whose it then touches is another question.

        Where nothing is seen that it touches, what it does unseen counts.
        """
        touching = self.touching_effects() or [e for e in self.effects if e.kind is EffectKind.UNSEEN]
        return self.anonymous_effect() is None and any(map(world.is_known, touching))

    def is_chosen_by_its_request(self) -> bool:
        """Whether all that an anonymous caller gets is what a cookie or header of theirs chooses.

        Who asks a page of the application with the same cookie is shown the same.
        """
        found = self._read_that_no_argument_chooses()
        sent = (o for o in origins_of(found.key) if isinstance(o, Request)) if found is not None else ()
        return any(o.kind == "header" or not is_no_identity(o) for o in sent)

    def is_left_to_the_database(self) -> bool:
        """Whether all that a caller gets who is not known is asked for with the caller's own rights."""
        found = self.anonymous_effect()
        touching = [e for e in self.touching_effects() if not world.is_known(e)]
        if found is not None and found.effect.client is Client.SERVER:
            return False
        return bool(touching) and all(each.client is not Client.SERVER for each in touching)

    def is_called_public(self) -> bool:
        """Whether it only reads, and what makes it is called after everybody: `createPublicAction(…)`."""
        return self.is_only_read() and self.wrapper is not None and PUBLIC_WRAPPER.matches(self.wrapper)

    def is_read_for_both(self) -> bool:
        """Whether it reads what no argument chooses, and gives who is known more: it was meant for both."""
        return self._read_that_no_argument_chooses() is not None and self.is_personalised

    def _read_that_no_argument_chooses(self) -> Effect | None:
        found = self.anonymous_effect()
        if found is None or not self.is_only_read():
            return None
        return None if any(isinstance(o, Input) for o in origins_of(found.effect.key)) else found.effect

    def only_shows_what_all_may_see(self) -> bool:
        """Whether a call of it brings nothing but reads of what anybody may know: all was seen, and nothing changes."""
        kinds = {e.kind for e in self.effects} - LEAVES_ALL_AS_IT_IS
        is_told = self.anonymous_effect() is not None or self.total_for_anybody() is not None
        return not kinds and not is_told and self.vouched() is None

    def asks_in_vain(self) -> bool:
        """Whether what an anonymous caller gets stands behind a check that does not hold, which is another fault."""
        found = self.anonymous_effect()
        return found is not None and found.strength is not None

    def is_read_on_open_pages(self) -> bool:
        """Whether all that an anonymous caller gets is read for pages that anybody may visit, and is no secret.

        Where the application keeps nobody from any page, one of them has to read it itself.
        """
        found = self.anonymous_effect()
        return (
            found is not None
            and self.is_only_read()
            and (self.audience().meant is Meant.ANYBODY or self._is_read_by_an_open_page())
            and not self.hands_out_what_is_private()
            and not self.is_kept_from_visitors(found.effect)
        )

    def _is_read_by_an_open_page(self) -> bool:
        audience = self.audience()
        uses = self.exposure.uses if self.exposure is not None else ()
        is_open = audience.page is not None and not audience.is_for_no_visitor
        return is_open and any(use.side is Side.COMPONENT for use in uses)

    def only_tells_of_the_caller(self) -> bool:
        """Whether all that a call of it brings is who the caller is: it asks for nothing else, and changes nothing."""
        return self.vouched() is None and not any(e.kind in TELLS_MORE for e in self.effects)

    def is_rendered_by_accident(self) -> bool:
        """Whether it is a page or a component on which the directive stands by mistake."""
        exposure = self.exposure
        return exposure is not None and (exposure.is_route_file or exposure.is_a_component)

    def hands_out_what_is_private(self) -> bool:
        """Whether rows reach an anonymous caller that no page shows to all: whole people, lists of customers."""
        found = self.anonymous_effect()
        return found is not None and any(
            is_a_list_kept_in_confidence(record)
            or is_a_whole_person(record)
            or says_where_somebody_is(record)
            or (record.is_whole and not record.path and self._brings_people(found.effect))
            for record in self._handed_out_of(found.effect)
        )

    def only_looks_on(self, effect: Effect) -> bool:
        """Whether a handler of `GET` brings what it brings to everybody: a file that it looks at, the same question."""
        return self.address != "" and self.name == "GET" and (world.looks_at_a_file(effect) or asks_the_same(effect))

    @property
    def are_others_guarded(self) -> bool:
        """Whether its neighbours know their callers, as far as that was asked."""
        return self.siblings is not None and self.siblings.are_guarded

    def _handed_out_of(self, read: Effect) -> Iterator[Stored]:
        """What of a read reaches the caller."""
        for record, _ in held_origins(self.result, self._facts_at_return):
            if isinstance(record, Stored) and comes_of(record, read, self.effects):
                yield record

    def _brings_people(self, read: Effect) -> bool:
        """Whether the whole records of people come along with what is read."""
        brought = private.brought_by(read.target, read.brings, self.ownership().tables)
        return any(PEOPLE_RECORD_TABLE.matches(canonical(table.name)) for table in brought)

    def hands_out_what_is_somebodys(self) -> bool:
        """Whether what is somebody's reaches an anonymous caller: rows whose owner the schema knows, or that it names.

        Whole rows, and one that its id chooses. Who is named in a path may be shown to everybody; who is named beside
        it, in the body or behind the path, stands where the caller should.
        """
        found, ownership = self.anonymous_effect(), self.ownership()
        if found is None:
            return False
        key = list(world.fields_of(found.effect.key))
        if any(names_somebody(*each) and is_sent_beside_the_path(each[1]) for each in key):
            return True
        table = ownership.tables.get(found.effect.target)
        if table is None or ownership.owner(table) is None or not is_private(table, ownership):
            return False
        is_chosen = bool(ids_in(found.effect.key))
        return any(is_chosen or (record.is_whole and not record.path) for record in self._handed_out_of(found.effect))

    @property
    def is_of_an_office(self) -> bool:
        """Whether it is a handler of requests beneath an address for those who run the application."""
        return bool(self.address) and OFFICE_ROUTE.matches(self.path)

    def is_surely_open(self) -> bool:
        """Whether an anonymous caller gets what is surely not meant for them: that alone says what there is to fix."""
        found = self.anonymous_effect()
        if found is None or found.is_doubtful:
            return False
        return not self.is_only_read() or self.hands_out_what_is_private() or self.audience().meant is Meant.MEMBERS

    @property
    def is_personalised(self) -> bool:
        """Whether its answer holds something that only those get who are known, beside what everybody gets."""
        return tells_the_known_more(self.result)

    @property
    def label(self) -> str:
        """What a sentence calls it."""
        name = self.name_in_code or self.name
        if self.address:
            return f"the route handler `{name}`"
        return f"`{name}`" if name else "this inline action"

    @once
    def anonymous_effect(self) -> Anonymous | None:
        """The first effect on the world that is reached while the caller is not known for sure, worst kind first."""
        if self.public is not None:
            return None
        found = [
            a for a in anonymous_effects(self.effects, self.result, self.before) if a.strength is not Strength.POSSIBLE
        ]
        found = found or [a for a in newly_exposed(self.effects, self.before) if a.strength is not Strength.POSSIBLE]
        found.sort(key=lambda a: (a.is_doubtful, a.strength is not None, a.effect.kind not in world.WRITES))
        return found[0] if found else None

    def total_for_anybody(self) -> Effect | None:
        """The read whose count or sum reaches an anonymous caller: a number that tells of records, and none of them."""
        told = [total for total, held in returned_totals(self.result, self._facts_at_return) if not is_told_under(held)]
        places = {(total.span, total.model) for total in told} if self.public is None else set()
        return next((e for e in self.effects if (e.span, e.target) in places and is_asked_by_anybody(e)), None)

    def unheard_of_before(self, effect: Effect) -> tuple[str, str] | None:
        """The first call before an effect, and its package, of which nothing is known: it may have refused somebody."""
        for each in takewhile(lambda each: each is not effect, self.effects):
            if each.kind is EffectKind.UNSEEN and each.target:
                return each.what or f"{each.target}()", each.target
        return None

    def header_given_as_identity(self) -> Anonymous | None:
        """The answer of an action that tells its callers who is calling, by a header that any client sends.

        What a handler of requests answers goes back to the one who sent the header, and no code believes it.
        """
        if self.address:
            return None
        for origin, held in held_origins(self.result, self._facts_at_return):
            if isinstance(origin, Request) and says_who(origin):
                name = f"the header {origin.name}"
                effect = Effect(EffectKind.RETURN, self.head, name, name, facts=held)
                return Anonymous(effect, None, None, Claimed(name, self.head))
        return None

    @once
    def unowned_effects(self) -> tuple[Unowned, ...]:
        """The effects on records that a known caller, or one who says who they are, names and was not shown to own."""
        if self.public is not None:
            return ()
        found = unowned_effects(self.effects, self.result, self.before, self.ownership(), self.neighbours)
        return tuple(u for u in found if not is_a_program(u.effect.facts) and self._is_reported_as_unowned(u))

    def _is_reported_as_unowned(self, found: Unowned) -> bool:
        """Whoever has the role that is missing need not own the record: one cause is reported once."""
        return self.role is None or has_right(found.effect.facts) or found.fault is OwnershipFault.CLAIMED

    def judged_ids(self, effect: Effect) -> Iterator[Judged]:
        """The ids that an effect writes and that name rows of other tables, each with the verdict on it."""
        return judged_keys(effect, self.effects, self.ownership(), self.neighbours)

    def almost_public(self) -> Iterator[Excused]:
        """The excuses near it as a whole, where none applies, each with what is missing."""
        return almost_public(self.effects)

    def excused(self, effect: Effect) -> Iterator[Excused]:
        """Why an effect needs no session, or what was missing for each excuse that is near."""
        return excused(effect, self.effects, self.result, self.before)

    def unowned_effect(self) -> Unowned | None:
        """The first of them where nobody is claimed to be somebody: one cause is reported once.

        What the code itself shows comes before what only the change tells, and both before an id that reaches nothing.
        """
        found = [u for u in self.unowned_effects() if u.fault is not OwnershipFault.CLAIMED]
        if len(found) < 2:
            return next(iter(found), None)
        return min(found, key=lambda u: (bool(u.foreign) and self.reached(u) is None, u.lost is not None))

    def reached(self, found: Unowned) -> Reached | None:
        """What an id reaches that stands in a row of the caller's own; None where nobody is seen to follow it."""
        judged = tuple(self.judged_ids(found.effect))
        keys = [each.key for each in judged if each.excuse is None]
        pages = (effects for effects in self.every_page() or ())
        where = reached_by(keys, found.effect, self.ownership(), self.effects, chain(self._others(), pages))
        if where is not None and where.way is not Way.UNSEEN:
            return where
        return asked_of(judged, self.ownership(), self._others()) or where

    def _others(self) -> Iterator[tuple[Effect, ...]]:
        """The effects of other actions, near and far: who reads a table may stand anywhere."""
        return chain(self.neighbours(), self.of_other_files())

    def lost_besides(self, found: Unowned) -> Unowned | None:
        """What the change has taken away in another place, where a fault is none of its doing: it stood before."""
        then = weakened.counterparts(found.effect, self.before)
        if found.lost is not None or not then or not all(map(world.unowned, then)):
            return None
        return next((u for u in self.unowned_effects() if u.lost is not None), None)

    def role_bound_effects(self) -> Iterator[RoleBound]:
        """What any known caller does here, and what the neighbours or the authors keep for those with a role."""
        if self.role is not None:
            yield from habits.kept_for(self.role, self.touching_effects())
        if self.public is None:
            yield from self._reserved_effects()
            yield from self._unlike_its_neighbours()
            yield from self._forgotten_doors()

    @property
    def _name(self) -> str:
        return self.name_in_code or self.name or ""

    def _unlike_its_neighbours(self) -> Iterator[RoleBound]:
        """What all neighbours ask for a role before they change such records."""
        for effect in self.effects:
            if habits.is_open_to_members(effect) and not self._needs_no_role(effect):
                found = habits.role_bound(effect, self.neighbours())
                if found is not None:
                    yield found

    def is_for_a_role(self, found: Unowned) -> bool:
        """Whether what is wrong is that no role is asked for: nothing says that such records are anybody's own.

        A role that pages, neighbours or the permission matrix ask for is what is missing then, and not an owner.
        """
        effect = found.effect
        is_plain = found.fault is OwnershipFault.MISSING and found.lost is None and found.within is None
        if not is_plain or found.foreign or found.believes is not None or self._has_an_owner(effect.target):
            return False
        return effect in changes_by_members(self.effects) and self._kept_elsewhere(effect) is not None

    def is_shared_by_staff(self, effect: Effect) -> bool:
        """Whether the rows of a table name nobody at all, and accounts are given to those who share them.

        No other action looks for such rows among the caller's own.
        """
        ownership = self.ownership()
        table = ownership.tables.get(effect.target)
        if table is None or ownership.names_a_person(table) or self._has_an_owner(effect.target):
            return False
        # A schema without people may name them all the same, by an id of a service that keeps them.
        if not ownership.tells and any(map(ACTOR_COLUMN.matches, table.columns)):
            return False
        named = (ownership.tables.get(reference.table) for reference in table.references)
        if ownership.has_tenants or any(other is not None and ownership.names_a_person(other) for other in named):
            return False
        names = frozenset(canonical_singular(name) for name in table.names)
        return not is_tied_by(self.neighbours(), names) and not self.lets_anybody_in()

    def _has_an_owner(self, target: str) -> bool:
        """Whether the schema says whose the rows of a table are."""
        table = self.ownership().tables.get(target)
        return table is not None and self.ownership().owner(table) is not None

    def _kept_elsewhere(self, effect: Effect) -> RoleBound | None:
        """Who keeps a change for a role: the pages that use the action, its neighbours, or the permission matrix."""
        if self.public is not None or self.role is not None or founded_tenant.EXCUSE.applies(self._for_a_role(effect)):
            return None
        pages = self.reserved() if self.exposure is not None else None
        if pages is not None:
            return None if is_met(pages.demand, effect.facts) else RoleBound(effect, (), reserved=pages)
        if self._needs_no_role(effect):
            return None
        found = habits.role_bound(effect, self.neighbours()) if habits.is_nobodys(effect) else None
        return found or self._kept_by_doors(effect)

    def _kept_by_doors(self, effect: Effect) -> RoleBound | None:
        """What most other actions of the folder, the matrix, or those who manage people ask for a role first."""
        found = habits.forgotten_door(effect, self.of_the_folder())
        if found is None and not self.names_permissions():
            found = self._outside_the_matrix(effect)
            found = found or (self._unlike_its_kin(effect) if self.is_about(effect.target) else None)
            found = found or habits.rights_of_others(effect, self.effects, self.neighbours())
        return found

    def excused_from_a_role(self, effect: Effect) -> Iterator[Excused]:
        """Why a change for which other code asks for a role needs none, or what was missing for each excuse near it."""
        is_asked = self.public is None and self.role is None and habits.is_open_to_members(effect)
        if is_asked and (habits.role_bound(effect, self.neighbours()) or self._kept_by_doors(effect)):
            yield from weighed(self._for_a_role(effect), ROLE_EXCUSES)

    def _needs_no_role(self, effect: Effect) -> bool:
        return excuse_of(self._for_a_role(effect), ROLE_EXCUSES) is not None

    def _for_a_role(self, effect: Effect) -> KeptForARole:
        return KeptForARole(effect, self.effects, self._tenants_made(), self.path, self._name)

    @once
    def _tenants_made(self) -> tuple[Effect, ...]:
        return tenants_made(self.effects, self.ownership())

    def _forgotten_doors(self) -> Iterator[RoleBound]:
        """What is kept for a role elsewhere, of what an action changes for any known caller."""
        if self.role is not None:
            return
        changes = [each for each in changes_by_members(self.effects) if not self._needs_no_role(each)]
        unowned = self.unowned_effects() if changes else ()
        for effect in changes:
            untied = _about(effect, unowned)
            if untied is not None and self.is_for_a_role(untied):
                found = self._kept_elsewhere(effect)
            else:
                found = self._kept_by_doors(effect) if untied is None and not self._grants(effect) else None
            if found is not None:
                yield found

    def _unlike_its_kin(self, effect: Effect) -> RoleBound | None:
        """What the wrapper or the folder keeps for a role, where that is what it is about."""
        found = self._unlike_its_wrapper(effect) or self._under_a_weaker_wrapper(effect)
        found = found or habits.unlike_its_folder(effect, self.beside(), self.of_the_folder())
        if found is None and not is_for_those_served(self.path, self._name):
            return habits.unlike_all_others(effect, self.of_other_files())
        return found

    def _outside_the_matrix(self, effect: Effect) -> RoleBound | None:
        """What the application has a permission for, where this is what the action is about, or all that it changes."""
        if not (self.is_about(effect.target) or changes_nothing_else(effect, self.effects)):
            return None
        return habits.outside_the_matrix(effect, chain(self.doors(), self.routes_about(effect.target)))

    def _unlike_its_wrapper(self, effect: Effect) -> RoleBound | None:
        """What most other actions of the wrapper ask a role for, where the wrapper asks for a session alone."""
        if not asks_who_calls(self.effects, self.place_of):
            return None
        return habits.unlike_its_wrapper(effect, self.of_the_wrapper())

    def _under_a_weaker_wrapper(self, effect: Effect) -> RoleBound | None:
        """What one other wrapper keeps for a role, where this action is made by one that asks for a session alone."""
        if not asks_who_calls(self.effects, self.place_of):
            return None
        return habits.under_a_weaker_wrapper(effect, self.doors())

    def _reserved_effects(self) -> Iterator[RoleBound]:
        """What any known caller does here, where every page that uses it asks for a role."""
        if self.role is not None or self.exposure is None:
            return
        for effect in open_to_members(self.effects, self.result, self._is_everybodys_to_read):
            pages = self.reserved()
            if pages is None or self._grants(effect):
                return
            untied = _about(effect, self.unowned_effects())
            if untied is not None and not self.is_for_a_role(untied):
                return
            if not is_met(pages.demand, effect.facts):
                yield RoleBound(effect, (), reserved=pages)

    def _grants(self, effect: Effect) -> bool:
        """Whether an effect writes a right as the caller says."""
        return any(each.effect is effect for each in self.self_granted())

    def _is_everybodys_to_read(self, given: Given) -> bool:
        """Whether those without a role are shown such rows anyway; where no page asks for one, nothing hangs on it."""
        return self.reserved() is None or self.is_shown(given)

    def skipped_checks(self) -> Iterator[Skipped]:
        """What waits for a check only where the argument is given that it asks about."""
        return skipped_checks(self.effects) if self.public is None else iter(())

    def named_by_anybody(self) -> NamedByAnybody | None:
        """The change of a guest's record that the other actions of the file find by a cookie, and this one does not."""
        return named_by_anybody(self.effects, self.beside()) if self.public is None else None

    def unasked_read(self) -> Unasked | None:
        """What any known caller reads here, and the other actions of the file keep for those with a right."""
        if self.public is not None or self.role is not None:
            return None
        return unasked_read(self.effects, self.result, self.beside())

    def read_for_the_caller(self) -> ReadForTheCaller | None:
        """What any known caller reads of what an argument names, and the pages ask for their visitor alone.

        Code of browsers may name others by it: what it passes was not followed.
        """
        uses = self.exposure.uses if self.exposure is not None else ()
        if self.public is not None or self.role is not None or any(use.side is Side.BROWSER for use in uses):
            return None
        found = read_for_the_caller(self.effects, self.result, self.pages())
        table = self.ownership().tables.get(found.effect.target) if found is not None else None
        is_for_others = table is not None and not is_private(table, self.ownership())
        return found if found is None or not (is_for_others or self.is_for_visitors(found.effect.target)) else None

    def private_read(self) -> PrivateRead | None:
        """What any known caller reads here of somebody's rows, which other actions read for their owner alone."""
        if self.public is not None or self.role is not None:
            return None
        return private_read(
            self.effects, self.result, self.ownership(), self._others, self.every_page, self.is_for_visitors
        )

    def secret_read(self) -> SecretRead | None:
        """What any known caller gets here of a row of which a column opens something: that column, or all."""
        if self.public is not None or self.role is not None:
            return None
        whole = secret_reads(self.raw_records(), self.effects, self.own_secrets_in)
        named = secret_columns(self.result, self._facts_at_return, self.effects, self._place_of_a_column)
        return next(chain(whole, named), None)

    def _place_of_a_column(self, model: str, name: str) -> Place | None:
        """Where the schema says that a table has a column."""
        table = self.ownership().tables.get(model)
        return table.places.get(name) if table is not None else None

    def own_secrets_in(self, handed: Handed) -> Iterator[Private]:
        """The columns that open something of a record itself, and of none that a relation brings along."""
        return self.secrets_in(replace(handed, brings=()))

    def read_by_its_id(self) -> Effect | None:
        """The first read of somebody's row that hands it to any known caller who sends its id, whether meant or not."""
        ownership = self.ownership()
        for effect, _ in exposed_reads(self.effects, self.result):
            table = ownership.tables.get(effect.target)
            owner = ownership.owner(table) if table is not None and is_private(table, ownership) else None
            if owner is not None and owner.by:
                return effect
        return None

    def granted_roles(self) -> Iterator[Granted]:
        """The roles above the caller's own that they can give away, or take."""
        return granted_roles(self.effects, self.neighbours) if self.public is None else iter(())

    @once
    def self_granted(self) -> tuple[SelfGranted, ...]:
        """The rights that are written as the caller says, where no role is asked for."""
        return tuple(self_granted(self.effects)) if not self.is_declared_public and self.role is None else ()

    def self_declared(self) -> Iterator[SelfDeclared]:
        """What hangs on a role that stands where its owner may write it."""
        return self_declared(self.effects)

    def carried_permissions(self) -> Iterator[CarriedPermission]:
        """The changes that hang on a permission which the session brought along."""
        return permissions.carried_permissions(self.effects)

    def unvalidated(self) -> Iterator[Unvalidated]:
        """The effects that inputs reach as they were sent, writes first."""
        return validation.unvalidated(self.effects, self.rendered_as_html)

    def mass_assigned(self) -> Iterator[Unvalidated]:
        """The writes whose fields the caller chooses."""
        return validation.mass_assigned(self.effects)

    def privileged_columns(self, effect: Effect) -> tuple[str, ...] | None:
        """The columns of a table that a form has no field for, beside those that the code sets; None: no schema.

        What the parameters name in their types are fields of the form.
        """
        named = {name for name, _ in world.fields_of(effect.data)}
        typed = [parameter for parameter in self.parameters if parameter.type_text]
        named |= {word for each in typed for word in (each.name, *_FIELD.findall(each.type_text))}
        return private.privileged_in(effect.target, named, self.ownership().tables)

    def names_people(self, target: str) -> bool:
        """Whether a table is called after people, or after who belongs to what."""
        named = canonical(target.rpartition(".")[2])
        return any(kind.matches(named) for kind in (ACCOUNT_TABLE, PROFILE_TABLE, MEMBERSHIP_TABLE))

    def session_tokens(self) -> Iterator[Unvalidated]:
        """The effects that a token of a session reaches as an argument."""
        return validation.session_tokens(self.effects)

    def raw_records(self) -> Iterator[Handed]:
        """The records that are handed out with all they hold."""
        return output.raw_records(self.result, self._facts_at_return, self.effects)

    def secrets_in(self, handed: Handed) -> Iterator[Private]:
        """The columns of a record that open something, and go along with it."""
        model = handed.record.model if handed.record is not None else ""
        return private.secrets_in(model, handed.brings, handed.left_out, self.ownership().tables)

    def personal_in(self, handed: Handed) -> Iterator[Private]:
        """The columns of a record that are about a person, and go along with it; not those the caller has just sent."""
        model = handed.record.model if handed.record is not None else ""
        found = private.personal_in(model, handed.brings, handed.left_out, self.ownership().tables)
        known = {f"{model}.{name}" for name in handed.sent}
        return (each for each in found if each.words not in known)

    def is_in_a_schema(self, handed: Handed) -> bool:
        """Whether a schema of the repository says which columns a record has."""
        return handed.record is not None and self.ownership().tables.get(handed.record.model) is not None

    def implicit_selections(self) -> Iterator[Effect]:
        """The reads of other modules whose rows leave them with all they hold, but do not reach the caller so."""
        return output.implicit_selections(self.effects, self.handed_over, self.path, self.raw_records())

    def caught_messages(self) -> Iterator[Handed]:
        """The messages of exceptions that are handed out."""
        return output.caught_messages(self.result, self._facts_at_return, self.head, self.effects)

    def messages_in_redirects(self) -> Iterator[tuple[Effect, failures.FailureText]]:
        """The redirects whose address tells the message of an exception, with what that is."""
        return output.messages_in_redirects(self.effects)

    def secrets(self) -> Iterator[Handed]:
        """The secrets of the server that are handed out."""
        return output.secrets(self.result, self._facts_at_return)

    def existence_told(self) -> Iterator[Told]:
        """The look-ups whose answer an anonymous caller learns, whatever the action then refuses."""
        return enumeration.existence_told(self.result, self._facts_at_return, self.effects)

    @property
    def public(self) -> str | None:
        """Why it needs no session, in words."""
        return self.opened.why if self.opened is not None else None

    @property
    def _facts_at_return(self) -> Facts:
        return next((e.facts for e in self.effects if e.kind is EffectKind.RETURN), NO_FACTS)

    @once
    def touching_effects(self) -> tuple[Effect, ...]:
        """Every effect on the world."""
        return tuple(e for e in self.effects if world.touches_the_world(e) and not world.is_keyed_by_a_credential(e))

    @property
    def is_declared_public(self) -> bool:
        """Whether its authors say that anybody may call it."""
        return self.opened is not None and self.opened.declared_in is not None

    @property
    def does_something(self) -> bool:
        """Whether a call of it does more than compute, or set what is the caller's own.

        It may only ask who calls, tell whether a credential is right, or sign what it is given.
        """
        is_seen = any(e.kind in DOES_SOMETHING for e in self.effects) or self.vouched() is not None
        return is_seen or tells_of_the_caller(self.result)

    def trusts_its_pages(self) -> bool:
        """Whether pages for members only say whose records it works on, and it asks nobody itself."""
        found = self.anonymous_effect()
        if found is None or not any(names_somebody(*field) for field in world.fields_of(found.effect.key)):
            return False
        return self.audience().meant is Meant.MEMBERS

    def vouched(self) -> Effect | None:
        """Where it signs what it is given with a key of the server's, and knows nobody."""
        return vouched(self.effects)

    def written(self, sink: Callable[[Iterable[Effect]], Iterator[Written]]) -> Iterator[Written]:
        """The texts of a kind (`sinks.statements`, …) into which the caller can write, one for each place here."""
        seen: set[Span] = set()
        for found in sink(self.effects):
            place = self.place_of(found.effect)
            if place not in seen:
                seen.add(place)
                yield found

    @property
    def unsendable(self) -> str | None:
        """The parameter in whose place no request can send what is needed, if there is one."""
        return first_unsendable(self.parameters)

    def gives_a_client(self) -> bool:
        """Whether what it gives is a connection or a function."""
        return gives_a_client(self.result)

    def choosing_effects(self) -> tuple[Effect, ...]:
        """The effects on records that a key of the caller's may choose."""
        return tuple(e for e in self.touching_effects() if e.kind in world.CHOOSE_RECORDS)

    def is_known_at_best(self, effect: Effect) -> bool:
        """Whether only code that could not be read may know who is calling when an effect happens."""
        return world.strength_of_authentication(effect) is Strength.POSSIBLE

    @property
    def is_doubtful(self) -> bool:
        """Whether some effect is guarded only by what could not be read."""
        return any(world.strength_of_authentication(e) is Strength.POSSIBLE for e in self.touching_effects())

    def place_of(self, effect: Effect) -> Span:
        """Where in the action itself an effect happens: the call that leads there, if it happens elsewhere."""
        for span in (*effect.trail, effect.span):
            if self._contains(span) and not self._is_whole(span):
                return span
        return self.head

    def _contains(self, span: Span) -> bool:
        return span.path == self.path and self.line <= span.line <= self.end_line

    @property
    def head(self) -> Span:
        """Its first line."""
        return Span(self.path, self.line, self.line, 0, 0)

    def _is_whole(self, span: Span) -> bool:
        return span.start == span.end == 0
