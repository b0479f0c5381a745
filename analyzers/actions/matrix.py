"""Which permission an action's own code names where it asks for one, and whose kind of records that is about.

The code that looks the permission up is another matter: what is asked for stands where it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.conventions.permissions import (
    ASKING_CALL,
    OTHER_OPERATION,
    PORTAL_WORD,
    RIGHT_PROPERTY,
    SERVED_WORD,
)
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.source.tree import (
    Call,
    Expression,
    Function,
    Literal,
    Member,
    Name,
    Node,
    ObjectLiteral,
    Property,
    Span,
)
from preship.analyzers.source.walk import within

CHANGES = frozenset({EffectKind.INSERT, EffectKind.WRITE, EffectKind.DELETE})

OPERATIONS = {
    **dict.fromkeys(("create", "add", "insert", "new", "invite"), frozenset({EffectKind.INSERT})),
    **dict.fromkeys(("update", "edit", "change", "archive", "approve", "publish"), frozenset({EffectKind.WRITE})),
    **dict.fromkeys(("delete", "remove", "destroy"), frozenset({EffectKind.DELETE, EffectKind.WRITE})),
    **dict.fromkeys(("manage", "write", "modify", "mutate", "admin"), CHANGES),
}
"""What the last or first word of a permission allows; a record that is archived counts for deleted."""


@dataclass(frozen=True, slots=True)
class Permission:
    """What some code asks whether the caller may do."""

    text: str
    """As the code writes it: `clients.delete`."""

    resource: str
    """The records that it is about, in the singular and without separators: `client`."""

    operations: frozenset[EffectKind]
    at: Span

    def covers(self, effect: Effect) -> bool:
        """Whether it is what allows an effect."""
        return effect.kind in self.operations and self.resource == singular(effect.target)


@dataclass(frozen=True, slots=True)
class Door:
    """An action, with what it does and the permissions that it names."""

    name: str
    effects: tuple[Effect, ...]
    permissions: tuple[Permission, ...]
    wrapper: str | None = None
    """With what the expression begins that makes it, where one does."""

    is_beside: bool = False
    """Whether it stands in the same file as the action that is judged."""

    is_route: bool = False
    """Whether it is a handler of requests: what it does is not looked at, only what it names."""


def permissions_named(action: ServerAction) -> Iterator[Permission]:
    """The permissions that an action's own code, or what makes it, names in the calls that ask for a right."""
    roots = [root for root in (action.function, action.value) if root is not None]
    for node in within(*roots):
        if isinstance(node, Call) and ASKING_CALL.matches(_last_name(node.callee)):
            yield from _asked_by(node)


SEPARATORS = bytes(set(range(256)) - set(b"abcdefghijklmnopqrstuvwxyz0123456789"))
"""Every byte that is no letter or digit of a name in lower case."""


def mentions(table: str, content: bytes) -> bool:
    """Whether a file says the name of a table, one row of it or many, however it is spelled."""
    return singular(table).encode() in content.lower().translate(None, delete=SEPARATORS)


def is_about(action: ServerAction, target: str) -> bool:
    """Whether an action, its file or a folder close around is called after the records that it changes."""
    near = "/".join(action.path.split("/")[-3:])
    last = [singular(word) for word in words_of(target)][-1:]
    said = {singular(word) for word in words_of(f"{near} {action.name_in_code or ''}")}
    return bool(last) and last[0] in said


def is_in_a_portal(path: str, name: str) -> bool:
    """Whether an action is there for those whom the application serves, by the words of its path or its name."""
    return any(PORTAL_WORD.matches(word) for word in words_of(f"{path.rsplit('.', 1)[0]} {name}"))


def is_for_those_served(path: str, name: str) -> bool:
    """Whether an action is called, or lies in a file that is called, after those whom the application serves."""
    return any(SERVED_WORD.matches(word) for word in words_of(f"{path.rsplit('.', 1)[0]} {name}"))


def words_of(text: str) -> list[str]:
    """The words of a name, in lower case: of `clients.delete`, `CLIENT_DELETE`, `deleteClients`."""
    parted = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text)
    return [word.lower() for word in re.split(r"[^A-Za-z0-9]+", parted) if word]


def singular(name: str) -> str:
    """A name in the singular, without separators: `order_items` and `OrderItem` are one."""
    word = re.sub(r"[^a-z0-9]", "", name.lower())
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if re.search(r"(ss|x|ch|sh)es$", word):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _asked_by(call: Call) -> Iterator[Permission]:
    """One for each text that says both what and of what; else all together: `can('delete', 'Client')`."""
    texts = list(_texts_of(call))
    whole = [found for text in texts if (found := _permission(text, words_of(text), call.span)) is not None]
    if whole:
        yield from whole
        return
    joined = [word for text in texts for word in words_of(text)]
    found = _permission(" ".join(texts), joined, call.span)
    if found is not None:
        yield found


def _permission(text: str, words: list[str], at: Span) -> Permission | None:
    verbs = [word for word in words if word in OPERATIONS]
    rest = [word for word in words if word not in OPERATIONS and not OTHER_OPERATION.matches(word)]
    if not verbs or not rest:
        return None
    operations = frozenset(kind for verb in verbs for kind in OPERATIONS[verb])
    return Permission(text, singular("".join([*rest[:-1], singular(rest[-1])])), operations, at)


def _texts_of(call: Call) -> Iterator[str]:
    """The words that a call is given, and of a list that it is asked of, the name: `matrix.clients.includes(…)`."""
    is_looked_up = isinstance(call.callee, Member) and call.callee.name in {"includes", "has"}
    if is_looked_up and isinstance(call.callee, Member) and isinstance(call.callee.object, Member):
        yield call.callee.object.name
    for argument in call.arguments:
        if not isinstance(argument, Function):
            yield from _texts_in(argument)


def _texts_in(node: Node) -> Iterator[str]:
    if isinstance(node, ObjectLiteral):
        for each in node.properties:
            if isinstance(each, Property) and isinstance(each.key, str) and RIGHT_PROPERTY.matches(each.key):
                yield from _all_texts(each.value)
            elif isinstance(each, Property) and isinstance(each.value, ObjectLiteral):
                yield from _texts_in(each.value)
        return
    yield from _all_texts(node)


def _all_texts(node: Node) -> Iterator[str]:
    for each in within(node):
        if isinstance(each, Literal) and isinstance(each.value, str) and _is_a_name(each.value):
            yield each.value
        elif isinstance(each, Member) and isinstance(each.object, Name | Member) and (text := _constant(each)):
            yield text
        elif isinstance(each, ObjectLiteral):
            yield from (p.key for p in each.properties if isinstance(p, Property) and isinstance(p.key, str))


MOST_LETTERS = 60


def _is_a_name(text: str) -> bool:
    return len(text) <= MOST_LETTERS and not re.search(r"[\s/?]", text)


def _constant(member: Member) -> str | None:
    """What a constant is called, behind the name of all of them: `CLIENT_DELETE` of `Permissions.CLIENT_DELETE`."""
    names: list[str] = [member.name]
    holder: Expression = member.object
    while isinstance(holder, Member):
        names.insert(0, holder.name)
        holder = holder.object
    return ".".join(names) if isinstance(holder, Name) and holder.name[:1].isupper() else None


def _last_name(callee: Expression) -> str:
    return callee.name if isinstance(callee, Name | Member) else ""
