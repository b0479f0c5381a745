"""Writes an exception into a configuration file as a person would: one item more, and not a letter else changed.

What was written is read again and has to be the old configuration with the new item: where the file is written in a way
that this cannot be done, nobody's file is changed.
"""

from __future__ import annotations

from dataclasses import dataclass

import yaml
from pydantic import ValidationError

from preship.bot.configuration.document import Value, read_document
from preship.bot.configuration.model import Configuration, Excepted
from preship.bot.review.characters import spelled

_KEY = "exceptions"
_LONGEST_REASON = 500
_HEADING = "# What this repository decides for itself about its reviews by Preship.\n"


class CannotEdit(Exception):
    """The file cannot be given one item more. The text says why, to whoever wanted it."""


class AlreadySaid(CannotEdit):
    """The file says this already."""


@dataclass(frozen=True, slots=True)
class Exempt:
    """Findings of a rule that are meant to stand, as a person asked for it."""

    rule: str
    actions: str
    reason: str

    @property
    def yaml(self) -> str:
        """The file that would say this and nothing else."""
        return f"{_KEY}:\n{self.item('  ')}"

    def item(self, indent: str) -> str:
        """The item of the list."""
        fields = {"rule": self.rule, "actions": self.actions, "reason": self.reason}
        dumped = yaml.safe_dump([fields], sort_keys=False, allow_unicode=True, width=float("inf"))
        return "".join(f"{indent}{line}\n" for line in dumped.splitlines())


def exempt(rule: str, actions: str, reason: str) -> Exempt:
    """What was asked for, if it may stand in a file. Raises `CannotEdit`."""
    if spelled(actions + reason, "") != actions + reason:
        raise CannotEdit("It has characters in it that nobody can see.")
    if len(reason) > _LONGEST_REASON:
        raise CannotEdit(f"A reason has {_LONGEST_REASON} characters at most.")
    try:
        meant = Excepted.model_validate({"rule": rule, "actions": actions, "reason": reason})
    except ValidationError as error:
        [*_, first] = error.errors(include_url=False)
        raise CannotEdit(f"{first['msg'].removeprefix('Value error, ').capitalize()}.") from None
    return Exempt(meant.rule, meant.actions, meant.reason)


def with_exception(content: bytes | None, wanted: Exempt) -> bytes:
    """The content of a file, or of none, with an exception more. Raises `CannotEdit`."""
    if content is None or not content.strip():
        return (_HEADING + wanted.yaml).encode()
    before = _read(content)
    _check_is_new(before, wanted)
    text = content.decode("utf-8")
    newline = "\r\n" if "\r\n" in text else "\n"
    edited = _edited(text, wanted, newline).encode()
    after = read_document(edited)
    if after.mistakes or after.value != _expected(before, wanted):
        raise CannotEdit("The file is written in a way that I do not dare to edit.")
    return edited


def _read(content: bytes) -> dict[str, Value]:
    document = read_document(content)
    value = document.value if document.value is not None else {}
    try:
        Configuration.model_validate(value)
        if document.mistakes or not isinstance(value, dict):
            raise CannotEdit("The file has mistakes: `preship check-config` shows them.")
    except ValidationError:
        raise CannotEdit("The file has mistakes: `preship check-config` shows them.") from None
    return value


def _check_is_new(before: dict[str, Value], wanted: Exempt) -> None:
    for each in Configuration.model_validate(before).exceptions:
        if (each.rule, each.actions) == (wanted.rule, wanted.actions):
            raise AlreadySaid(f"The file says so already: {each.reason}")


def _expected(before: dict[str, Value], wanted: Exempt) -> Value:
    standing = before.get(_KEY)
    added: Value = {"rule": wanted.rule, "actions": wanted.actions, "reason": wanted.reason}
    return {**before, _KEY: [*(standing if isinstance(standing, list) else []), added]}


def _edited(text: str, wanted: Exempt, newline: str) -> str:
    """The text with the item behind the last one of its list, or with a list at the end."""
    # What stands in front of the document is no part of what the parser counts.
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix(mark)
    root = yaml.compose(body, Loader=yaml.SafeLoader)
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if key.value == _KEY:
                return mark + _with_item(body, key, value, wanted, newline)
    indent = " " * root.start_mark.column if isinstance(root, yaml.MappingNode) else ""
    block = "".join(f"{indent}{line}\n" for line in wanted.yaml.splitlines())
    end = "" if body.endswith("\n") else newline
    return mark + body + end + block.replace("\n", newline)


def _with_item(body: str, key: yaml.Node, value: yaml.Node, wanted: Exempt, newline: str) -> str:
    """The text with the item in the list that stands behind a key."""
    items = value.value if isinstance(value, yaml.SequenceNode) else []
    column = value.start_mark.column if items else key.start_mark.column + 2
    place = _line_behind(body, _last_scalar(value) if items else key)
    item = wanted.item(" " * column).replace("\n", newline)
    return body[:place] + ("" if body[:place].endswith("\n") else newline) + item + body[place:]


def _line_behind(body: str, node: yaml.Node) -> int:
    """Where the line begins that follows a scalar, with whatever else stands on its last line."""
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return body.rfind("\n", 0, node.end_mark.index) + 1
    end = body.find("\n", node.end_mark.index)
    return len(body) if end < 0 else end + 1


def _last_scalar(node: yaml.Node) -> yaml.Node:
    """The node that ends last in the text; the ends of lists and mappings are where the next thing begins."""
    while not isinstance(node, yaml.ScalarNode) and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node
