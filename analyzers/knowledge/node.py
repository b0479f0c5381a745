"""What Node.js gives: the environment, files, processes, cryptography, and the global `fetch`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from preship.analyzers.flow.configuration import is_setting
from preship.analyzers.flow.effects import NO_TRAITS, EffectKind, Sink, Trait
from preship.analyzers.flow.identity import is_no_identity
from preship.analyzers.flow.language import ANY, CHOSEN
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import DISK, SETTINGS, Origin, Remote, Request, Secret, Session, Unfollowed
from preship.analyzers.flow.texts import harmless, joined, written_by
from preship.analyzers.flow.values import (
    PLAIN,
    UNDEFINED_VALUE,
    Array,
    Constant,
    Library,
    Object,
    Promise,
    Unknown,
    Value,
    of,
    origins_of,
    text_of,
    unite,
    unknown,
)
from preship.analyzers.knowledge.abuse import note_captcha
from preship.analyzers.knowledge.http import traits_of
from preship.analyzers.knowledge.rows import (
    is_absent,
    name_of,
    option,
    text,
)
from preship.analyzers.knowledge.services import answer, response, run_inside, spoken_as


def environment(library: Library, name: str) -> Value | None:
    """`process.env.NAME`: secret, unless Next.js itself would print it into the page.

    What anonymous callers reach is judged: a production build, into which Next.js writes `NODE_ENV` as a constant.
    https://nextjs.org/docs/app/guides/environment-variables#bundling-environment-variables-for-the-browser
    https://nextjs.org/docs/app/guides/environment-variables#environment-variable-load-order
    """
    if library.path == ("env",):
        if name == ANY:
            return of(Unknown(frozenset({Remote(SETTINGS)}), is_primitive=True))
        if name == CHOSEN:
            return of(Unknown(frozenset({Secret("any secret of the environment")}), is_primitive=True))
        if name == "NODE_ENV":
            return of(Constant("production"))
        is_public = name.startswith("NEXT_PUBLIC_") or name in {"VERCEL_ENV", "VERCEL_URL", "CI", "PORT"}
        return of(Unknown(frozenset({Remote(SETTINGS) if is_public else Secret(name)}), is_primitive=True))
    return None


def fetched(library: Library, given: Arguments, calling: Calling) -> Value:
    """`fetch(url, options)`.

    It fails with one text for every cause, and keeps the cause apart: `fetch failed`.
    https://github.com/nodejs/undici/blob/main/index.js
    """
    calling.may_fail()
    host = text_of(given.at(0)) or "another service"
    client = spoken_as(library, given)
    traits = traits_of(library, given) | {Trait.SENDS_ANYWHERE, Trait.FAILS_MUTE}
    calling.emit(EffectKind.FETCH, host, "fetch", key=given.at(0), data=given.at(1), client=client, traits=traits)
    note_captcha(given.at(0), calling)
    return of(Promise(response(answer(host, client, calling, origins_of(given.at(0))))))


def run_now(library: Library, given: Arguments, calling: Calling) -> Value:
    """A command that runs, whether its end is waited for or not."""
    name = name_of(library)
    return _run(name, given, calling, Sink.COMMAND if STARTS.search(name) else None)


def evaluated(library: Library, given: Arguments, calling: Calling) -> Value:
    """A script that runs in this process, or in one beside it."""
    return _run(name_of(library), given, calling, Sink.CODE)


def _run(name: str, given: Arguments, calling: Calling, sink: Sink | None) -> Value:
    calling.may_fail()
    calling.emit(EffectKind.RUN, name, name, key=given.at(0), data=given.at(1), sink=sink)
    run_inside(given, calling)
    return unknown({Remote("a process")})


STARTS = re.compile(
    r"(^|\.)(exec|execSync|execa|execaSync|execaNode|execaCommand|execaCommandSync|spawn|spawnSync|fork|execFile"
    r"|execFileSync|execCommand|\$|\$sync|x)$"
    r"|^(execa|zx|tinyexec|nano-spawn|cross-spawn)(\.default)?$"
)
"""Functions whose first argument is a command line, or the program that runs; others of these packages help with it."""


SHELL = re.compile(r"(?:.*[/\\\\])?(?:(?:ba|z|da|k|c|fi)?sh|cmd|powershell|pwsh)(?:\.exe)?", re.IGNORECASE)
"""Programs that read a command line from their arguments."""


def spawned(library: Library, given: Arguments, calling: Calling) -> Value:
    """`spawn(program, args, options)`: a shell that is asked for, or is the program, reads the arguments as well."""
    line = given.at(0)
    if SHELL.fullmatch(text_of(line) or ""):
        line = unite(line, *script_in(given.at(1)))
    elif any(is_shell(options) for options in given.values[1:]):
        line = unite(line, unknown(written_by(given.at(1))))
    return run_now(library, Arguments((line, *given.values[1:])), calling)


def script_in(arguments: Value) -> Iterable[Value]:
    """What a shell runs of its arguments: what follows the first option; the others are positions in it."""
    for a in arguments.alternatives:
        if isinstance(a.shape, Array) and a.shape.items is not None:
            yield from a.shape.items[1:2]
        elif written_by(Value((a,))):
            yield Value((a,))


def run_or_prepare(library: Library, given: Arguments, calling: Calling) -> Value:
    """`execa(program, args)` runs; `execa(options)` and `$(options)` give a tag with these options."""
    first = given.at(0)
    if first.alternatives and all(isinstance(a.shape, Object) for a in first.alternatives):
        return of(Library(library.root, library.path, (*library.state, first)))
    return of(Promise(run_now(library, given, calling)))


def run_template(library: Library, strings: Sequence[str], values: Sequence[Value], calling: Calling) -> Value:
    """`$`program ${argument}``: each value is one argument, unless it stands first or a shell reads the line."""
    in_a_shell = any(is_shell(part) for part in library.state if isinstance(part, Value))
    parts: list[str | Value] = []
    for text_before, value in zip(strings, (*values, None), strict=False):
        is_open = in_a_shell or not (parts or text_before.strip())
        parts += [text_before, *([value if is_open else PLAIN] if value is not None else [])]
    given = Arguments((joined(parts), of(Array(None, unite(PLAIN, *values)))))
    return of(Promise(run_now(library, given, calling)))


def run_later(library: Library, given: Arguments, calling: Calling) -> Value:
    """The same, promised."""
    return of(Promise(run_now(library, given, calling)))


def rendered(library: Library, given: Arguments, calling: Calling) -> Value:
    """`ejs.render(template, data)`: a template is code."""
    if written_by(given.at(0)):
        calling.emit(EffectKind.RUN, name_of(library), name_of(library), key=given.at(0), sink=Sink.CODE)
    return text(library, given, calling)


def is_shell(options: Value) -> bool:
    """Whether options have a shell read the command."""
    found = option(options, "shell").alternatives
    return any(not (isinstance(a.shape, Constant) and not a.shape.value) for a in found) and not is_absent(
        option(options, "shell")
    )


def started_by_options(library: Library, given: Arguments, calling: Calling) -> Value:
    """`new StdioClientTransport({ command, args })`: a server that speaks through its standard streams.

    The arguments are a program as well: what starts such servers (`npx`, `uvx`) fetches and runs what they name.
    """
    calling.may_fail()
    command, arguments = option(given.at(0), "command"), option(given.at(0), "args")
    words = [command, *(unknown(origins_of(each)) for each in (arguments,) if origins_of(each))]
    name = name_of(library)
    calling.emit(EffectKind.RUN, name, name, key=unite(*words), data=given.at(0), sink=Sink.COMMAND)
    return of(Library("mcp#transport"))


def loaded(library: Library, given: Arguments, calling: Calling) -> Value:
    """`jiti.import(path)`: the file is run."""
    calling.may_fail()
    calling.emit(EffectKind.LOAD, "a module", name_of(library), key=given.at(0))
    return of(Promise(unknown({Remote("a module")})))


LOOKS = re.compile(r"(readFile|readdir|stat|lstat|exists|access|realpath|readJson|createReadStream|pathExists)(Sync)?")
"""Functions that leave the file as it is."""


MAKES_ROOM = re.compile(r"(mkdir|mkdtemp|mkdirp|mkdirs|ensureDir)(Sync)?")
"""Functions that make a folder, or see that there is one: at a path of the program's own nothing is anybody's in it."""

ANSWERS_NOTHING = re.compile(
    r"(writeFile|appendFile|unlink|rm|rmdir|copyFile|rename|cp|chmod|chown|truncate|utimes|access|symlink|link"
    r"|outputFile|writeJson|remove|move|copy|ensureDir|emptyDir)(Sync)?"
)
"""Functions that give back `undefined`."""


DELETES = re.compile(r"(unlink|rm|rmdir|remove|emptyDir)(Sync)?")
"""Functions after which a file, or what is in a folder, is gone."""


FROM_AND_TO = re.compile(r"(copyFile|cp|copy|rename|move|link)(Sync)?")
"""Functions whose first two arguments are paths; a symbolic link may name anything."""


def on_file(library: Library, given: Arguments, calling: Calling) -> Value:
    """A synchronous call on a file. The program reads its own, at a path that it knows itself, as any other store."""
    calling.may_fail()
    reads = LOOKS.fullmatch(library.path[-1]) if library.path else None
    is_own = all(map(is_known_to_the_program, origins_of(given.at(0))))
    kind = EffectKind.READ if reads and is_own else EffectKind.FILE
    if is_own and library.path and MAKES_ROOM.fullmatch(library.path[-1]):
        return PLAIN
    paths = given.values[:2] if library.path and FROM_AND_TO.fullmatch(library.path[-1]) else given.values[:1]
    key = unite(*paths) if paths else given.at(0)
    deletes = DELETES.fullmatch(library.path[-1]) if library.path else None
    name, data = name_of(library), None if reads or deletes else given.at(1)
    traits = frozenset({Trait.TAKES_A_FILE}) if deletes else NO_TRAITS
    calling.emit(kind, name, name, key=key, data=data, sink=Sink.PATH, traits=traits)
    if library.path and ANSWERS_NOTHING.fullmatch(library.path[-1]):
        return UNDEFINED_VALUE
    return unknown({Remote(SETTINGS if kind is EffectKind.READ else DISK)})


def is_known_to_the_program(origin: Origin) -> bool:
    """Whether a part of a path is the program's: its settings, what it knows, one of its texts in another language."""
    if isinstance(origin, Session) or (isinstance(origin, Request) and origin.kind != "search"):
        return is_no_identity(origin)
    return is_setting(origin) or isinstance(origin, Unfollowed)


def on_file_later(library: Library, given: Arguments, calling: Calling) -> Value:
    """A call on a file whose end is awaited."""
    return of(Promise(on_file(library, given, calling)))


def last_part(library: Library, given: Arguments, calling: Calling) -> Value:
    """`path.basename(path)`: whatever came in, it leads nowhere."""
    return harmless(text(library, given, calling))


def joined_path(library: Library, given: Arguments, calling: Calling) -> Value:
    """`path.join(…)`, which walks upwards where a part says so."""
    return joined([part for value in given.all() for part in (value, "/")][:-1])


GLOBALS: dict[str, Value] = {name: of(Library(name)) for name in ("process", "fetch", "crypto")} | {"__dirname": PLAIN}
