"""How busy the machine is: what waits by the clock waits longer beside other work, and is not red for it."""

from __future__ import annotations

import os


def strain() -> float:
    """How many times longer than on an idle machine anything may take now; at least 1."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
