"""The rig as a fixture: a test that says anything GitHub does not document has failed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.github import Rig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A GitHub of this test's own."""
    with Rig(tmp_path / "github") as rig:
        yield rig
        assert not rig.violations
