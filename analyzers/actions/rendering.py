"""Runs a page or a layout as the router does, for whoever asks for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from preship.analyzers.actions.bare_elements import is_bare, name_of
from preship.analyzers.actions.browser_gates import asked_in_browsers
from preship.analyzers.conventions.browsers import SIGNED_IN_COMPONENT
from preship.analyzers.flow.budget import OUT_OF_STEPS, OutOfSteps
from preship.analyzers.flow.effects import Effect, EffectKind, Trace
from preship.analyzers.flow.expressions import is_shown_in
from preship.analyzers.flow.facts import NO_FACTS, Authenticated, Claimed, Facts, Strength
from preship.analyzers.flow.interpreter import Interpreter
from preship.analyzers.flow.library import Arguments, PathEnded
from preship.analyzers.flow.machine import Frame
from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.state import State
from preship.analyzers.flow.values import NEVER, Closure, Constant, Value, is_nullish, obj, of, origins_of, unknown
from preship.analyzers.project.bindings import PackageBinding
from preship.analyzers.project.phases import Phase
from preship.analyzers.project.project import Project
from preship.analyzers.project.routes import Routes
from preship.analyzers.source.tree import Call, Element, Expression, Literal, Name, Property, Return, Span

CHILDREN = Input("children")
"""What stands inside a layout, or a component."""

DEEPEST = 4
"""Components within components that are asked, on the way to what a page shows."""

ASKING = frozenset({EffectKind.ASK, EffectKind.PROOF, EffectKind.REDIRECT})
"""What is told of the component that is all that a page shows: what it reads is not handed to browsers as it is."""

MOST_USERS = 60
"""Files that are asked who imports them, on the way to the pages behind an action."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """What rendering a file of the router does."""

    effects: tuple[Effect, ...]
    result: Value
    """The elements."""

    facts: Facts
    """What had been proven once they were made."""

    path: str

    @property
    def asks_at(self) -> Span:
        """Where the file itself asks who is there: the call that leads to the check, if it stands elsewhere."""
        proofs = (effect for effect in self.effects if effect.kind is EffectKind.PROOF)
        spans = (span for proof in proofs for span in (*proof.trail, proof.span) if span.path == self.path and span.end)
        claims = sorted(f.by for f in self.facts if isinstance(f, Claimed) and f.by.path == self.path)
        return next(chain(spans, claims), Span(self.path, 1, 1, 0, 0))

    @property
    def check(self) -> Authenticated | None:
        """What makes sure that only somebody who is known gets the elements, if anything does."""
        found = (f for f in self.facts if isinstance(f, Authenticated) and f.strength is Strength.PROVEN)
        return next(found, None)


def rendered(interpreter: Interpreter, path: str) -> Rendering:
    """Execute the component that a file of the router exports. Never raises: what was not followed is an effect."""
    interpreter.start()
    trace, state = Trace(), interpreter.begun()
    frame = Frame(path, trace, (), 0)
    span = Span(path, 1, 1, 0, 0)
    result, facts = NEVER, NO_FACTS
    try:
        component = interpreter.exported(path, "default", frame)
        made = interpreter.invoke(component, Arguments((props(),)), frame, state, span)
        result = interpreter.settle(made, frame, state, span)
        facts = state.facts | shown_under(result)
        for found in asked_around(interpreter, component, frame, state):
            facts |= found
    except PathEnded:
        pass
    except RecursionError:
        frame.emit(EffectKind.UNSEEN, span, state, what="code nested too deeply")
    except OutOfSteps:
        frame.emit(EffectKind.UNSEEN, span, state, what=OUT_OF_STEPS)
    return Rendering(tuple(trace.effects.values()), result, facts, path)


def shown_under(result: Value) -> Facts:
    """What has been proven wherever something is shown: nothing at all, or something without the page, is a refusal.

    So are words alone, where others are shown more.
    """
    shown = [a for a in result.alternatives if not is_nullish(a.shape)]
    inside = [a for a in shown if CHILDREN in origins_of(Value((a,)))]
    held = [a.under for a in inside or [a for a in shown if is_shown_in(Value((a,)))] or shown]
    return frozenset.intersection(*held) if held else NO_FACTS


def asked_around(
    interpreter: Interpreter, component: Value, frame: Frame, state: State, depth: int = DEEPEST
) -> Iterator[Facts]:
    """What the components ask for that stand around all that a component shows, or are all that it shows.

    `<Protected>{children}</Protected>`; of `<Suspense><Orders /></Suspense>` what `Orders` asks for, and so on.
    """
    shape = only_shape(component)
    if not isinstance(shape, Closure):
        return
    yield claimed_in(component)
    for tag, around in spine(shape):
        inner = Frame(shape.scope.module, frame.trace if around.children else Trace(), frame.trail, frame.depth)
        wrapper = interpreter.evaluate(tag, inner, shape.scope, state)
        yield shown_under(shown_by(interpreter, wrapper, around, inner, state)) | state.facts
        yield claimed_in(wrapper) or claimed_by_name(wrapper, name_of(tag), around.span)
        if not around.children and depth > 0:
            inside = Frame(inner.module, inner.trace, (*inner.trail, around.span), inner.depth + 1)
            yield from asked_around(interpreter, wrapper, inside, state, depth - 1)
        frame.trace.effects.update(
            (key, effect)
            for key, effect in inner.trace.effects.items()
            if effect.kind in ASKING and not is_of_a_handler(effect, interpreter)
        )


def is_of_a_handler(effect: Effect, interpreter: Interpreter) -> bool:
    """Whether code of browsers sends somebody elsewhere: when a form was sent, and not when it is shown."""
    return effect.kind is EffectKind.REDIRECT and interpreter.project.is_client(effect.span.path)


def only_shape(value: Value) -> object:
    """What a value plainly is."""
    return value.alternatives[0].shape if len(value.alternatives) == 1 else None


def claimed_in(component: Value) -> Facts:
    """The session that a component of the repository asks for in the browser."""
    shape = only_shape(component)
    claimed = asked_in_browsers(shape.function) if isinstance(shape, Closure) else None
    return frozenset({claimed}) if claimed is not None else NO_FACTS


def claimed_by_name(component: Value, name: str, at: Span) -> Facts:
    """What a component or wrapper whose code is not there asks for, by its name: `<SignedIn>`, `withAuth(Page)`."""
    is_unread = not isinstance(only_shape(component), Closure)
    return frozenset({Claimed("a session", at)}) if is_unread and SIGNED_IN_COMPONENT.matches(name) else NO_FACTS


def shown_by(interpreter: Interpreter, component: Value, around: Element, frame: Frame, state: State) -> Value:
    """What a component shows where an element of it stands."""
    given = Arguments((obj(unknown(), **{**written(around), "children": unknown({CHILDREN})}),))
    made = interpreter.invoke(component, given, frame, state, around.span)
    return interpreter.settle(made, frame, state, around.span)


def spine(component: Closure) -> Iterator[tuple[Expression, Element]]:
    """The components that a component puts around all it shows, with their elements, the outermost first.

    The last of them may be all that it shows, and have nothing inside.
    """
    last = component.function.body.statements[-1:]
    element: Expression | None = last[0].value if last and isinstance(last[0], Return) else None
    while isinstance(element, Element):
        inside = [child for child in element.children if not is_bare(child)]
        if (inside or not element.children) and element.tag is not None and not isinstance(element.tag, str):
            yield element.tag, element
        element = inside[0] if len(inside) == 1 else None


def written(around: Element) -> dict[str, Value]:
    """The attributes of an element that are written out."""
    found = (each for each in around.attributes if isinstance(each, Property))
    return {
        each.key: of(Constant(each.value.value))
        for each in found
        if isinstance(each.key, str) and isinstance(each.value, Literal)
    }


class Renderings:
    """The pages and layouts of one tree, each executed when it is first asked for."""

    def __init__(self, project: Project, interpreter: Interpreter) -> None:
        self._project, self._interpreter = project, interpreter
        self._known: dict[str, Rendering] = {}

    def keep(self, others: Renderings, changed: Collection[str]) -> None:
        """Take over what another tree knows of the files that are not among these."""
        self._known |= {path: known for path, known in others._known.items() if path not in changed}

    @cached_property
    def routes(self) -> Routes:
        """The route tree."""
        return Routes(self._project.files.paths())

    def of(self, path: str) -> Rendering:
        """What rendering a file of the router does."""
        if path not in self._known:
            with self._project.phases.of(Phase.EXECUTE):
                found = rendered(self._interpreter, path)
            self._known[path] = replace(found, facts=found.facts | self._claimed_around(path))
        return self._known[path]

    def _claimed_around(self, path: str) -> Facts:
        """What a function of a package asks for that makes the component of a file: `withPageAuthRequired(Page)`."""
        module = self._project.module(path)
        made = next((e.value for e in module.exports if e.name == "default"), None) if module is not None else None
        if not isinstance(made, Call):
            return NO_FACTS
        called = made.callee
        is_run = isinstance(called, Name) and not isinstance(self._project.local(path, called.name), PackageBinding)
        return NO_FACTS if is_run else claimed_by_name(NEVER, name_of(called), made.span)

    def layout_that_asks(self, path: str) -> Rendering | None:
        """The innermost layout around a file that asks who is there."""
        found = (self.of(layout) for layout in self.routes.layouts_above(path))
        return next((layout for layout in found if layout.check is not None), None)

    def checks_around(self, path: str) -> tuple[Span, ...]:
        """Where the layouts ask that surround the pages which reach a file; none where one of these has no such layout.

        Imports are followed from user to user, as far as `MOST_USERS` files.
        """
        found = [self.layout_that_asks(page) for page in self.pages_of(path)]
        return tuple(dict.fromkeys(each.asks_at for each in found if each is not None)) if all(found) else ()

    def pages_of(self, path: str) -> tuple[str, ...]:
        """The pages that reach a file."""
        return tuple(page for page in self._users(path) if page in self.routes.pages)

    def _users(self, path: str) -> Sequence[str]:
        reached, waiting = {path: None}, [path]
        while waiting and len(reached) < MOST_USERS:
            fresh = [user for user in self._project.importers_of(waiting.pop(0)) if user not in reached]
            reached |= dict.fromkeys(fresh)
            waiting += fresh
        return tuple(reached)


def props() -> Value:
    """What the router hands to a page or a layout: the parts of the address are the visitor's choice."""
    chosen = {name: unknown({Input(name)}) for name in ("params", "searchParams")}
    return obj(None, **chosen, children=unknown({CHILDREN}))
