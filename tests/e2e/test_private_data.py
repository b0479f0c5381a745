"""What the service keeps is for nobody else, and browsers that came by HTTPS stay there."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import httpx
import pytest

from tests.e2e.service import Service
from tests.patience import PATIENCE_SECONDS
from tests.rig.github import Rig


def mode(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


@pytest.mark.parametrize("is_there", [False, True])
def test_the_data_is_private_and_a_folder_that_others_could_read_is_closed(
    rig: Rig, database_url: str, tmp_path: Path, is_there: bool
) -> None:
    data = tmp_path / "service" / "data"
    if is_there:
        (data / "mirrors").mkdir(parents=True)
        data.chmod(0o755)
        (data / "mirrors").chmod(0o777)
    with Service(rig, database_url, tmp_path / "service"):
        assert (mode(data), mode(data / "mirrors")) == (0o700, 0o700)


def test_an_embedded_database_is_private_too(rig: Rig, directory: Path) -> None:
    with Service(rig, None, directory):
        data = directory / "data"
        assert (mode(data / "postgres"), mode(data / "mirrors")) == (0o700, 0o700)
        # As root its server is a user of its own: it may pass, and not look around.
        assert mode(data) == (0o700 if os.geteuid() else 0o711)


@pytest.mark.parametrize(
    ("public_url", "policy"), [("https://preship.example", "max-age=31536000"), ("http://preship.example", None)]
)
def test_browsers_that_come_by_https_are_told_to_stay_there(
    rig: Rig, database_url: str, tmp_path: Path, public_url: str, policy: str | None
) -> None:
    with Service(rig, database_url, tmp_path / "service", PRESHIP_PUBLIC_URL=public_url) as service:
        for path in ("/", "/healthz", "/rules", "/nothing"):
            answer = httpx.get(service.webhook.replace("/webhook", path), timeout=PATIENCE_SECONDS)
            assert answer.headers.get("Strict-Transport-Security") == policy
