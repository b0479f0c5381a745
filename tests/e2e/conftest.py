"""A service and a GitHub for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.service import Service
from tests.rig.fixtures import rig as rig
from tests.rig.github import Rig


@pytest.fixture
def service(rig: Rig, database_url: str, tmp_path: Path) -> Iterator[Service]:
    """`preship serve` on an empty database."""
    with Service(rig, database_url, tmp_path / "service") as service:
        yield service
