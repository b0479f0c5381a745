"""What one line of code does to the world, in words."""

from __future__ import annotations

from preship.analyzers.flow.effects import Client, EffectKind
from tests.analyzers.knowledge.shown import shown
from tests.analyzers.running import run

SILENT = {EffectKind.RETURN, EffectKind.THROW, EffectKind.PROOF, EffectKind.FILTER}


def done(imports: str, body: str) -> list[str]:
    """The effects of an action `act(input)` with this body, each as `kind target key -> data`."""
    code = f"'use server'\n{imports}\nexport async function act(input) {{\n{body}\n}}\n"
    found = run(code)["act"].effects
    return [
        f"{'as caller: ' if e.client is Client.CALLER else ''}{e.kind} {e.target} {shown(e.key)} -> {shown(e.data)}"
        for e in found
        if e.kind not in SILENT
    ]


def given(imports: str, body: str) -> str:
    """What an action `act(input)` with this body returns."""
    return shown(run(f"'use server'\n{imports}\nexport async function act(input) {{\n{body}\n}}\n")["act"].result)
