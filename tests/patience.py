"""How long a test waits for what does not come. Nothing is measured by it: a busy machine only takes longer."""

from __future__ import annotations

PATIENCE_SECONDS = 900.0
"""Far beyond what anything takes, beside ten busy processes too: what hangs fails its test, what is slow does not."""
