"""The app of ours that the end-to-end tests review; see `tests/apps/README.md`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

APPS = Path(__file__).parent.parent / "apps"


def files(stage: str, app: str = "invoices") -> Mapping[str, str]:
    """The files of one stage by path."""
    root = APPS / app / stage
    return {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
