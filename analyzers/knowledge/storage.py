"""Files kept elsewhere: object stores, image services, uploads."""

from __future__ import annotations

from analyzers.flow.effects import EffectKind
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.origins import Input, Remote, Secret
from analyzers.flow.values import PLAIN, Library, Promise, Value, obj, of, origins_of, primitive_of, unknown
from analyzers.knowledge.rows import Handler, LibraryModel, gives, is_absent, made, option, sealed
from analyzers.knowledge.services import at, field, part, passed, remote, sdk

FILE, READ, SEND = EffectKind.FILE, EffectKind.READ, EffectKind.SEND

COMMAND = "@aws-sdk#command"
AWS = "https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/"

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
    calling.emit(look_at(key) if kind is READ else kind, target, name, key=key, data=data)
    if name.startswith(("GetSecret", "GetParameter")):
        return of(Promise(unknown({Secret("a stored secret")})))
    return of(Promise(unknown({Remote(host)})))


def look_at(key: Value | None) -> EffectKind:
    """Reading an object: what the caller names by its place is taken from a store that is closed to them."""
    return FILE if any(isinstance(o, Input) for o in origins_of(key)) else READ


def looks(*, at_argument: int = 0) -> Handler:
    """A call that reads the object named by an argument, or by what leads to the call: `bucket.file(name)`."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        key = given.at(at_argument)
        if is_absent(key) and library.state and isinstance(library.state[-1], Value):
            key = library.state[-1]
        kind = look_at(key)
        return remote(kind, "file storage", key=lambda _: key)(library, given, calling)

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


def aws(service: str, commands: tuple[str, ...], client: tuple[str, ...]) -> tuple[LibraryModel, LibraryModel]:
    """One service of the AWS SDK: clients and commands."""
    package = f"@aws-sdk/client-{service}"
    root = f"{package}#client"
    makers: dict[tuple[str, ...], Handler] = {(f"{name}Command",): command for name in commands}
    makers |= {(name,): gives(of(Library(root))) for name in client}
    return (
        LibraryModel(frozenset({package}), AWS, makers=makers, otherwise=passed),
        LibraryModel(frozenset({root}), AWS, methods={"send": sent, "destroy": gives(PLAIN)}, otherwise=sent),
    )


OBJECTS = (
    *("PutObject", "GetObject", "DeleteObject", "DeleteObjects", "HeadObject", "CopyObject", "ListObjects"),
    *("ListObjectsV2", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload"),
    *("PutObjectAcl", "CreateBucket", "DeleteBucket", "ListBuckets", "HeadBucket", "PutObjectTagging"),
)

AMAZON = (
    *aws("s3", OBJECTS, ("S3Client", "S3")),
    *aws("ses", ("SendEmail", "SendTemplatedEmail", "SendRawEmail"), ("SESClient", "SES")),
    *aws("sesv2", ("SendEmail",), ("SESv2Client",)),
    *aws("sqs", ("SendMessage", "SendMessageBatch", "DeleteMessage", "ReceiveMessage"), ("SQSClient", "SQS")),
    *aws("sns", ("Publish",), ("SNSClient", "SNS")),
    *aws("lambda", ("Invoke",), ("LambdaClient", "Lambda")),
    *aws("secrets-manager", ("GetSecretValue", "PutSecretValue"), ("SecretsManagerClient", "SecretsManager")),
    *aws("ssm", ("GetParameter", "GetParameters", "PutParameter"), ("SSMClient", "SSM")),
    LibraryModel(
        frozenset({"@aws-sdk/s3-request-presigner", "@aws-sdk/cloudfront-signer"}), AWS, otherwise=address(sent)
    ),
    LibraryModel(frozenset({"@aws-sdk/s3-presigned-post"}), AWS, otherwise=presigned),
    LibraryModel(frozenset({"@aws-sdk/lib-storage"}), AWS, makers={("Upload",): upload}),
    LibraryModel(frozenset({"@aws-sdk/lib-storage#upload"}), AWS, {("done",): uploaded}, otherwise=gives(PLAIN)),
)

STORED, LOOKED = remote(FILE, "file storage", key=at(0), data=at(1)), looks()

address_to_read = address(looks(at_argument=1))
address_to_write = address(remote(FILE, "S3", key=at(1)))
address_of_any = address(remote(FILE, "S3", key=at(2)))


MODELS = (
    *AMAZON,
    LibraryModel(
        frozenset({"@vercel/blob", "@vercel/blob/client"}),
        "https://vercel.com/docs/vercel-blob/using-blob-sdk",
        {
            **dict.fromkeys((("list",), ("head",), ("get",)), LOOKED),
            **dict.fromkeys((("put",), ("del",), ("copy",), ("createMultipartUpload",), ("uploadPart",)), STORED),
        },
        otherwise=passed,
    ),
    *sdk(
        ("uploadthing/server",),
        "https://docs.uploadthing.com/api-reference/ut-api",
        {
            **dict.fromkeys(("listFiles", "getFileUrls", "getUsageInfo", "getSignedURL"), LOOKED),
            **dict.fromkeys(
                ("deleteFiles", "uploadFiles", "uploadFilesFromUrl", "renameFiles", "updateACL"),
                remote(FILE, "file storage", key=at(0), data=at(0)),
            ),
        },
        names=("UTApi",),
    ),
    LibraryModel(
        frozenset({"cloudinary"}),
        "https://cloudinary.com/documentation/node_integration",
        methods={
            **dict.fromkeys(("upload", "upload_stream", "upload_large", "unsigned_upload"), STORED),
            **dict.fromkeys(("destroy", "delete_resources", "rename", "explicit", "delete_folder"), STORED),
            **dict.fromkeys(("resource", "resources", "execute", "search"), LOOKED),
            "api_sign_request": sealed,
            "config": gives(PLAIN),
        },
        otherwise=passed,
    ),
    *sdk(
        ("@google-cloud/storage",),
        "https://cloud.google.com/nodejs/docs/reference/storage/latest",
        {
            **dict.fromkeys(("bucket", "file"), part),
            **dict.fromkeys(("save", "upload", "move", "copy", "makePublic", "makePrivate", "setMetadata"), STORED),
            **dict.fromkeys(("delete", "deleteFiles"), remote(FILE, "file storage")),
            **dict.fromkeys(("download", "exists", "getMetadata", "getFiles"), LOOKED),
            "getSignedUrl": remote(FILE, "file storage", data=at(0)),
        },
        names=("Storage",),
    ),
    *(
        LibraryModel(
            frozenset({package}),
            "https://firebase.google.com/docs/storage/admin/start",
            dict.fromkeys(paths, made("@google-cloud/storage#client")),
        )
        for package, paths in (
            ("firebase-admin/storage", (("getStorage",),)),
            ("firebase-admin", (("storage",), ("default", "storage"))),
        )
    ),
    *sdk(
        ("minio",),
        "https://min.io/docs/minio/linux/developers/javascript/API.html",
        {
            **dict.fromkeys(("putObject", "fPutObject", "copyObject"), remote(FILE, "S3", key=at(1), data=at(2))),
            **dict.fromkeys(("removeObject", "removeObjects"), remote(FILE, "S3", key=at(1))),
            **dict.fromkeys(("getObject", "statObject"), looks(at_argument=1)),
            "presignedGetObject": address_to_read,
            "presignedPutObject": address_to_write,
            "presignedUrl": address_of_any,
        },
        names=("Client",),
    ),
    *sdk(
        ("imagekit", "@imagekit/nodejs"),
        "https://imagekit.io/docs/integration/nodejs",
        {
            "upload": remote(FILE, "file storage", key=field("fileName"), data=at(0)),
            **dict.fromkeys(("deleteFile", "updateFileDetails", "bulkDeleteFiles"), STORED),
            **dict.fromkeys(("getFileDetails", "listFiles"), LOOKED),
        },
        names=("ImageKit",),
    ),
)
