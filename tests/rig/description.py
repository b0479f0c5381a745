"""GitHub's OpenAPI description, as the judge of every request we send and of every answer the fake gives.

The description itself admits unknown fields nearly everywhere. We do not: a misspelled field must fail a test.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from tests.npm_modules import node_modules

ROOT = "urn:github"

Schema = Mapping[str, Any]

TEXTS = {"date-time": "2026-01-01T00:00:00Z", "uri": "https://example.com/", "email": "ada@example.com"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One documented operation, met by a request."""

    template: str
    """`/repos/{owner}/{repo}/pulls/{pull_number}`."""

    method: str
    """In lower case."""

    parameters: Mapping[str, str]
    """The values of the path's parameters."""


class Description:
    """What GitHub says about its REST API."""

    def __init__(self, document: Schema) -> None:
        self._document = document
        resource = Resource(contents=document, specification=DRAFT4)
        self._registry: Registry[Any] = Registry().with_resource(ROOT, resource)
        self._patterns = [(template, _pattern(template)) for template in document["paths"]]

    def operation(self, method: str, path: str) -> Operation | None:
        """The documented operation behind a request; literal segments win over parameters."""
        found = [
            Operation(template, method.lower(), match.groupdict())
            for template, pattern in self._patterns
            if (match := pattern.fullmatch(path)) and method.lower() in self._document["paths"][template]
        ]
        return min(found, key=lambda operation: operation.template.count("{"), default=None)

    def faults_of_request(self, operation: Operation, query: Mapping[str, str], body: Any) -> list[str]:
        """Everything about a request that GitHub does not document."""
        said = self._said(operation)
        known = {parameter["name"] for parameter in map(self._resolved, said.get("parameters", ()))}
        faults = [f"unknown query parameter {name!r}" for name in query if name not in known]
        if "requestBody" not in said:
            return faults + (["a body where none belongs"] if body is not None else [])
        if body is None:
            return faults + (["no body"] if said["requestBody"].get("required") else [])
        return faults + self.faults(self._pointer(operation, "requestBody", "content", "application/json"), body)

    def faults_of_answer(self, operation: Operation, status: int, body: Any) -> list[str]:
        """Everything about an answer that GitHub does not document."""
        answer = self._said(operation)["responses"].get(str(status))
        if answer is None and status >= 400:
            # Every operation may refuse; GitHub does not repeat at each what holds for all.
            return self.faults(f"{ROOT}#/components/schemas/basic-error", body)
        if answer is None:
            return [f"status {status} is not documented"]
        if "$ref" in answer:
            return self.faults(f"{ROOT}{answer['$ref']}/content/application~1json/schema", body)
        if "content" not in answer:
            return ["a body where none belongs"] if body is not None else []
        return self.faults(self._pointer(operation, "responses", str(status), "content", "application/json"), body)

    def faults(self, reference: str, value: Any) -> list[str]:
        """Where `value` differs from a schema, unknown fields included."""
        validator = OAS30Validator({"$ref": reference}, registry=self._registry, format_checker=oas30_format_checker)
        said = [
            f"{error.json_path}: {error.message[:300]}"
            for error in validator.iter_errors(value)
            # GitHub sends null for its nullable enumerations, and leaves null out of the enumerations themselves.
            if not (error.validator == "enum" and error.instance is None and error.schema.get("nullable"))
        ]
        return said + list(self._unknown_fields(self._lookup(reference), value, "$"))

    def smallest(self, name: str) -> Any:
        """A value of a component schema with its required fields alone, filled from GitHub's examples."""
        schema = self._lookup(f"{ROOT}#/components/schemas/{name}")
        return self._example({key: value for key, value in schema.items() if key != "nullable"})

    def _example(self, schema: Schema) -> Any:
        schema = self._resolved(schema)
        if "example" in schema:
            return schema["example"]
        if schema.get("nullable"):
            return None
        for branch in ("allOf", "oneOf", "anyOf"):
            if branch in schema and "properties" not in schema:
                return self._example(schema[branch][0])
        if "enum" in schema:
            return schema["enum"][0]
        return self._example_of_type(schema)

    def _example_of_type(self, schema: Schema) -> Any:
        match schema.get("type", "object"):
            case "object":
                properties = schema.get("properties", {})
                required = [name for name in schema.get("required", ()) if name in properties]
                return {name: self._example(properties[name]) for name in required}
            case "array":
                return []
            case "string":
                return TEXTS.get(schema.get("format", ""), "text")
            case "boolean":
                return False
            case _:
                return 1

    def _unknown_fields(self, schema: Schema, value: Any, place: str) -> Iterator[str]:
        if isinstance(value, list):
            items = self._resolved(schema).get("items")
            for index, item in enumerate(value if items is not None else ()):
                yield from self._unknown_fields(items, item, f"{place}[{index}]")
        if not isinstance(value, dict) or self._is_open(schema):
            return
        known = dict(self._properties(schema))
        for name, inner in value.items():
            if name in known:
                yield from self._unknown_fields(known[name], inner, f"{place}.{name}")
            elif known:
                yield f"{place}: unknown field {name!r}"

    def _properties(self, schema: Schema) -> Iterator[tuple[str, Schema]]:
        """The properties of a schema and of all its branches."""
        schema = self._resolved(schema)
        for branch in ("anyOf", "oneOf", "allOf"):
            for inner in schema.get(branch, ()):
                yield from self._properties(inner)
        yield from schema.get("properties", {}).items()

    def _is_open(self, schema: Schema) -> bool:
        """Whether the schema is a map from any name: `additionalProperties` beside no named property."""
        schema = self._resolved(schema)
        return isinstance(schema.get("additionalProperties"), dict) or (
            schema.get("additionalProperties") is True and "properties" not in schema
        )

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self._lookup(schema["$ref"])
        return schema

    def _lookup(self, reference: str) -> Schema:
        found: Schema = self._registry.resolver(ROOT).lookup(reference).contents
        return found

    def _said(self, operation: Operation) -> Schema:
        said: Schema = self._document["paths"][operation.template][operation.method]
        return said

    def _pointer(self, operation: Operation, *steps: str) -> str:
        names = ("paths", operation.template, operation.method, *steps, "schema")
        return f"{ROOT}#/" + "/".join(quote(name.replace("~", "~0").replace("/", "~1"), safe="~") for name in names)


def _pattern(template: str) -> re.Pattern[str]:
    """The template as a pattern; a parameter is one segment, `basehead` and `path` may span several."""
    literals = re.split(r"\{[\w-]+\}", template)
    names = [name.replace("-", "_") for name in re.findall(r"\{([\w-]+)\}", template)]
    groups = [f"(?P<{name}>{'.+' if name in ('basehead', 'path') else '[^/]+'})" for name in names]
    text = "".join(re.escape(literal) + group for literal, group in zip(literals, [*groups, ""], strict=True))
    return re.compile(text)


@functools.cache
def description() -> Description:
    """GitHub's description of api.github.com."""
    path = node_modules() / "@octokit/openapi/generated/api.github.com.json"
    return Description(json.loads(path.read_text(encoding="utf-8")))
