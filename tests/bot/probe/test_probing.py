"""The parts of a probe: ids, requests, cookies, statements, verdicts."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pytest

from preship.analyzers import analysis
from preship.analyzers.analysis import MemoryFiles, Policy
from preship.analyzers.endpoints.made import Big, Form, Moment
from preship.bot.cli import run
from preship.bot.local import CannotRead
from preship.bot.options import Exit
from preship.bot.probe.build import BuiltAction, address_of, functions_of, read_build
from preship.bot.probe.request import Body, Reply, Request, encoded
from preship.bot.probe.run import checked_url
from preship.bot.probe.sessions import forged, read_cookies, tampered
from preship.bot.probe.statements import Seen, same_table, statement_of, statements_of
from preship.bot.probe.transcript import call_line
from preship.bot.probe.verdict import Call, Caller, Target
from tests.npm_modules import run_node

ACTIONS = "'use server'\nexport async function save(id: string) { return id }\nexport default async function all() {}\n"
COMPILE = """
const { loadBindings } = require('next/dist/build/swc')
const [filename, source, hashSalt] = JSON.parse(require('fs').readFileSync(0, 'utf8'))
loadBindings().then(async (bindings) => {
  const { code } = await bindings.transform(source, {
    filename, isServerCompiler: true, jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    serverActions: { isReactServerLayer: true, isDevelopment: false, useCacheEnabled: true, hashSalt, cacheKinds: [] },
  })
  console.log(/__next_internal_action_entry_do_not_use__ (\\{.*?\\}) \\*\\//s.exec(code)[1])
  process.exit(0)
})
"""


def build_of(folder: Path, ids: dict[str, object], **server_files: object) -> Path:
    output = folder / ".next"
    (output / "server").mkdir(parents=True)
    (output / "server/server-reference-manifest.json").write_text(
        json.dumps({"node": ids, "edge": {}, "encryptionKey": "salt"})
    )
    (output / "required-server-files.json").write_text(json.dumps({"config": {"basePath": ""}, **server_files}))
    return output


def test_an_id_without_a_name_is_known_by_what_the_compiler_makes_of_file_and_function(tmp_path: Path):
    compiled = json.loads(run_node(["-e", COMPILE], text=json.dumps(["/build/web/app/actions.ts", ACTIONS, "salt"])))
    names = {id_: each if isinstance(each, str) else each["name"] for id_, each in compiled.items()}
    ids = {id_: {"workers": {"app/page": "1"}} for id_ in names}
    build = read_build(build_of(tmp_path, ids, appDir="/build/web", relativeAppDir="web"))
    files = MemoryFiles({"apps/web/app/actions.ts": ACTIONS})
    found = functions_of(build, [action for action, _ in analysis.endpoints(files, Policy())], "apps/web/")
    assert {built.id: action.name if action else None for built, action in found} == names


@pytest.mark.parametrize(
    ("routes", "address"),
    [
        (["app/page"], "/"),
        (["app/(shop)/notes/page"], "/notes"),
        (["app/notes/[id]/page", "app/notes/page"], "/notes"),
        (["app/notes/[id]/page"], "/notes/X"),
        (["app/@modal/(.)photo/page", "app/photo/page"], "/photo"),
        (["app/docs/[[...slug]]/page"], "/docs"),
    ],
)
def test_an_action_is_called_by_a_page_that_carries_it(tmp_path: Path, routes: list[str], address: str):
    output = build_of(
        tmp_path, {"40" + "a" * 40: {"workers": dict.fromkeys(routes, "1")}}, appDir="", relativeAppDir=""
    )
    [action] = read_build(output).actions
    assert address_of(action, "X") == address


def test_what_is_no_build_is_said_so(tmp_path: Path):
    with pytest.raises(CannotRead, match="`next build` writes it"):
        read_build(tmp_path)


def test_arguments_are_sent_as_react_sends_them():
    assert encoded(["a", 1, None, {"at": Moment(), "n": Big(5)}, "$5"]).text == (
        '["a", 1, null, {"at": "$D2001-02-03T04:05:06.000Z", "n": "$n5"}, "$$5"]'
    )
    body = encoded([None, Form((("title", "x"),))])
    assert body.content_type.startswith("multipart/form-data; boundary=")
    assert 'name="0"\r\n\r\n[null, "$K1"]\r\n' in body.text
    assert 'name="1_title"\r\n\r\nx\r\n' in body.text
    assert 'name="_1_title"\r\n\r\nx\r\n' in body.text


@pytest.mark.parametrize(
    "text",
    [
        "sid=a.b; theme=dark",
        "Cookie: sid=a.b; theme=dark",
        "sid=a.b\ntheme=dark\n",
        "# Netscape HTTP Cookie File\n#HttpOnly_localhost\tFALSE\t/\tFALSE\t0\tsid\ta.b\n"
        "localhost\tFALSE\t/\tFALSE\t0\ttheme\tdark\n",
    ],
)
def test_cookies_are_read_as_browsers_and_people_write_them(tmp_path: Path, text: str):
    file = tmp_path / "cookies"
    file.write_text(text)
    assert read_cookies(file) == {"sid": "a.b", "theme": "dark"}


def test_a_tampered_cookie_keeps_what_it_says_and_loses_its_signature():
    before = {"token": "head.body.signature0", "plain": "abcdefghij", "number": "41"}
    after = tampered(before)
    assert after["token"].startswith("head.body.")
    assert after["token"] != before["token"]
    assert after["number"] == "42"
    assert after["plain"] != before["plain"]
    assert len(after["plain"]) == 10
    assert [sorted(cookies) for _, cookies in forged(["uid", "role"])] == [["role", "uid"]] * 2
    assert list(forged([])) == []


@pytest.mark.parametrize("url", ["http://localhost:3000/", "http://127.0.0.1:3000", "http://[::1]:3000"])
def test_this_machine_may_be_probed(url: str):
    assert checked_url(url, None) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    ["http://10.0.0.1", "http://localhost.example", "https://shop.example", "http://2130706433", "http://0.0.0.0"],
)
def test_another_machine_may_not_unless_its_owner_says_so(url: str):
    with pytest.raises(CannotRead, match="is not this machine"):
        checked_url(url, None)
    assert checked_url(url, url.partition("//")[2]) == url


@pytest.mark.parametrize("url", ["ftp://localhost", "localhost:3000", "http://me@localhost", "http://localhost?x"])
def test_what_is_no_server_is_refused(url: str):
    with pytest.raises(CannotRead, match="no address of a server"):
        checked_url(url, "localhost")


@pytest.mark.parametrize(
    ("text", "writes", "reads"),
    [
        ('UPDATE "public"."Post" SET a = $1 WHERE id = $2', ("Post",), ()),
        ("insert into notes (a) select a from drafts", ("notes",), ("drafts",)),
        ("WITH gone AS (DELETE FROM a.b RETURNING id) SELECT * FROM gone", ("b",), ("gone",)),
        ("SELECT * FROM posts JOIN users u ON true FOR UPDATE", (), ("posts", "users")),
        ("INSERT INTO a VALUES ('delete from b') ON CONFLICT (id) DO UPDATE SET x = 1", ("a",), ()),
        ("SELECT 1 -- update c", (), ()),
    ],
)
def test_a_statement_says_which_tables_it_writes_and_reads(text: str, writes: tuple[str, ...], reads: tuple[str, ...]):
    found = statement_of(text)
    assert (found.writes, found.reads) == (writes, reads)


def entry(message: str, pid: int = 1, **more: object) -> dict[str, object]:
    return {"pid": pid, "error_severity": "LOG", "message": message, **more}


def test_what_is_rolled_back_or_fails_is_told_apart_by_connection():
    log = [
        entry("statement: begin", 1),
        entry("execute <unnamed>: UPDATE a SET x = 1", 1),
        entry("execute s1: UPDATE b SET x = 1", 2),
        entry("statement: rollback", 1),
        entry("execute <unnamed>: INSERT INTO c VALUES ($1)", 2),
        entry("violates", 2, error_severity="ERROR", statement="INSERT INTO c VALUES ($1)"),
    ]
    assert [(s.writes, s.is_taken_back, s.has_failed) for s in statements_of(log)] == [
        (("a",), True, False),
        (("b",), False, False),
        (("c",), False, True),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("post", '"Post"'), ("posts", "Post"), ("blogPost", "public.blog_posts"), ("category", "categories")],
)
def test_code_and_database_may_call_a_table_otherwise(one: str, other: str):
    assert same_table(one, other)
    assert not same_table(one, "users")


@pytest.mark.parametrize(
    ("text", "answer"), [('0:{"a":"$@1"}\n1:{"error":"x"}\n', '{"error":"x"}'), ('0:{}\n1:E{"digest":"1"}\n', "")]
)
def test_an_answer_is_what_the_action_returned(text: str, answer: str):
    assert Reply(200, {}, text).answer == answer


class Elsewhere(BaseHTTPRequestHandler):
    """Sends everybody to another server, and notes who came."""

    def do_POST(self) -> None:
        server = cast("Noting", self.server)
        server.came.append(self.headers["Next-Action"])
        self.send_response(307)
        self.send_header("Location", server.elsewhere)
        self.end_headers()

    def log_message(self, *arguments: object) -> None: ...


class Noting(ThreadingHTTPServer):
    came: list[str]
    elsewhere: str


@contextmanager
def answering(elsewhere: str = "") -> Iterator[Noting]:
    server = Noting(("127.0.0.1", 0), Elsewhere)
    server.came, server.elsewhere = [], elsewhere
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_redirect_to_another_server_is_not_followed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    id_ = "40" + "a" * 40
    reference = {id_: {"workers": {"app/page": "1"}, "filename": "app/actions.ts", "exportedName": "save"}}
    output = build_of(tmp_path, reference, appDir="", relativeAppDir="")
    (tmp_path / "app").mkdir()
    (tmp_path / "app/actions.ts").write_text("'use server'\nexport async function save(id: string) { return id }\n")
    with answering() as other, answering(f"http://127.0.0.1:{other.server_port}/") as named:
        # Nor is a proxy asked, whatever the environment says.
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{other.server_port}")
        url = f"http://127.0.0.1:{named.server_port}"
        arguments = ["--url", url, "--build-dir", str(output), "--transcript", str(tmp_path / "t"), "--yes"]
        assert run(["probe", *arguments]) == Exit.INCOMPLETE
    assert (named.came, other.came) == ([id_], [])
    assert capsys.readouterr().out == (
        "app/actions.ts:2 save  could not tell: answered 307 before the action ran, as middleware does\n"
        "1 action · 1 could not tell\n"
    )
    assert (tmp_path / "t").stat().st_mode & 0o777 == 0o600


def test_a_transcript_holds_no_part_of_a_cookie_that_opens_anything():
    cookie = {"sid": "11111111-1111-4111-8111-111111111111.0123456789abcdef0123"}
    request = Request("http://localhost/", "http://localhost", "40", Body("text/plain", "[]"), cookie)
    statement = statement_of("SELECT 1", "Parameters: $1 = '0123456789abcdef0123'")
    call = Call(Caller.FIRST, "", request, Reply(200, {}, ""), Seen((statement,)))
    line = call_line(Target(BuiltAction("40", "app/a.ts", "act", ()), None, None), call)
    assert "Parameters: $1 = '…'" in line
    assert "0123456789abcdef0123" not in line
