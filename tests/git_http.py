"""A real git server for tests: `git http-backend` behind a small HTTP server that counts and can demand credentials."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser gets."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class GitServer:
    """A running server. `root/owner/name.git` is served at `{url}/owner/name.git`."""

    root: Path
    url: str
    authorization: str | None = None
    """The `Authorization` header that every request must bear; None lets everybody in."""

    admits: Callable[[str | None], bool] | None = None
    """Judges the `Authorization` header of each request, where one fixed value will not do."""

    requests: list[str] = field(default_factory=list)
    """Method and target of every request so far, the refused ones included."""

    fails: Callable[[], int | None] = lambda: None
    """The status with which a request is answered instead of by git, asked for each."""

    pages: Callable[[str, str, bytes], Page | None] = lambda method, target, body: None
    """Answers what is no request of git's, by method, target and body; None leaves it to git."""

    fail_next: list[int] = field(default_factory=list)
    """Statuses with which the next requests are answered instead of by git."""

    def clone_url(self, name: str) -> str:
        """Where `owner/name` is cloned from."""
        return f"{self.url}/{name}.git"


@contextmanager
def serve_git(root: Path, authorization: str | None = None) -> Iterator[GitServer]:
    """Serve the bare repositories below a directory."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    served = GitServer(root, f"http://127.0.0.1:{server.server_address[1]}", authorization)
    server.git = served  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _is_admitted(git: GitServer, authorization: str | None) -> bool:
    if git.admits is not None:
        return git.admits(authorization)
    return git.authorization is None or authorization == git.authorization


def make_bare(path: Path) -> Path:
    """A bare repository that may be fetched from in part and by object id, as GitHub's may."""
    path.mkdir(parents=True, exist_ok=True)
    for arguments in (
        ("init", "--quiet", "--bare", "--initial-branch=main", "."),
        ("config", "uploadpack.allowFilter", "true"),
        ("config", "uploadpack.allowAnySHA1InWant", "true"),
        ("config", "http.receivepack", "true"),
    ):
        subprocess.run(["git", *arguments], cwd=path, check=True, capture_output=True, env=_plain_environment())
    return path


def _plain_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is nothing to tell of."""


class _Handler(BaseHTTPRequestHandler):
    """Hands a request to `git http-backend` as a web server would. https://git-scm.com/docs/git-http-backend"""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self._body())

    def log_message(self, *_: object) -> None:
        """Nothing is written to the terminal."""

    def _answer(self, body: bytes) -> None:
        git: GitServer = self.server.git  # type: ignore[attr-defined]
        if (page := git.pages(self.command, self.path, body)) is not None:
            self._page(page)
            return
        git.requests.append(f"{self.command} {self.path}")
        if git.fail_next:
            self._plain(git.fail_next.pop(0))
        elif status := git.fails():
            self._plain(status)
        elif not _is_admitted(git, self.headers.get("Authorization")):
            self._plain(401)
        else:
            self._by_git(git, body)

    def _page(self, page: Page) -> None:
        content = page.body.encode()
        self.send_response(page.status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _plain(self, status: int) -> None:
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _by_git(self, git: GitServer, body: bytes) -> None:
        path, _, query = self.path.partition("?")
        variables = _plain_environment() | {
            "GIT_PROJECT_ROOT": str(git.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "REMOTE_ADDR": "127.0.0.1",
            "REMOTE_USER": "rig",
        }
        ended = subprocess.run(["git", "http-backend"], input=body, capture_output=True, env=variables, check=False)
        head, _, content = ended.stdout.partition(b"\r\n\r\n")
        headers = [line.decode().split(": ", 1) for line in head.split(b"\r\n") if line]
        status = next((value for name, value in headers if name == "Status"), "200 OK")
        self.send_response(int(status.split(" ")[0]))
        for name, value in headers:
            if name != "Status":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)
