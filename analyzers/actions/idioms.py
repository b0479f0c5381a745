"""With which call actions begin: how a project itself asks for a session, for a role, or whose a record is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.facts import Owns, Strength, has_right
from preship.analyzers.source.tree import (
    Await,
    Call,
    Declare,
    DeclareFunction,
    Evaluate,
    Expression,
    Function,
    Member,
    Module,
    Name,
    Node,
    Span,
    This,
)
from preship.analyzers.source.walk import bound_names, within

PROOFS = frozenset({EffectKind.PROOF, EffectKind.OWN})


class Question(Enum):
    """What a guard finds out."""

    CALLER = "who is calling"
    RIGHT = "whether they have the role"
    OWNERSHIP = "whether the record is theirs"


class Manner(Enum):
    """How a call guards an action."""

    STOPS = "stops"
    """It ends the path itself: `await requireUser()`."""

    ASKS = "asks"
    """It gives an answer that the action then tests: `const session = await auth()`."""

    WRAPS = "wraps"
    """It is handed the action's code and runs it, or does not: `authed(async () => …)`."""


@dataclass(frozen=True, slots=True)
class Habit:
    """The call that guards one action."""

    manner: Manner
    callee: str
    """As written: `requireUser`, `supabase.auth.getUser`."""

    arguments: tuple[str, ...] | None
    """The variables it is given, where the call alone, awaited, would guard another action as well; None elsewhere."""


@dataclass(frozen=True, slots=True)
class Idiom:
    """The call that guards most neighbours of an action."""

    manner: Manner
    callee: str
    doing: int
    """Neighbours that it guards."""

    among: int
    """Neighbours that there are to guard, those included."""

    is_of_the_file: bool
    """Whether they stand in the action's own file; else they are the nearest ones of others."""

    statement: str | None = None
    """The call as a statement that could stand in the action itself: `await requireUser()`."""


def no_idiom(question: Question) -> Idiom | None:
    """What an action that is looked at by itself knows of its neighbours."""


def habit_of(
    action: ServerAction, effects: Sequence[Effect], place_of: Callable[[Effect], Span], question: Question
) -> Habit | None:
    """The call of an action that first answers a question, if it is one that can be named."""
    proof = next((effect for effect in effects if _answers(effect, question)), None)
    if proof is None:
        return None
    calls = {node.span: node for node in _nodes(action) if isinstance(node, Call)}
    awaited = {node.span: node.value for node in _nodes(action) if isinstance(node, Await)}
    place = place_of(proof)
    call = calls.get(place) or awaited.get(place)
    if isinstance(call, Call):
        if question is not Question.CALLER and not _leads_somewhere(call, effects):
            return None
        made_by = _made_by(call)
        return _habit(action, made_by, Manner.WRAPS if _takes_code(made_by) else Manner.STOPS)
    if isinstance(action.value, Call) and place.start == place.end:
        return _habit(action, action.value, Manner.WRAPS)
    if question is not Question.CALLER:
        return None
    asking = [effect for effect in effects[: effects.index(proof)] if effect.kind is EffectKind.ASK]
    call = calls.get(place_of(asking[-1])) if asking else None
    return _habit(action, call, Manner.ASKS) if call is not None else None


def _answers(effect: Effect, question: Question) -> bool:
    """Whether an effect is the moment from which on the path knows the answer."""
    if question is Question.CALLER:
        return effect.kind is EffectKind.PROOF
    if effect.kind not in PROOFS:
        return False
    if question is Question.RIGHT:
        return has_right(effect.facts)
    return any(isinstance(fact, Owns) and fact.strength > Strength.POSSIBLE for fact in effect.facts)


def _leads_somewhere(call: Call, effects: Sequence[Effect]) -> bool:
    """Whether a call runs code of the repository: a query by the caller's own key guards nobody else."""
    return any(call.span in effect.trail for effect in effects)


def _made_by(call: Call) -> Call:
    """The call that makes what is called: the inner one of `withUser(async () => …)()`."""
    return _made_by(call.callee) if isinstance(call.callee, Call) else call


def idiom_of(habits: Iterable[Habit | None], *, is_of_the_file: bool, known: Collection[str] = ()) -> Idiom | None:
    """What at least half of some actions do alike; None stands for an action without a habit.

    `known` are the names that can stand in a statement of the action for which the idiom is sought.
    """
    told = list(habits)
    ways = Counter((habit.manner, habit.callee) for habit in told if habit is not None)
    if not ways:
        return None
    (manner, callee), doing = ways.most_common(1)[0]
    if doing * 2 < len(told):
        return None
    alike = [habit for habit in told if habit is not None and (habit.manner, habit.callee) == (manner, callee)]
    statement = next(filter(None, (_statement(habit, known) for habit in alike)), None)
    return Idiom(manner, callee, doing, len(told), is_of_the_file, statement)


def names_at(action: ServerAction, module: Module) -> frozenset[str]:
    """What can be named at the top of an action: what its module imports or declares, and its own parameters."""
    if action.function is None:
        return frozenset()
    imported = {each.local for each in module.imports}
    functions = {each.name for each in module.statements if isinstance(each, DeclareFunction)}
    patterns = [each.pattern for each in module.statements if isinstance(each, Declare)]
    patterns += [parameter.pattern for parameter in action.function.body.parameters]
    return frozenset(imported | functions | {name.name for pattern in patterns for name in bound_names(pattern)})


def _statement(habit: Habit, known: Collection[str]) -> str | None:
    """The habit as a statement, where all that it names is at hand."""
    if habit.arguments is None or not {habit.callee, *habit.arguments} <= set(known):
        return None
    return f"await {habit.callee}({', '.join(habit.arguments)})"


def _habit(action: ServerAction, call: Call, manner: Manner) -> Habit | None:
    callee = _written(call.callee)
    if callee is None:
        return None
    return Habit(manner, callee, _arguments(action, call) if manner is Manner.STOPS else None)


def _arguments(action: ServerAction, call: Call) -> tuple[str, ...] | None:
    """The variables that a call is given, if it stands by itself at the top of the action, awaited, in one variable."""
    if not isinstance(call.callee, Name) or action.function is None:
        return None
    awaited = (
        statement.value
        for statement in action.function.body.statements
        if isinstance(statement, Evaluate | Declare) and isinstance(statement.value, Await)
    )
    if not any(each.value is call for each in awaited):
        return None
    names = tuple(argument.name for argument in call.arguments if isinstance(argument, Name))
    return names if len(names) == len(call.arguments) else None


def calls_already(action: ServerAction, idiom: Idiom) -> bool:
    """Whether an action itself makes the call: whatever it lacks, this is no advice."""
    return any(isinstance(node, Call) and _written(node.callee) == idiom.callee for node in _nodes(action))


def _takes_code(call: Call) -> bool:
    return any(isinstance(argument, Function) for argument in call.arguments)


def _nodes(action: ServerAction) -> Iterator[Node]:
    roots = [root for root in (action.function, action.value) if root is not None]
    return iter(within(*roots))


def _written(callee: Expression) -> str | None:
    """A callee as the code writes it; None for what is no plain name."""
    if isinstance(callee, Name):
        return callee.name
    if isinstance(callee, This):
        return "this"
    if isinstance(callee, Member):
        holder = _written(callee.object)
        return f"{holder}.{callee.name}" if holder is not None else None
    return None
