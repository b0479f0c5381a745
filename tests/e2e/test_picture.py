"""The picture at the top of the README is a review that the service posted."""

from __future__ import annotations

import os
from pathlib import Path

from tests.browser import browser
from tests.e2e.app import files
from tests.e2e.picture import WIDTH, drawn
from tests.e2e.posted import assert_golden, posted
from tests.e2e.service import Service
from tests.e2e.test_review import deliver
from tests.rig.github import Rig

PICTURE = Path(__file__).parent.parent.parent / ".github" / "review.png"


def test_the_picture_of_the_readme_shows_what_the_service_posts(rig: Rig, service: Service) -> None:
    repository = rig.repository(files("main", "blog"))
    repository.push("posts", files("feature", "blog"))
    number = repository.open_pull_request("posts")
    deliver(rig, service, repository, number, "opened")
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": WIDTH, "height": 600}, device_scale_factor=1.5)
        page.set_content(drawn(repository, number, files("feature", "blog")))
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
        if os.environ.get("WRITE_GOLDEN"):
            page.screenshot(path=PICTURE, full_page=True)
    assert_golden("picture.md", posted(rig, repository, number))
    assert PICTURE.is_file()
