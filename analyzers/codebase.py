"""One commit under analysis: its actions, what each does, and what its neighbours do."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice
from os.path import commonpath

from preship.analyzers.actions import world
from preship.analyzers.actions.audience import UNKNOWN, Audience, Meant, Reserved, audience_of, reserved_by
from preship.analyzers.actions.declared import Idle, malformed
from preship.analyzers.actions.directives import SERVER
from preship.analyzers.actions.discovery import CHANGING, ServerAction, discover, handlers_of
from preship.analyzers.actions.excuses import address_left
from preship.analyzers.actions.execution import execute
from preship.analyzers.actions.exposure import Exposure
from preship.analyzers.actions.facts import ActionFacts, Siblings
from preship.analyzers.actions.idioms import Habit, Idiom, Question, calls_already, habit_of, idiom_of, names_at
from preship.analyzers.actions.markup import Markup
from preship.analyzers.actions.matrix import Door, is_about, mentions, permissions_named
from preship.analyzers.actions.openness import Public
from preship.analyzers.actions.protection import MOST_PAGES, Protections
from preship.analyzers.actions.public import is_excused_by, public_by_design
from preship.analyzers.actions.quoting import quoted_callee
from preship.analyzers.actions.rendering import Renderings
from preship.analyzers.actions.reserved import Given, brought_along, handed_out, is_a_row, shows_rows
from preship.analyzers.actions.sign_ups import lets_anybody_in
from preship.analyzers.actions.wrappers import wrapper_of
from preship.analyzers.actions.written_keys import canonical_singular
from preship.analyzers.actions.written_secrets import written_secrets
from preship.analyzers.declared import NOTHING, Declared
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.elsewhere import filled_by
from preship.analyzers.flow.facts import NO_FACTS, has_right
from preship.analyzers.flow.interpreter import Interpreter
from preship.analyzers.knowledge import convex, row_security
from preship.analyzers.models.libraries import Libraries
from preship.analyzers.project.builds import unbuilt
from preship.analyzers.project.files import Files
from preship.analyzers.project.layout import folder_of
from preship.analyzers.project.phases import Phase
from preship.analyzers.project.project import Parsed, Project
from preship.analyzers.project.reach import Reach, reach_of
from preship.analyzers.project.routes import RouterFile
from preship.analyzers.project.uses import Uses
from preship.analyzers.results import Failure, Unjudged
from preship.analyzers.schema.corrections import Correction
from preship.analyzers.schema.graph import Ownership
from preship.analyzers.schema.reading import ownership_of
from preship.analyzers.source.tree import Module

UNREAD = "a directive stands in code that could not be read"

NOT_READ = "not read: it is larger than 1 MB, or no code"

PYTHON_FRAMES = 20_000
"""Code under review nests: each level costs the execution several frames of its own."""

SELDOM = (100_000, 50, 100)
"""When to collect garbage: values hardly ever refer to themselves, and as often as Python does by itself, looking for
those that do took a fifth of the time."""

ENOUGH_SIBLINGS = 12
"""Neighbours asked for their habits. The nearest dozen told the idiom in every repository looked at."""

ENOUGH_TO_TELL_HABITS = 30
"""Neighbours asked what they demand for the same kind of change: a folder of actions, and those beside it."""


ENOUGH_OF_THE_APPLICATION = 60
"""Actions of other files that are asked whether anybody but those with a role changes something."""

MOST_SHOWING = 200
"""Pages that are asked whether they show a table: of 170 applications looked at, one had more."""

MOST_ROUTES = 6
"""Handlers of requests, by file, that are asked which permissions they name."""

STEPS_OF_AN_EDIT = 150_000
"""Steps that may be taken to try an edit: those of its action, and of some neighbours."""


@dataclass(slots=True)
class Codebase:
    """One commit under analysis."""

    project: Project
    interpreter: Interpreter
    uses: Uses
    libraries: Libraries
    corrections: Sequence[Correction] = ()
    """What people say of whose the rows of its tables are."""

    with_handlers: bool = False
    """Whether handlers of requests (`route.ts`) are judged beside its actions."""

    failures: list[Failure] = field(default_factory=list)
    unjudged: list[Unjudged] = field(default_factory=list)
    facts: dict[ServerAction, ActionFacts] = field(default_factory=dict)
    _complete: set[ServerAction] = field(default_factory=set)
    """Those of whose facts is known who is meant to call them."""

    _actions: dict[str, tuple[ServerAction, ...]] = field(default_factory=dict)
    _action_files: tuple[str, ...] | None = None
    _handler_files: tuple[str, ...] | None = None
    _audiences: dict[ServerAction, Audience] = field(default_factory=dict)
    _habits_of: dict[tuple[ServerAction, Question], tuple[ActionFacts, tuple[Habit | None, ...]]] = field(
        default_factory=dict
    )
    """What each action does to find out what others do not, and the facts that this was seen in."""

    _is_open: bool | None = None
    """Whether anybody may make an account; None where nobody has asked yet."""

    _nearest: dict[tuple[str, bool], tuple[str, ...]] = field(default_factory=dict)
    """The files that may hold actions, or handlers of requests, the nearest to each folder first."""

    _in_folders: Counter[str] = field(default_factory=Counter)
    """How many files that may hold actions stand in each folder."""

    _ownership: Ownership | None = None
    renderings: Renderings = field(init=False)
    """Its pages and layouts, executed."""

    protections: Protections = field(init=False)
    """What keeps anonymous callers from its pages."""

    markup: Markup = field(init=False)
    """What its components render as HTML."""

    def edited(self, files: Files, changed: Collection[str], most_steps: int | None = None) -> Codebase:
        """The same files, some of code with other texts; what does not reach those is not executed again."""
        project = self.project.edited(files, changed)
        interpreter = Interpreter(project, self.libraries, most_steps)
        edited = Codebase(project, interpreter, Uses(project), self.libraries, self.corrections, self.with_handlers)
        filled = {each for tree in (self.project, project) for path in changed for each in filled_by(tree, path)}
        reached = project.importers_closure({*changed, *filled})
        kept = {action: facts for action, facts in self.facts.items() if action.path not in reached}
        edited.facts |= {action: edited._placed(action, facts) for action, facts in kept.items()}
        edited.renderings.keep(self.renderings, reached)
        edited._ownership = self._ownership
        return edited

    def __post_init__(self) -> None:
        """Pages and layouts are executed by the same interpreter as actions."""
        self.renderings = Renderings(self.project, self.interpreter)
        ranks = lambda: self.ownership().ranks()  # noqa: E731
        self.protections = Protections(self.project, self.interpreter, self.renderings, ranks)
        self.markup = Markup(self.project)

    def action_files(self) -> tuple[str, ...]:
        """The files that may hold actions, sorted."""
        if self._action_files is None:
            self._action_files = tuple(self.project.may_spell(SERVER))
        return self._action_files

    def handler_files(self) -> tuple[str, ...]:
        """The files of handlers of requests, where those are judged; sorted."""
        if self._handler_files is None:
            entries = self.renderings.routes.entries if self.with_handlers else {}
            known = entries.keys() & set(self.project.compiled)
            self._handler_files = tuple(sorted(path for path in known if entries[path].answers_by_methods))
        return self._handler_files

    def judged_files(self) -> tuple[str, ...]:
        """The files that may hold actions, and those of handlers that are judged; sorted."""
        return tuple(sorted({*self.action_files(), *self.handler_files()}))

    def ownership(self) -> Ownership:
        """Whose the rows of its tables are, as its schema says; read when it is first asked for."""
        if self._ownership is None:
            self._ownership = ownership_of(self.project, self.corrections)
        return self._ownership

    def unbuilt(self, paths: Iterable[str]) -> frozenset[str]:
        """Those of some files that are no part of the build."""
        return unbuilt(self.project, self.renderings.routes, paths)

    def note_unread(self, is_meant: Callable[[str], bool]) -> None:
        """Name those of the files meant in which actions may stand and that are not read."""
        for path, why in self.project.unread(SERVER, is_meant).items():
            self.failures.append(Failure(path, f"a directive may stand in it, and {why}"))

    def actions(self, path: str) -> tuple[ServerAction, ...]:
        """The actions of a file, in source order."""
        if path not in self._actions:
            self._actions[path] = self._discovered(path)
        return self._actions[path]

    def _discovered(self, path: str) -> tuple[ServerAction, ...]:
        module = self.project.module(path)
        if module is None:
            return ()
        gaps = [gap for gap in module.gaps if not gap.is_normalised]
        if gaps:
            why = f"read in part: line {gaps[0].span.line} holds syntax that the grammar lacks"
            is_whole = gaps[0].span.start == 0 and not module.statements
            self.failures.append(Failure(path, NOT_READ if is_whole and len(gaps) == 1 else why))
        found = discover(module)
        self.failures += [Failure(path, f"line {r.span.line}: {r.why}") for r in found.refusals]
        self.failures += [Failure(path, f"line {span.line}: {UNREAD}") for span in found.unread]
        return (*found.actions, *(self._handlers(module) if path in self.handler_files() else ()))

    def _handlers(self, module: Module) -> tuple[ServerAction, ...]:
        given = self.project.export_names(module.path)
        return handlers_of(module, self.renderings.routes.entries[module.path].route, given=given)

    def execute(self, action: ServerAction, steps: int) -> int:
        """Execute an action in so many steps at most, and tell how many it took."""
        before = self.interpreter.total
        self._execute(action, steps)
        return self.interpreter.total - before

    def is_cut_off(self, action: ServerAction) -> bool:
        """Whether the steps of an action did not suffice."""
        self._effects_of(action)
        return self.facts[action].is_cut_off

    def executed(self, action: ServerAction) -> ActionFacts:
        """What an action does, and who is meant to call it."""
        if action not in self.facts:
            self._execute(action, None)
        if action not in self._complete:
            self._complete.add(action)
            self.facts[action] = self._with_visitors(self._without_visitors(self.facts[action]))
        return self.facts[action]

    def _execute(self, action: ServerAction, steps: int | None) -> None:
        self._complete.discard(action)
        proven = self.protections.proven_in_front(action.path, action.name or "") if action.address else NO_FACTS
        with self.project.phases.of(Phase.EXECUTE):
            found = execute(self.interpreter, action, steps, proven)
            found = replace(found, effects=row_security.judged_where_told(lambda: self.project.database, found.effects))
        self.facts[action] = self._placed(action, found)

    def _placed(self, action: ServerAction, facts: ActionFacts) -> ActionFacts:
        """What an action does, with what stands around it in this tree."""
        return replace(
            facts,
            opened=public_by_design(facts.effects),
            exposure=Exposure(self.project, self.uses, action),
            neighbours=partial(self._effects_around, action),
            beside=partial(self._effects_beside, action),
            of_the_folder=partial(self._effects_of_the_folder, action),
            doors=partial(self._doors, action),
            of_other_files=partial(self._effects_of_other_files, action),
            routes_about=partial(self._routes_about, action),
            is_about=partial(is_about, action),
            names_permissions=lambda: any(permissions_named(action)),
            wrapper=wrapper_of(action),
            of_the_wrapper=partial(self._effects_of_the_wrapper, action),
            layout_checks=partial(self.renderings.checks_around, action.path),
            audience=partial(self._audience, action),
            reserved=partial(self._reserved, action),
            is_shown=partial(self._is_shown, action),
            is_for_visitors=self._is_for_visitors,
            every_page=self._every_page,
            lets_anybody_in=self.lets_anybody_in,
            pages=partial(self._pages, action),
            ownership=self.ownership,
            rendered_as_html=self.markup.place_of,
            quoted=partial(quoted_callee, self.project),
            written_secrets=partial(written_secrets, action),
            idiom=partial(self._idiom_around, action),
            idle_declarations=self._malformed(action),
        )

    def _effects_of(self, action: ServerAction) -> tuple[Effect, ...]:
        """What an action does, whoever is meant to call it."""
        if action not in self.facts:
            self._execute(action, None)
        return self.facts[action].effects

    def _without_visitors(self, facts: ActionFacts) -> ActionFacts:
        """The facts of an action: a record with an address that no page lets a visitor make is none of the caller's."""
        is_kept = is_excused_by(facts.opened, address_left.EXCUSE) and any(
            e.kind is EffectKind.INSERT for e in facts.effects
        )
        return replace(facts, opened=None) if is_kept and facts.audience().is_for_no_visitor else facts

    def _with_visitors(self, facts: ActionFacts) -> ActionFacts:
        """The facts of an action, which needs no session where an open page offers what visitors may do."""
        if facts.anonymous_effect() is None or not (facts.suits_anybody() or facts.is_only_read()):
            return facts
        found = facts.audience()
        # Where no page is kept from anybody, that one is open tells nothing of what else it offers.
        is_for_visitors = found.meant is Meant.ANYBODY
        if found.meant is Meant.UNKNOWN and not found.is_for_who_runs_it:
            is_for_visitors = facts.only_counts_looks()
        if found.meant is Meant.NOBODY and facts.only_counts_looks():
            return replace(facts, opened=Public("it only counts how often something is looked at"))
        if found.page is None or not is_for_visitors:
            return facts
        if not facts.suits_anybody() and not facts.reads_for_anybody():
            return facts
        return replace(facts, opened=Public(f"the page `{found.page.address}` offers it to every visitor"))

    def _pages(self, action: ServerAction) -> Iterator[tuple[Effect, ...]]:
        """What the layouts and pages do that use an action, and the pages in such a layout."""
        for entry in self._reach(action).entries:
            yield self.renderings.of(entry.path).effects
            if entry.kind is RouterFile.LAYOUT:
                for page in self.renderings.routes.pages_beneath(entry.path)[:MOST_PAGES]:
                    yield self.renderings.of(page).effects

    def _audience(self, action: ServerAction) -> Audience:
        """Who is meant to call an action, as the pages tell that use it; of a handler of requests no import tells."""
        if action.address:
            return UNKNOWN
        if action not in self._audiences:
            self._audiences[action] = audience_of(self._reach(action), self.protections)
        return self._audiences[action]

    def _reserved(self, action: ServerAction) -> Reserved | None:
        """What all pages that use an action keep for a role."""
        return reserved_by(self._reach(action), self.protections)

    def _is_shown(self, action: ServerAction, given: Given) -> bool:
        """Whether those without a role are shown such rows, or may be: of very many pages, not all are asked.

        Rows that a relation brings along are shown by who reads their own table as well.
        """
        pages = [self.renderings.routes.entries[path] for path in sorted(self.renderings.routes.pages)]
        if len(pages) > MOST_SHOWING:
            return True
        others = (page for page in pages if self.protections.demand_on(page) is None)
        shown = [self.renderings.of(path).effects for page in others for path in self.protections.files_to(page)]
        asked = (given, *self._by_themselves(given, action))
        if any(shows_rows(read, each) for each in asked for read in world.reads_of(each.table, shown)):
            return True
        return any(self._is_given(action, each) for each in asked)

    def _by_themselves(self, given: Given, action: ServerAction) -> Iterator[Given]:
        """Rows that relations bring along, as those of the tables that they are in, as they are read."""
        table = self.ownership().tables.get(given.table)
        names = {canonical_singular(table.related(r) if table is not None else r) for r in given.relations}
        if names:
            pages = (self.renderings.of(path).effects for path in sorted(self.renderings.routes.pages))
            others = (self._effects_of(other) for other in self._around(action))
            read = {e.target for effects in chain(pages, others) for e in effects if e.kind is EffectKind.READ}
            yield from (Given(each, given.is_whole) for each in sorted(read) if canonical_singular(each) in names)

    def _around(self, action: ServerAction) -> Iterator[ServerAction]:
        """The actions that tell what is usual around one."""
        return islice(chain(self.beside(action), self._neighbours(action)), ENOUGH_TO_TELL_HABITS)

    def _is_for_visitors(self, table: str) -> bool:
        """Whether a page that asks nobody shows rows of a table, or may: of very many pages, not all are asked."""
        pages = [self.renderings.routes.entries[path] for path in sorted(self.renderings.routes.pages)]
        if len(pages) > MOST_SHOWING:
            return True
        return any(
            any(not world.is_known(read) for read in world.reads_of(table, (self.renderings.of(path).effects,)))
            for page in pages
            for path in self.protections.files_to(page)
            if self.protections.of(page).is_protected is False
        )

    def _every_page(self) -> Iterable[tuple[Effect, ...]] | None:
        """What all pages do, with their layouts; None where there are very many."""
        pages = [self.renderings.routes.entries[path] for path in sorted(self.renderings.routes.pages)]
        if len(pages) > MOST_SHOWING:
            return None
        files = dict.fromkeys(path for page in pages for path in self.protections.files_to(page))
        return (self.renderings.of(path).effects for path in files)

    def lets_anybody_in(self) -> bool:
        """Whether anybody may make an account of the application."""
        if self._is_open is None:
            self._is_open = lets_anybody_in(self.project)
        return self._is_open

    def _is_given(self, action: ServerAction, given: Given) -> bool:
        """Whether another action hands out such rows, and is there for those without a role."""
        return any(self._gives(other, given) and self._is_for_members(other) for other in self._around(action))

    def _gives(self, action: ServerAction, given: Given) -> bool:
        """Whether an action hands out such rows to whoever has an account."""
        reads = [r for r in world.reads_of(given.table, (self._effects_of(action),)) if not has_right(r.facts)]
        found = tuple(handed_out(given.table, self.facts[action].result, NO_FACTS)) if reads else ()
        if not any(is_a_row(each) or not given.is_whole for each in found):
            return False
        along = frozenset().union(*(brought_along(read) for read in reads))
        return not given.relations or any(o.path and o.path[0] in given.relations & along for o in found)

    def _is_for_members(self, action: ServerAction) -> bool:
        """Whether some page uses an action, and not all of those ask for a role."""
        return bool(self._reach(action).entries) and self._reserved(action) is None

    def _reach(self, action: ServerAction) -> Reach:
        """The files of the router that reach an action; its own file, where that is one."""
        routes, path = self.renderings.routes, action.path
        is_named = action.form != "inline" and action.name is not None
        names = (action.name,) if is_named and action.name else self.uses.exports_around(path, action.line)
        found = reach_of(self.project, self.uses, routes, path, names)
        own = routes.entries.get(path)
        return found if own is None else replace(found, entries=(own, *found.entries))

    def _malformed(self, action: ServerAction) -> tuple[Idle, ...]:
        module = self.project.module(action.path)
        return malformed(module, self.actions(action.path), action) if module is not None else ()

    def siblings(self, action: ServerAction) -> Siblings:
        """What the nearest other actions that touch data do before they do."""
        touching = guarded = 0
        for other in self._neighbours(action):
            facts = self.executed(other)
            if facts.public is None and facts.touching_effects():
                touching += 1
                guarded += facts.anonymous_effect() is None
            if touching == ENOUGH_SIBLINGS:
                break
        return Siblings(touching, guarded)

    def _idiom_around(self, action: ServerAction, question: Question) -> Idiom | None:
        """With which call the neighbours find out what an action does not, if it does not call it itself."""
        found = self._idiom_of_neighbours(action, question)
        return found if found is not None and not calls_already(action, found) else None

    def _idiom_of_neighbours(self, action: ServerAction, question: Question) -> Idiom | None:
        """What the other actions of the file do, or else the nearest ones."""
        module = self.project.module(action.path)
        known = names_at(action, module) if module is not None else ()
        of_the_file = idiom_of(self._habits(self.beside(action), question), is_of_the_file=True, known=known)
        if of_the_file is not None:
            return of_the_file
        nearest = islice(self._habits(self._neighbours(action), question), ENOUGH_SIBLINGS)
        found = idiom_of(nearest, is_of_the_file=False)
        return found if found is not None and found.doing > 1 else None

    def _habits(self, others: Iterable[ServerAction], question: Question) -> Iterator[Habit | None]:
        """What those of some actions do that have the same to find out."""
        for other in others:
            facts = self.executed(other)
            known = self._habits_of.get((other, question))
            if known is None or known[0] is not facts:
                known = self._habits_of[other, question] = (facts, tuple(self._habit(other, facts, question)))
            yield from known[1]

    def _habit(self, other: ServerAction, facts: ActionFacts, question: Question) -> Iterator[Habit | None]:
        """What an action does that has the same to find out, if it has."""
        asking = facts.choosing_effects() if question is Question.OWNERSHIP else facts.touching_effects()
        if facts.public is None and asking:
            # Who is at fault as well is no example.
            fault = facts.unowned_effect() if question is Question.OWNERSHIP else facts.anonymous_effect()
            yield habit_of(other, facts.effects, facts.place_of, question) if fault is None else None

    def _effects_around(self, action: ServerAction) -> Iterator[tuple[Effect, ...]]:
        """What the nearest other actions do, those of the same file first."""
        farther = (self._effects_of(other) for other in self._neighbours(action))
        yield from islice(chain(self._effects_beside(action), farther), ENOUGH_TO_TELL_HABITS)

    def _effects_beside(self, action: ServerAction) -> Iterator[tuple[Effect, ...]]:
        """What the other actions of the file do."""
        return (self._effects_of(other) for other in self.beside(action))

    def _effects_of_other_files(self, action: ServerAction) -> Iterator[tuple[Effect, ...]]:
        """What the nearest actions of other files do."""
        return map(self._effects_of, islice(self._neighbours(action), ENOUGH_OF_THE_APPLICATION))

    def _effects_of_the_folder(self, action: ServerAction) -> Iterator[tuple[Effect, ...]]:
        """What the other actions of the file do, and those of the files next to it."""
        part = self._part_of(action.path)
        near = (each for each in self._neighbours(action) if self._part_of(each.path) == part)
        return islice(chain(self._effects_beside(action), map(self._effects_of, near)), ENOUGH_TO_TELL_HABITS)

    def _part_of(self, path: str) -> str:
        """The part of the program that a file stands in: its folder, or what is around folders of one action each."""
        folder = folder_of(path)
        if not self._in_folders:
            self._in_folders.update(map(folder_of, self.judged_files()))
        is_alone = self._in_folders[folder] == 1 and len(self.actions(path)) == 1
        return f"{folder_of(folder)}/*" if is_alone else folder

    def _doors(self, action: ServerAction) -> Iterator[Door]:
        """The nearest other actions, those of the same file first, with the permissions that they name."""
        others = islice(chain(self.beside(action), self._neighbours(action)), ENOUGH_TO_TELL_HABITS)
        return (self._door(action, other) for other in others)

    def _door(self, action: ServerAction, other: ServerAction) -> Door:
        named = tuple(permissions_named(other))
        is_beside = other.path == action.path
        return Door(other.name_in_code or "", self._effects_of(other), named, wrapper_of(other), is_beside)

    def _routes_about(self, action: ServerAction, table: str) -> Iterator[Door]:
        """The handlers of requests that name a table, the nearest first."""
        entries = self.renderings.routes.entries
        routes = sorted(path for path, entry in entries.items() if entry.kind is RouterFile.ROUTE)
        about = self.project.files.matching(partial(mentions, table), routes)
        for path in sorted(about, key=partial(distance, action.path))[:MOST_ROUTES]:
            module = self.project.module(path)
            for handler in handlers_of(module, entries[path].address, CHANGING) if module is not None else ():
                yield Door(handler.name_in_code or "", (), tuple(permissions_named(handler)), is_route=True)

    def _effects_of_the_wrapper(self, action: ServerAction) -> Iterator[tuple[Effect, ...]]:
        """What the nearest other actions do that the same wrapper makes, those of the same file first."""
        wrapper = wrapper_of(action)
        others = chain(self.beside(action), self._neighbours(action))
        same = (other for other in others if wrapper is not None and wrapper_of(other) == wrapper)
        return map(self._effects_of, islice(same, ENOUGH_TO_TELL_HABITS))

    def beside(self, action: ServerAction) -> Iterator[ServerAction]:
        """The other actions of the file."""
        return (other for other in self._affordable(action.path) if other is not action)

    def _affordable(self, path: str) -> Iterator[ServerAction]:
        """The actions of a file for which there are steps left, or that were executed already."""
        return (each for each in self.actions(path) if each in self.facts or not self.interpreter.has_spent)

    def _neighbours(self, action: ServerAction) -> Iterator[ServerAction]:
        """The actions of other files, the nearest first: a file of helpers is no witness of itself."""
        for path in self._files_around(folder_of(action.path), action.form == "route"):
            if path != action.path:
                yield from self._affordable(path)

    def _files_around(self, folder: str, of_handlers: bool) -> tuple[str, ...]:
        """The files that may hold actions, or those of handlers, which are another kind; the nearest first."""
        key = (folder, of_handlers)
        if key not in self._nearest:
            files = self.handler_files() if of_handlers else self.action_files()
            self._nearest[key] = tuple(sorted(files, key=partial(distance, folder)))
        return self._nearest[key]


def distance(path: str, other: str) -> tuple[int, str]:
    """By what files are sorted, those nearest to a path first."""
    return -len(commonpath([other, path])), other


def codebase_of(
    files: Files,
    parsed: Parsed,
    declared: Declared = NOTHING,
    most_steps: int | None = None,
    *,
    with_handlers: bool = False,
) -> Codebase:
    """A commit, ready to be analysed."""
    project = Project(files, parsed)
    of_the_tree = (
        *row_security.library_models(lambda: project.database),
        *convex.library_models(lambda: project.sources),
    )
    libraries = Libraries(of_the_tree, declared.rows, declared.models)
    interpreter = Interpreter(project, libraries, most_steps)
    return Codebase(project, interpreter, Uses(project), libraries, declared.owners, with_handlers)


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Let Python nest as deep as code under review does, and look for garbage that refers to itself seldom."""
    before, collection = sys.getrecursionlimit(), gc.get_threshold()
    sys.setrecursionlimit(max(before, PYTHON_FRAMES))
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
        # What was made counts as old now: else all of it would be looked through at once, as the usual limits return.
        gc.freeze()
        gc.unfreeze()
        gc.set_threshold(*collection)
