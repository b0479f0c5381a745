"""The shape of the configuration file. The published schema is made of these classes and of their docstrings."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from preship.analyzers.analysis import CODE_KEYS, CONVENTIONS, Entry, Passed, Persona, Proof, Rows, Scope
from preship.analyzers.rulebook import rule, rules_like

_SOURCE_FILE = re.compile(r"\.[cm]?[jt]sx?$")
_FUNCTION = re.compile(r"(?P<module>.+):(?P<name>[\w$]+(?:\.[\w$]+)*)")
_NAME_PATTERN = re.compile(r"(?!(?:[^*]*\*){4})[\w*.$-]{1,100}")
_LONGEST_PATTERN = 300


class FailOn(StrEnum):
    """The mildest severity of a new finding that fails the check."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NEVER = "never"


class Level(StrEnum):
    """How severe a rule's findings are, or that it is off."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    OFF = "off"


class WhenUnseen(StrEnum):
    """How a check concludes where something that the change touches could not be judged."""

    NEUTRAL = "neutral"
    FAILURE = "failure"


def _known_rule(given: str) -> str:
    if rule(given) is None:
        meant = rules_like(given)
        hint = f"did you mean {' or '.join(meant)}?" if meant else "`preship rules` lists them"
        raise ValueError(f"there is no rule {given!r}; {hint}")
    return given


def _path_pattern(given: str) -> str:
    if not given or len(given) > _LONGEST_PATTERN:
        raise ValueError(f"a pattern has 1 to {_LONGEST_PATTERN} characters")
    if "\\" in given:
        raise ValueError("folders are parted by '/', and no character needs a backslash")
    if given.startswith(("/", "./")) or ".." in given.split("/"):
        raise ValueError("paths begin at the root of the repository, without '/' or '.' in front")
    return given


def is_source_file(module: str) -> bool:
    """Whether a module is named by its file in the repository."""
    return _SOURCE_FILE.search(module) is not None


def _function(given: str) -> str:
    found = _FUNCTION.fullmatch(given)
    if found is None:
        raise ValueError("a function is written as MODULE:NAME, such as '@acme/auth:requireUser' or 'lib/auth.ts:user'")
    if is_source_file(found["module"]):
        _path_pattern(found["module"])
        if "." in found["name"]:
            raise ValueError("a function of a file is named as the file exports it, without a dot")
    return given


def _reason(given: str) -> str:
    said = " ".join(given.split())
    if not said:
        raise ValueError("the reason is empty")
    return said


def _known_convention(given: str) -> str:
    if given not in CONVENTIONS:
        meant = get_close_matches(given, CONVENTIONS, 1)
        hint = f"did you mean {meant[0]}?" if meant else "`preship conventions` lists them"
        raise ValueError(f"there is no convention {given!r}; {hint}")
    return given


def _name_pattern(given: str) -> str:
    if not _NAME_PATTERN.fullmatch(given):
        raise ValueError("a name has 1 to 100 letters and digits, '_', '-', '.', '$', and three '*' at most")
    if not given.strip("*"):
        raise ValueError("'*' alone would be every name")
    return given


RuleId = Annotated[str, AfterValidator(_known_rule)]
ConventionId = Annotated[str, AfterValidator(_known_convention)]
NamePattern = Annotated[str, AfterValidator(_name_pattern)]
PathPattern = Annotated[str, AfterValidator(_path_pattern)]
Function = Annotated[str, AfterValidator(_function)]
Reason = Annotated[str, AfterValidator(_reason)]


class Strict(BaseModel):
    """A mapping in which every key is known."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=lambda name: name.replace("_", "-"),
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )


class Public(Strict):
    """Actions that need no session."""

    actions: PathPattern
    """A pattern of paths, `app/contact/**`; or of paths and names, `app/contact/actions.ts:send*`."""

    reason: Reason
    """Why everybody may call them. It is shown in reviews."""


class RoleBound(Strict):
    """Actions for which an account is not enough."""

    actions: PathPattern
    """A pattern of paths, `app/admin/**`; or of paths and names."""

    role: Reason
    """What the role is called. Any role or permission that the code asks for counts."""


class Excepted(Strict):
    """Findings of a rule that are meant to stand."""

    rule: RuleId
    """The rule."""

    actions: PathPattern
    """A pattern of paths, `app/admin/**`; or of paths and names. Actions to come are meant as well."""

    reason: Reason
    """Why they are meant to stand. It is shown in reviews."""


class When(StrEnum):
    """When a guard has proven something."""

    RETURNS = "returns"
    """Once it returns: without the proof it throws or redirects."""

    TRUTHY = "truthy"
    """Where its answer is truthy."""


class Guard(Strict):
    """A function that proves something of the caller, where the analysis cannot read that in its code."""

    function: Function
    """`MODULE:NAME`. The module is a file of the repository, `lib/auth.ts:requireUser`, or a package or another module
    as it is imported, `@acme/auth:requireUser`; functions of objects are written with dots, `@acme/auth:auth.protect`.
    """

    proves: Proof
    """`authentication`: the caller is somebody. `role`: they have a role as well. `ownership`: what `argument` names is
    theirs as well."""

    when: When = When.RETURNS
    """`returns`: it throws or redirects otherwise. `truthy`: its answer says so."""

    role: Reason | None = None
    """What the role is called."""

    argument: Annotated[int, Field(ge=1, le=20)] | None = None
    """For `ownership`: which argument names what belongs to the caller, from 1."""

    is_async: Annotated[bool, Field(alias="async")] = True
    """Whether it has to be awaited. Only asked where its code cannot be read."""

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.proves is Proof.OWNERSHIP and self.argument is None:
            raise ValueError("ownership needs 'argument': which one names what belongs to the caller, from 1")
        if self.proves is not Proof.OWNERSHIP and self.argument is not None:
            raise ValueError("'argument' is only for ownership")
        if self.proves is not Proof.ROLE and self.role is not None:
            raise ValueError("'role' is only for a guard that proves a role")
        return self


class WrapperProof(StrEnum):
    """What a wrapper proves."""

    AUTHENTICATION = "authentication"
    ROLE = "role"


class Wrapper(Strict):
    """A function that takes a function, and gives one that calls it for proven callers alone."""

    function: Function
    """`MODULE:NAME`, as for a guard."""

    proves: WrapperProof = WrapperProof.AUTHENTICATION
    """What is proven when the callback is called."""

    role: Reason | None = None
    """What the role is called."""

    callback: Annotated[int, Field(ge=1, le=20)] = 1
    """Which argument is the callback, from 1."""

    passes: Annotated[tuple[Passed, ...], Field(max_length=10)] = (Passed.ARGUMENTS,)
    """What the callback is called with, in order: `session`, the caller; `arguments`, those of the action."""

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.proves is not WrapperProof.ROLE and self.role is not None:
            raise ValueError("'role' is only for a wrapper that proves a role")
        return self


class Owner(Strict):
    """Whose the rows of a table are, where the schema does not say it, or says it otherwise."""

    table: Reason
    """The table, collection or model, as the schema or the code calls it. `preship schema` lists them."""

    rows: Rows = Rows.OWNED
    """`owned`: they belong to what `column` names. `tenant`: each is shared by several people. `account`: each is a
    person who signs in. `reference`: they belong to nobody. `published`: they may be for everybody to see."""

    column: Reason | None = None
    """For `owned`: the column that names what a row belongs to."""

    of: Reason | None = None
    """For `owned`: the table that the column names a row of, where neither the schema nor its name says so."""

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.rows is Rows.OWNED and self.column is None:
            raise ValueError("owned rows need 'column': which one names what a row belongs to")
        if self.rows is not Rows.OWNED and (self.column is not None or self.of is not None):
            raise ValueError("'column' and 'of' are only for owned rows")
        return self


class Names(Strict):
    """Names that follow a convention in this repository, or do not after all."""

    also: Annotated[tuple[NamePattern, ...], Field(max_length=50)] = ()
    """Names that follow it as well; `*` stands for any letters. Case does not count, nor what parts words."""

    never: Annotated[tuple[NamePattern, ...], Field(max_length=50)] = ()
    """Names that do not follow it, whatever it says."""

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if not self.also and not self.never:
            raise ValueError("a convention needs 'also' or 'never': which names follow it, or do not")
        if both := sorted({*self.also} & {*self.never}):
            raise ValueError(f"{both[0]!r} cannot follow the convention and not follow it")
        return self


class Configuration(Strict, title="Preship configuration"):
    """What a repository decides for itself. Reviews read it from the tip of the branch that a change is to go into."""

    fail_on: FailOn = FailOn.HIGH
    """The mildest severity of a new finding that fails the check, or `never`."""

    unseen: WhenUnseen = WhenUnseen.NEUTRAL
    """How the check concludes where something that the change touches could not be judged in full."""

    persona: Persona = Persona.REGULAR
    """`pedantic` also tells the findings that are for those who ask for every nuance."""

    drafts: bool | None = None
    """Whether draft pull requests are reviewed; left out, the server decides."""

    severity: Mapping[RuleId, Level] = {}
    """By rule: how severe its findings are here, or `off`."""

    scope: Scope | None = None
    """What is judged: `actions` alone, or route handlers (`route.ts`) beside them. Left out: both in a scan, and
    actions in a review."""

    only: tuple[PathPattern, ...] = ()
    """Patterns of the files whose actions are reviewed; none: all."""

    ignore: tuple[PathPattern, ...] = ()
    """Patterns of files whose actions are not reviewed."""

    public: tuple[Public, ...] = ()
    """Actions that need no session."""

    roles: tuple[RoleBound, ...] = ()
    """Actions for which an account is not enough."""

    exceptions: tuple[Excepted, ...] = ()
    """Findings that are meant to stand, by rule and action."""

    guards: tuple[Guard, ...] = ()
    """Functions that prove something of the caller."""

    wrappers: tuple[Wrapper, ...] = ()
    """Functions that call their callback for proven callers alone."""

    models: tuple[Entry, ...] = ()
    """What is known of your own packages: sessions, guards, queries, requests."""

    conventions: Mapping[ConventionId, Names] = {}
    """By convention: names of yours that follow it, or do not. `preship conventions` lists them."""

    owners: tuple[Owner, ...] = ()
    """Whose the rows of tables are, where the schema does not say it, or says it otherwise."""


def configuration_schema() -> str:
    """The JSON Schema of the file, for editors; `bot/report/configuration.schema.json` is this text."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Configuration.model_json_schema()}
    for name in ("Entry", "Row"):
        properties = schema["$defs"][name]["properties"]
        schema["$defs"][name]["properties"] = {key: each for key, each in properties.items() if key not in CODE_KEYS}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
