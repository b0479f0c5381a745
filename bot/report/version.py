"""Preship's own version; apart from all else, so that telling it loads nothing."""

from __future__ import annotations

from importlib.metadata import version


def tool_version() -> str:
    """As it was installed."""
    return version("preship-bot")
