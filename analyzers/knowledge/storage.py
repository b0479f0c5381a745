"""Files kept elsewhere: object stores, image services, uploads."""

from __future__ import annotations

from preship.analyzers.flow.effects import NO_TRAITS, EffectKind, Trait
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Input, Remote, Secret
from preship.analyzers.flow.values import PLAIN, Library, Promise, Value, obj, of, origins_of, primitive_of, unknown
from preship.analyzers.knowledge.rows import Handler, is_absent, option
from preship.analyzers.knowledge.services import at, remote

FILE, READ, SEND = EffectKind.FILE, EffectKind.READ, EffectKind.SEND

COMMAND = "@aws-sdk#command"

KINDS = {
    "Put": FILE,
    "Upload": FILE,
    "Copy": FILE,
    "Create": FILE,
    "Complete": FILE,
    "Abort": FILE,
    "Delete": FILE,
    "Restore": FILE,
    "Get": READ,
    "Head": READ,
    "List": READ,
    "Send": SEND,
    "Publish": SEND,
    "Invoke": EffectKind.RUN,
    "Start": EffectKind.RUN,
}
"""What a command does, by the verb that its name begins with."""

TAKES = ("Delete", "Get", "Copy", "PutObjectAcl")
"""How the commands begin that delete, hand out or open a file that is there."""

TAKES_A_FILE = frozenset({Trait.TAKES_A_FILE})

CHOOSES = ("Key", "Prefix", "QueueUrl", "TopicArn", "FunctionName", "SecretId", "Name", "Destination", "Bucket")
"""The fields of a command that choose what it is about, the most telling first."""


def command(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new PutObjectCommand(input)`, which does nothing until it is sent."""
    return of(Library(COMMAND, library.path[-1:], given.all()))


def sent(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.send(command)`, `getSignedUrl(client, command)`."""
    host = library.root.removeprefix("@aws-sdk/").split("#", maxsplit=1)[0]
    for value in given.values[:2]:
        for a in value.alternatives[:1]:
            if isinstance(a.shape, Library) and a.shape.root == COMMAND:
                return run_command(host, a.shape, calling)
    calling.may_fail()
    calling.emit(FILE, host, f"{host}.send", data=given.at(0))
    return of(Promise(unknown({Remote(host)})))


def run_command(host: str, library: Library, calling: Calling) -> Value:
    """Do what a command says."""
    name = library.path[-1] if library.path else ""
    options = library.state[0] if library.state and isinstance(library.state[0], Value) else PLAIN
    kind = next((kind for verb, kind in KINDS.items() if name.startswith(verb)), EffectKind.FETCH)
    chosen = [found for field_name in CHOOSES if not is_absent(found := option(options, field_name))]
    calling.may_fail()
    target = "a secret" if name.startswith("GetSecret") else host
    key = chosen[0] if chosen else None
    data = None if kind is READ else options
    kind = look_at(key) if kind is READ else kind
    traits = TAKES_A_FILE if kind is FILE and name.startswith(TAKES) else NO_TRAITS
    calling.emit(kind, target, name, key=key, data=data, traits=traits)
    if name.startswith(("GetSecret", "GetParameter")):
        return of(Promise(unknown({Secret("a stored secret")})))
    return of(Promise(unknown({Remote(host)})))


def look_at(key: Value | None) -> EffectKind:
    """Reading an object: what the caller names by its place is taken from a store that is closed to them."""
    return FILE if any(isinstance(o, Input) for o in origins_of(key)) else READ


def looks(*, at_argument: int = 0, hands_out: bool = False) -> Handler:
    """A call that reads the object named by an argument, or by what leads to the call: `bucket.file(name)`.

    `hands_out`: whoever gets its answer opens the file by it.
    """

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        key = given.at(at_argument)
        if is_absent(key) and library.state and isinstance(library.state[-1], Value):
            key = library.state[-1]
        kind = look_at(key)
        traits = TAKES_A_FILE if hands_out and kind is FILE else NO_TRAITS
        return remote(kind, "file storage", key=lambda _: key, traits=traits)(library, given, calling)

    return handle


def address(handler: Handler) -> Handler:
    """A call that gives a signed address, which is a text and no record."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        found = handler(library, given, calling)
        return of(Promise(primitive_of(*(a.shape.value for a in found.alternatives if isinstance(a.shape, Promise)))))

    return handle


def presigned(library: Library, given: Arguments, calling: Calling) -> Value:
    """`createPresignedPost(client, { Bucket, Key })` lets its bearer upload to a key."""
    key = option(given.at(1), "Key")
    calling.emit(FILE, "S3", "createPresignedPost", key=key, data=given.at(1))
    return of(Promise(obj(url=PLAIN, fields=unknown(origins_of(key)))))


def upload(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new Upload({ client, params })`, which is sent by `done()`."""
    return of(Library("@aws-sdk/lib-storage#upload", (), (option(given.at(0), "params"),)))


def uploaded(library: Library, given: Arguments, calling: Calling) -> Value:
    params = library.state[0] if library.state and isinstance(library.state[0], Value) else PLAIN
    calling.may_fail()
    calling.emit(FILE, "S3", "Upload.done", key=option(params, "Key"), data=params)
    return of(Promise(unknown({Remote("S3")})))


LOOKED = looks()

address_to_read = address(looks(at_argument=1, hands_out=True))
address_to_write = address(remote(FILE, "S3", key=at(1)))
address_of_any = address(remote(FILE, "S3", key=at(2), traits=TAKES_A_FILE))
