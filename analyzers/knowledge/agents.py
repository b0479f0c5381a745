"""What agents work with: machines that run code, readers of the web, memories, tools, and workflows that they begin."""

from __future__ import annotations

from analyzers.flow.effects import EffectKind
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.values import Library, Promise, Value, of
from analyzers.knowledge.rows import LibraryModel, made
from analyzers.knowledge.services import at, field, passed, remote, sdk

MACHINE = "a machine of a service"
SANDBOX = "sandbox#machine"
RUNS = remote(EffectKind.RUN, MACHINE, key=at(0), data=at(0))
WEB, MEMORY = "a reader of the web", "a memory"
READS_THE_WEB = remote(EffectKind.FETCH, WEB, data=at(0))
WHOSE = field("user_id", 1)


def machine(library: Library, given: Arguments, calling: Calling) -> Value:
    """`Sandbox.create()`, `daytona.create()`: a promised machine."""
    calling.may_fail()
    calling.emit(EffectKind.RUN, MACHINE, f"{library.root.split('#', maxsplit=1)[0]}.create", data=given.at(0))
    return of(Promise(of(Library(SANDBOX))))


def machine_again(library: Library, given: Arguments, calling: Calling) -> Value:
    """`Sandbox.connect(id)`, `Sandbox.get({ sandboxId })`: one that is there."""
    return of(Promise(of(Library(SANDBOX))))


OPENS = {"create": machine, "getOrCreate": machine, "connect": machine_again, "get": machine_again}

MODELS = (
    LibraryModel(
        frozenset({"@e2b/code-interpreter", "e2b", "@vercel/sandbox"}),
        "https://vercel.com/docs/vercel-sandbox",
        methods=OPENS,
        otherwise=passed,
    ),
    LibraryModel(
        frozenset({"@daytonaio/sdk"}),
        "https://www.daytona.io/docs/typescript-sdk/",
        makers={("Daytona",): made("daytona#client")},
    ),
    LibraryModel(
        frozenset({"daytona#client"}), "https://www.daytona.io/docs/typescript-sdk/", methods=OPENS, otherwise=passed
    ),
    LibraryModel(
        frozenset({SANDBOX}),
        "https://e2b.dev/docs",
        methods={
            **dict.fromkeys(("runCode", "codeRun", "runCommand", "executeCommand", "run"), RUNS),
            **dict.fromkeys(
                ("write", "writeFiles", "uploadFile", "uploadFiles", "mkDir"),
                remote(EffectKind.FILE, MACHINE, key=at(0), data=at(1)),
            ),
            **dict.fromkeys(("read", "readFile", "downloadFile"), remote(EffectKind.FILE, MACHINE, key=at(0))),
        },
        otherwise=passed,
    ),
    *sdk(
        ("@mendable/firecrawl-js", "firecrawl", "exa-js", "@tavily/core"),
        "https://docs.firecrawl.dev/sdks/node",
        {},
        names=("FirecrawlApp", "Firecrawl", "Exa", "tavily"),
        otherwise=READS_THE_WEB,
    ),
    *sdk(
        ("mem0ai",),
        "https://docs.mem0.ai/open-source/node-quickstart",
        {
            "add": remote(EffectKind.INSERT, MEMORY, data=at(0)),
            "search": remote(EffectKind.READ, MEMORY, key=WHOSE),
            "getAll": remote(EffectKind.READ, MEMORY, key=at(0)),
            **dict.fromkeys(("get", "history"), remote(EffectKind.READ, MEMORY, key=at(0))),
            "update": remote(EffectKind.WRITE, MEMORY, key=at(0), data=at(1)),
            **dict.fromkeys(
                ("delete", "deleteAll", "deleteUser", "deleteUsers", "batchDelete"),
                remote(EffectKind.DELETE, MEMORY, key=at(0)),
            ),
        },
        names=("MemoryClient",),
    ),
    *sdk(
        (
            "@modelcontextprotocol/sdk/client/index.js",
            "@modelcontextprotocol/sdk/client",
            "@modelcontextprotocol/client",
        ),
        "https://github.com/modelcontextprotocol/typescript-sdk#readme",
        {
            "callTool": remote(EffectKind.FETCH, "a tool", key=field("name"), data=field("arguments")),
            "readResource": remote(EffectKind.FETCH, "a tool", key=field("uri")),
            "getPrompt": remote(EffectKind.FETCH, "a tool", key=field("name"), data=field("arguments")),
        },
        names=("Client",),
    ),
    LibraryModel(
        frozenset({"workflow/api"}),
        "https://useworkflow.dev/docs/api-reference/workflow-api/start",
        {("start",): remote(EffectKind.SEND, "a job", data=at(1))},
        otherwise=passed,
    ),
    *sdk(
        ("@upstash/workflow",),
        "https://upstash.com/docs/workflow/basics/client",
        {
            "trigger": remote(EffectKind.SEND, "a job", key=field("url"), data=field("body")),
            "cancel": remote(EffectKind.SEND, "a job", key=at(0)),
            "notify": remote(EffectKind.SEND, "a job", key=field("eventId"), data=field("eventData")),
        },
        names=("Client",),
    ),
)
