"""The parameters of an action as its authors declare them: for words, for curl commands, and never for proof."""

from __future__ import annotations

from dataclasses import dataclass

from preship.analyzers.flow.origins import Input
from preship.analyzers.flow.values import Closure, Value
from preship.analyzers.source import tree


@dataclass(frozen=True, slots=True)
class DeclaredParameter:
    """One parameter of an action."""

    name: str
    """`argument 1` for the first one, where it is taken apart and has no name."""

    type_text: str = ""
    """The annotation as written; empty where there is none."""

    is_rest: bool = False
    """Whether it stands for all further arguments."""

    may_be_left_out: bool = False
    """Whether a call without it works: it is optional, or has a default."""

    def __str__(self) -> str:
        """`name: type`."""
        return f"{self.label}: {self.type_text}" if self.type_text else self.label

    @property
    def label(self) -> str:
        """What a sentence calls it: `...rest`."""
        return f"...{self.name}" if self.is_rest else self.name


def parameters_of(callee: Value) -> tuple[DeclaredParameter, ...]:
    """The parameters of a function, in their order."""
    for a in callee.alternatives:
        if isinstance(a.shape, Closure):
            return tuple(declared(each, i) for i, each in enumerate(a.shape.function.body.parameters))
    return ()


def declared(parameter: tree.Parameter, index: int) -> DeclaredParameter:
    """A parameter in its place."""
    may_be_left_out = parameter.is_optional or parameter.default is not None
    return DeclaredParameter(
        name_of(parameter, index), parameter.type_text or "", parameter.is_rest, may_be_left_out=may_be_left_out
    )


def name_of(parameter: tree.Parameter, index: int) -> str:
    """A parameter's name, or its place."""
    return input_of(parameter, index).parameter


def input_of(parameter: tree.Parameter, index: int) -> Input:
    """What a caller sends for a parameter."""
    if isinstance(parameter.pattern, tree.NamePattern):
        return Input(parameter.pattern.name)
    return Input(f"argument {index + 1}", place=index)
