"""The user whom Supabase's server has confirmed, in the place of the session that a cookie holds."""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.edits.scene import Scene, Splice, names_in, own_statements, spliced
from preship.analyzers.rule import Edit
from preship.analyzers.source.tree import Await, Call, Declare, Member, Name, Node, ObjectPattern, PatternProperty
from preship.analyzers.source.walk import children

CLAIMED, CONFIRMED = "session", "user"
"""What `getSession()` and `getUser()` give back: https://supabase.com/docs/reference/javascript/auth-getuser"""


def confirmed(scene: Scene) -> Iterator[Edit]:
    """`getUser()` instead of `getSession()`, where of the session only the user is looked at."""
    for statement in own_statements(scene.function):
        if isinstance(statement, Declare) and CONFIRMED not in names_in_patterns(scene):
            asked, given = call_of(statement), entry_of(statement)
            uses = splices_of(scene, statement) if asked is not None and given is not None else None
            if asked is not None and given is not None and uses is not None:
                method = asked.span._replace(start=asked.span.end - len("getSession"), line=asked.span.end_line)
                yield spliced(scene, [Splice(given.span, CONFIRMED), Splice(method, "getUser"), *uses])


def call_of(statement: Declare) -> Member | None:
    """`supabase.auth.getSession` in `… = await supabase.auth.getSession()`."""
    call = statement.value.value if isinstance(statement.value, Await) else None
    callee = call.callee if isinstance(call, Call) else None
    return callee if isinstance(callee, Member) and callee.name == "getSession" else None


def entry_of(statement: Declare) -> PatternProperty | None:
    """`session` in `const { data: { session } }`."""
    outer = statement.pattern.properties if isinstance(statement.pattern, ObjectPattern) else ()
    inner = [each.pattern for each in outer if each.key == "data"]
    parts = [entry for each in inner if isinstance(each, ObjectPattern) for entry in each.properties]
    is_short = len(parts) == 1 and parts[0].key == CLAIMED and parts[0].span == parts[0].pattern.span
    return parts[0] if is_short else None


def names_in_patterns(scene: Scene) -> frozenset[str]:
    """Every variable of the action."""
    return names_in(*scene.function.body.parameters, *scene.function.body.statements)


def splices_of(scene: Scene, statement: Declare) -> list[Splice] | None:
    """The places where the session is looked at, each as it reads of the user; None where more of it is needed."""
    found: list[Splice] = []
    waiting: list[Node] = [each for each in scene.function.body.statements if each is not statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Member) and isinstance(node.object, Name) and node.object.name == CLAIMED:
            if node.name != CONFIRMED:
                return None
            found.append(Splice(node.span, CONFIRMED))
        elif isinstance(node, Name) and node.name == CLAIMED:
            found.append(Splice(node.span, CONFIRMED))
        else:
            waiting.extend(children(node))
    return found
