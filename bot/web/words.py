"""The words and colours in which pages show states."""

from __future__ import annotations

CAUSES = {
    "forge-away": "GitHub did not answer",
    "refused": "GitHub refused",
    "git": "git could not bring the code",
    "cannot-review": "the change cannot be reviewed",
    "lost": "its job was gone",
    "own-error": "an error of Preship’s own",
}
"""Why jobs fail, without the names that the reason itself may hold."""

TONES = {
    "done": "good",
    "success": "good",
    "concluded": "good",
    "queued": "warn",
    "neutral": "warn",
    "running": "warn",
    "failed": "bad",
    "failure": "bad",
    "critical": "bad",
    "high": "bad",
    "medium": "warn",
}
"""The colour of a state, a conclusion or a severity; others are quiet."""

STEPS = {
    "begun": "Begun",
    "planned": "Code read and judged",
    "reviewed": "Review posted",
    "commented": "Further comments posted",
    "summarised": "Summary posted",
    "concluded": "Check run concluded",
    "superseded": "Superseded by a newer head",
    "failed": "Given up",
}
"""The steps of a review, in sentences' beginnings."""


def lasting(seconds: float | None) -> str:
    """A duration to read: `0.8 s`, `12 s`, `3 min 20 s`, `2 h 5 min`."""
    if seconds is None:
        return "–"
    if seconds < 10:
        return f"{max(seconds, 0):.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if minutes else f"{rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
