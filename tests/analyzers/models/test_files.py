"""The model files: each says what can be said, is found by what it is about, and is read once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from preship.analyzers.models import files
from preship.analyzers.models.files import FOLDER, WrongModels, entries_about, entries_in, read
from preship.analyzers.models.handlers import models_of

FILES = sorted(FOLDER.glob("*.yml"))

MADE_UP = """
- packages: [made-up]
  source: https://example.com/docs
  calls:
    save: {request: write, target: a made-up store, key: 0.id, data: 0}
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_model_file_is_found_by_everything_that_it_is_about(path: Path) -> None:
    for entry in read(path.read_bytes(), path.name):
        assert entry.source.startswith("https://")
        for root in entry.roots:
            assert entry in entries_about(root)
            assert models_of(entry)[root].source == entry.source


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_compiled_file_says_what_the_text_says(path: Path) -> None:
    assert entries_in(path) == read(path.read_bytes(), path.name)


def test_a_file_that_was_changed_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "made_up.yml"
    path.write_text(MADE_UP)
    (before,) = entries_in(path)
    path.write_text(MADE_UP.replace("write", "erase").replace("erase", "fetch"))
    files.entries_in.cache_clear()
    (after,) = entries_in(path)
    assert (before.calls["save"].request, after.calls["save"].request) == ("write", "fetch")


def test_a_file_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    path = tmp_path / "made_up.yml"
    path.write_text(MADE_UP)
    entries = entries_in(path)
    (compiled,) = (tmp_path / "__pycache__").iterdir()
    written = compiled.stat().st_mtime_ns
    files.entries_in.cache_clear()
    assert entries_in(path) == entries
    assert compiled.stat().st_mtime_ns == written


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (MADE_UP.replace("target", "taget"), "taget"),
        (MADE_UP.replace("request: write", "request: wirte"), "'read', 'insert', 'write'"),
        (MADE_UP.replace("0.id", "id"), "'key' is an argument from 0, or a field of one"),
        (
            MADE_UP.replace("request: write", "request: write, session: me"),
            "'session' and 'request' do not go together",
        ),
        (MADE_UP.replace("request: write, ", ""), "a row says what kind of call it is; write one of session, guard"),
        (MADE_UP.replace("request: write", "guard: Acme"), "'data' is no option of 'guard'; it has now, owns, role"),
        (MADE_UP.replace("- packages: [made-up]\n  ", "- "), "an entry is about 'packages' or 'things'"),
        ("- packages: [", "made_up.yml: while parsing a flow"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, says: str) -> None:
    with pytest.raises(WrongModels) as refused:
        read(text.encode(), "made_up.yml")
    assert says in str(refused.value)
