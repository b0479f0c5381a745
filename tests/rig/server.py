"""The fake's HTTP side: every request and every answer is held to GitHub's description before it passes."""

from __future__ import annotations

import json
import threading
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jwt

from tests.rig import answers, graph
from tests.rig.description import Operation, description
from tests.rig.faults import Failing, Fault, Faults, Hanging, Striking, When
from tests.rig.routes import ROUTES, Answer, Caller, Refusal, Request, Route, Unprocessable
from tests.rig.world import APP_ID, Grant, World

# A hanging answer ends by itself at last, so that a broken test does not hang with it.
LONGEST_HANG_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Logged:
    """One request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    permissions: Mapping[str, str] | None
    """Those of the token; None for requests of the app itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request on its way through the fake."""

    method: str
    path: str
    """Still quoted, without the query."""

    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class FakeApi:
    """GitHub's API over a world, on a port of its own."""

    def __init__(self, world: World, public_key: str) -> None:
        self.log: list[Logged] = []
        self.violations: list[str] = []
        """What GitHub's description does not allow: of ours in requests, of the fake's in answers."""

        self.faults = Faults()
        self.world = world
        self.lock = threading.Lock()
        self._public_key = public_key
        self._hanging: list[Hanging] = []
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.world.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self.release()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def empty(self) -> None:
        """Forget every request and every fault."""
        self.release()
        self.log.clear()
        self.violations.clear()
        self.faults = Faults()

    def release(self) -> None:
        """Let every hanging answer go."""
        for fault in self._hanging:
            fault.released.set()
        self._hanging.clear()

    def answer(self, method: str, target: str, headers: Mapping[str, str], content: bytes) -> Answer | None:
        """The answer to a request; None drops the connection."""
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        asked = Asked(method, parts.path, query, headers, json.loads(content) if content else None)
        grant = self._grant(headers)
        self.log.append(Logged(method, unquote(asked.path), query, asked.body, grant and grant.permissions))
        fault = self.faults.take(method, unquote(asked.path))
        if fault is None:
            return self._served(asked)
        return self._struck(fault, self._served(asked) if fault.when is When.AFTER else None)

    def _struck(self, fault: Fault, served: Answer | None) -> Answer | None:
        """What becomes of a request that a fault struck; `served` is the answer that it would have got."""
        if isinstance(fault, Failing):
            said = answers.error(fault.message) if fault.body is None else fault.body
            return Answer(fault.status, said, fault.headers)
        if isinstance(fault, Hanging):
            self._hanging.append(fault)
            fault.released.wait(LONGEST_HANG_SECONDS)
        if isinstance(fault, Striking):
            fault.strike()
            return None if fault.drops else served
        return None

    def _served(self, asked: Asked) -> Answer:
        """The answer of the world, checked on both sides."""
        if asked.path == "/graphql":
            return self._queried(asked)
        operation = description().operation(asked.method, asked.path)
        route = ROUTES.get((operation.method, operation.template)) if operation else None
        if operation is None or route is None:
            return self._violated(f"{asked}: no such route {'here' if operation else 'at GitHub'}")
        faults = description().faults_of_request(operation, asked.query, asked.body)
        if faults:
            return self._violated(f"{asked}: {faults}")
        with self.lock:
            answer = self._routed(route, operation, asked)
        faults = description().faults_of_answer(operation, answer.status, answer.body)
        return self._violated(f"answer to {asked}: {faults}") if faults else answer

    def _queried(self, asked: Asked) -> Answer:
        grant = self._grant(asked.headers)
        if grant is None:
            return Answer(401, answers.error("Bad credentials"))
        with self.lock:
            answer, faults = graph.answer(self.world, grant, asked.body["query"], asked.body.get("variables") or {})
        return self._violated(f"{asked}: {faults}") if faults else Answer(200, answer)

    def _routed(self, route: Route, operation: Operation, asked: Asked) -> Answer:
        try:
            grant = self._authenticated(route, asked.headers)
            parameters = {name: unquote(value) for name, value in operation.parameters.items()} | {"path": asked.path}
            file_path = unquote(operation.parameters.get("path", ""))
            login = self._login(asked.headers) if route.permission is Caller.PERSON else ""
            return route.handler(self.world, Request(parameters, asked.query, asked.body, grant, file_path, login))
        except Refusal as refusal:
            return refusal.answer
        except Unprocessable as refusal:
            return _unprocessable(operation, str(refusal))
        except Exception:  # a fault of the rig must fail the test that met it, not look like one of GitHub's
            return self._violated(f"the rig broke: {traceback.format_exc()}")

    def _authenticated(self, route: Route, headers: Mapping[str, str]) -> Grant | None:
        if isinstance(route.permission, Caller):
            if route.permission is Caller.APP:
                self._check_jwt(headers)
            return None
        grant = self._grant(headers)
        if grant is None:
            raise Refusal(401, "Bad credentials")
        if not grant.allows(*route.permission):
            raise Refusal(403, "Resource not accessible by integration")
        return grant

    def _check_jwt(self, headers: Mapping[str, str]) -> None:
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, self._public_key, algorithms=["RS256"], issuer=str(APP_ID))
        except jwt.InvalidTokenError as error:
            raise Refusal(401, "A JSON web token could not be decoded") from error
        if claims["exp"] - claims["iat"] > 660:
            raise Refusal(401, "'Expiration time' claim ('exp') is too far in the future")

    def _login(self, headers: Mapping[str, str]) -> str:
        login = self.world.user_tokens.get(headers.get("Authorization", "").partition(" ")[2])
        if login is None:
            raise Refusal(401, "Bad credentials")
        return login

    def _grant(self, headers: Mapping[str, str]) -> Grant | None:
        scheme, _, token = headers.get("Authorization", "").partition(" ")
        return self.world.grants.get(token) if scheme.lower() in ("token", "bearer") else None

    def _violated(self, what: str) -> Answer:
        self.violations.append(what)
        return Answer(400, answers.error(f"the rig refuses this: {what}"))


def _unprocessable(operation: Operation, reason: str) -> Answer:
    """GitHub has two shapes for what it cannot process; its description says which one an operation uses."""
    plain = answers.error("Unprocessable Entity", errors=[reason])
    if not description().faults_of_answer(operation, 422, plain):
        return Answer(422, plain)
    return Answer(422, answers.error("Validation Failed", errors=[{"code": "custom", "message": reason}]))


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is nothing to tell of; faults of the rig itself are violations."""


def _handler(api: FakeApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = api.answer(self.command, self.path, dict(self.headers), content)
            if answer is None:
                self.close_connection = True
                return
            body = json.dumps(answer.body).encode()
            self.send_response_only(answer.status)
            moment = datetime.now(UTC) + timedelta(seconds=api.world.clock_seconds)
            limits = {
                "Date": format_datetime(moment, usegmt=True),
                "X-RateLimit-Limit": "5000",
                "X-RateLimit-Remaining": "4321",
                "X-RateLimit-Reset": "1900000000",
            }
            for name, value in {"Content-Type": "application/json", **limits, **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            """Say nothing: the log is kept."""

    return Handler
