"""Amazon Cognito: who is signed in, as Amplify tells it, and the commands that prove, change or administer accounts."""

from __future__ import annotations

import re

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Remote
from preship.analyzers.flow.values import PLAIN, Library, Promise, Value, obj, of, unknown
from preship.analyzers.knowledge.rows import (
    Handler,
    gives,
    identity,
    is_absent,
    native,
    option,
    proof,
    record,
)
from preship.analyzers.knowledge.stores import Call, Part, asked, no_part

AMPLIFY, COGNITO = "AWS Amplify", "Amazon Cognito"
DATA, CLIENT, COMMAND = "amplify#data", "cognito#client", "cognito#command"


# --- Amplify -------------------------------------------------------------------------------------------------------


def run_with_context(calling: Calling, given: Arguments) -> Value:
    """`runWithAmplifyServerContext({ nextServerContext, operation })`: runs it with the caller's cookies."""
    return calling.call(option(given.at(0), "operation"), Arguments((PLAIN,)))


RUNNER = obj(PLAIN, runWithAmplifyServerContext=native("runWithAmplifyServerContext", run_with_context))
"""Checks the tokens in the cookies before it hands them on."""


def model(library: Library, given: Arguments) -> str:
    """`client.models.Post`."""
    return library.path[-2] if len(library.path) > 1 else "a model"


def contents(library: Library, given: Arguments) -> Value:
    """What is sent: behind the context, where one is given."""
    return given.at(1) if len(given.values) > 1 and library.state else given.at(0)


def own_id(library: Library, given: Arguments) -> Value | None:
    """The record that the contents name."""
    found = option(contents(library, given), "id")
    return None if is_absent(found) else obj(id=found)


def filter_of(library: Library, given: Arguments) -> Value | None:
    """`list({ filter })`."""
    found = option(given.at(0), "filter")
    return None if is_absent(found) else found


def as_caller(library: Library, given: Arguments) -> Client:
    """The API judges who is signed in, or what its own key may do."""
    return Client.CALLER


def of_model(kind: EffectKind, answers: str, key: Part, data: Part = no_part) -> Handler:
    """A method of `client.models.Post`, whose answer is `{ data, errors }`."""
    call = Call(kind, answers, key, data, lambda answer: obj(PLAIN, data=answer, errors=PLAIN))
    return asked(call, model, as_caller)


# --- Cognito -------------------------------------------------------------------------------------------------------

PROVES = frozenset(
    {
        *("InitiateAuth", "RespondToAuthChallenge", "AdminInitiateAuth", "AdminRespondToAuthChallenge", "SignUp"),
        *("ConfirmSignUp", "ResendConfirmationCode", "ForgotPassword", "ConfirmForgotPassword"),
        *("AssociateSoftwareToken", "VerifySoftwareToken", "GetTokensFromRefreshToken"),
    }
)
"""Commands that anybody may send, and by which they prove who they are."""

OWN = frozenset(
    {
        *(
            "GetUser",
            "UpdateUserAttributes",
            "DeleteUserAttributes",
            "DeleteUser",
            "ChangePassword",
            "VerifyUserAttribute",
        ),
        *("GetUserAttributeVerificationCode", "SetUserMFAPreference", "ListDevices", "ForgetDevice"),
    }
)
"""Commands about whose access token they carry."""

LEAVES = frozenset({"GlobalSignOut", "RevokeToken"})
VERB = re.compile(r"(?:Admin)?([A-Z][a-z]+)")
KINDS = {
    "Get": EffectKind.READ,
    "List": EffectKind.READ,
    "Describe": EffectKind.READ,
    "Create": EffectKind.INSERT,
    "Delete": EffectKind.DELETE,
}


def command(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new AdminDeleteUserCommand(input)`, which does nothing until it is sent."""
    return of(Library(COMMAND, library.path[-1:], (given.at(0),)))


def sent(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.send(command)`."""
    for a in given.at(0).alternatives:
        if isinstance(a.shape, Library) and a.shape.root == COMMAND and isinstance(a.shape.state[0], Value):
            return run_command(a.shape.path[0].removesuffix("Command"), a.shape.state[0], calling)
    calling.unseen("a command of Amazon Cognito that could not be followed")
    return of(Promise(unknown({Remote(COGNITO)})))


def run_command(name: str, options: Value, calling: Calling) -> Value:
    """Do what a command says."""
    calling.may_fail()
    if name in PROVES:
        calling.emit(EffectKind.IDENTIFY, "the caller's session", f"cognito.{name}")
        return of(Promise(unknown({Remote(COGNITO)})))
    if name in LEAVES:
        calling.emit(EffectKind.LEAVE, "the caller's session", f"cognito.{name}")
        return of(Promise(PLAIN))
    return about_oneself(name, options, calling) if name in OWN else administered(name, options, calling)


def about_oneself(name: str, options: Value, calling: Calling) -> Value:
    """A command that carries an access token fails unless the token is somebody's."""
    if not name.startswith(("Get", "List")):
        calling.emit(EffectKind.WRITE, "the caller's account", f"cognito.{name}", data=options, client=Client.CALLER)
    return of(Promise(identity(COGNITO), proof(COGNITO, calling), PLAIN))


def administered(name: str, options: Value, calling: Calling) -> Value:
    """A command with the server's rights, about the user or group that it names."""
    found = VERB.match(name)
    kind = KINDS.get(found.group(1) if found else "", EffectKind.WRITE)
    names = {field_name: option(options, field_name) for field_name in ("Username", "GroupName", "Filter")}
    chosen = {field_name: value for field_name, value in names.items() if not is_absent(value)}
    key = obj(**chosen) if chosen and kind is not EffectKind.INSERT else None
    data = None if kind in {EffectKind.READ, EffectKind.DELETE} else options
    calling.emit(kind, "users", f"cognito.{name}", key=key, data=data)
    return of(Promise(record("users", key, calling), NO_FACTS, PLAIN))


def run_by_name(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.adminGetUser(input)`, of the aggregated client."""
    return run_command(library.path[-1][:1].upper() + library.path[-1][1:], given.at(0), calling)


client_of_context = gives(of(Library(DATA, (), ("with a context",))))
