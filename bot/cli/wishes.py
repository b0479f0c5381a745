"""What whoever asks wants otherwise than the configuration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from preship.bot.options import Complaint, rules_named

if TYPE_CHECKING:
    from preship.bot.local import Wishes


def wishes_of(
    fail_on: str | None,
    persona: str | None,
    select: Sequence[str] | None,
    ignore: Sequence[str] | None,
    baseline: Path | None,
) -> Wishes:
    """What whoever asks wants otherwise than the configuration."""
    from preship.bot.local import Wishes
    from preship.bot.report.baseline import BadBaseline, read_baseline

    selected = rules_named(select) if select else None
    ignored = rules_named(ignore or ())
    try:
        accepted = read_baseline(baseline) if baseline is not None else ()
    except BadBaseline as error:
        raise Complaint(str(error)) from error
    return Wishes(fail_on, persona, selected, ignored, accepted)
