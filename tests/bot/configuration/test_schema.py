"""The published schema is that of the file: it agrees with the reader on what is right and what is wrong."""

from __future__ import annotations

import json
import re
import textwrap
from importlib.resources import files

import jsonschema
import pytest
import yaml

from preship.bot.configuration.model import configuration_schema
from tests.bot.configuration.test_reading import WHOLE, mistakes

BOOLEAN = "tag:yaml.org,2002:bool"


def published() -> str:
    return files("preship.bot.report").joinpath("configuration.schema.json").read_text(encoding="utf-8")


def test_what_is_published_is_what_the_file_is_read_by() -> None:
    """Where it differs: `uv run preship check-config --schema > bot/report/configuration.schema.json`."""
    assert published() == configuration_schema()


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(published()))


def is_right(text: str) -> bool:
    validator = jsonschema.Draft202012Validator(json.loads(published()))
    return bool(validator.is_valid(yaml.load(text, Loader=Yaml12)))


class Yaml12(yaml.SafeLoader):
    """Reads words as editors do: `off` and `no` are text in YAML 1.2. https://yaml.org/spec/1.2.2/#1032-tag-resolution"""


Yaml12.yaml_implicit_resolvers = {
    first: [each for each in resolvers if each[0] != BOOLEAN]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml12.add_implicit_resolver(BOOLEAN, re.compile(r"^(?:true|false)$"), list("tf"))


@pytest.mark.parametrize("text", [textwrap.dedent(WHOLE).replace("async: no", "async: false"), "{}", "drafts: false"])
def test_what_the_reader_takes_the_schema_takes(text: str) -> None:
    assert (mistakes(text), is_right(text)) == ([], True)


@pytest.mark.parametrize(
    "text",
    [
        "fail-on: hgh",
        "severty: {}",
        "severity: {raw-record-return: none}",
        "ignore: app/",
        "public: [{actions: app/}]",
        "guards: [{function: 'a:b', proves: luck}]",
        "guards: [{function: 'a:b', proves: ownership, argument: 0}]",
        "wrappers: [{function: 'a:b', passes: [luck]}]",
        "models: [{packages: [a], calls: {f: {sesion: Acme}}}]",
        "models: [{packages: [a], calls: {f: {effect: wirte}}}]",
        "models: [{packages: [a], calls: {f: {python: rows.text}}}]",
        "models: [{packages: a}]",
    ],
)
def test_what_the_schema_refuses_the_reader_refuses(text: str) -> None:
    assert not is_right(text)
    assert mistakes(text)
