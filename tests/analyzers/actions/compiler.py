"""The Next.js compiler, asked which Server Actions modules have, and whether discovery says the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from preship.analyzers.actions.discovery import Discovery
from tests.npm_modules import run_node

SCRIPT = Path(__file__).parents[2] / "npm" / "server_actions.cjs"

Said = Mapping[str, Any]
"""Of one module: `actions`, the names that it exposes, or `error`, why it is not built."""


def ask(sources: Mapping[str, str]) -> Mapping[str, Said]:
    """What the compiler says of each module, all in one process."""
    said: Mapping[str, Said] = json.loads(run_node([str(SCRIPT)], text=json.dumps(sources)))
    return said


def names_of(discovery: Discovery) -> list[str]:
    """The names as the compiler gives them; it numbers inline actions by itself."""
    return sorted("$$RSC_SERVER_ACTION" if a.form == "inline" else a.name or "" for a in discovery.actions)


def agrees(said: Said, discovery: Discovery) -> bool:
    """Whether discovery finds the same names, or refuses the module for a reason that the compiler gives."""
    if "error" in said:
        return any(refusal.why in said["error"] for refusal in discovery.refusals)
    exposed = sorted("$$RSC_SERVER_ACTION" if name.startswith("$$") else name for name in said["actions"])
    return not discovery.refusals and names_of(discovery) == exposed
