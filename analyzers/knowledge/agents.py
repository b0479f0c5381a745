"""What agents work with: machines that run code, readers of the web, memories, tools, and workflows that they begin."""

from __future__ import annotations

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.values import Library, Promise, Value, of

MACHINE = "a machine of a service"
SANDBOX = "sandbox#machine"


def machine(library: Library, given: Arguments, calling: Calling) -> Value:
    """`Sandbox.create()`, `daytona.create()`: a promised machine."""
    calling.may_fail()
    calling.emit(EffectKind.RUN, MACHINE, f"{library.root.split('#', maxsplit=1)[0]}.create", data=given.at(0))
    return of(Promise(of(Library(SANDBOX))))


def machine_again(library: Library, given: Arguments, calling: Calling) -> Value:
    """`Sandbox.connect(id)`, `Sandbox.get({ sandboxId })`: one that is there."""
    return of(Promise(of(Library(SANDBOX))))
