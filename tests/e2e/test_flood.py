"""Anybody can reach the webhook: what is not signed costs next to nothing, and never keeps GitHub out."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from tests.e2e.app import files
from tests.e2e.service import Service
from tests.patience import PATIENCE_SECONDS
from tests.rig import webhooks
from tests.rig.github import SECRET, Rig, RigRepository

_MEGABYTE = 1024 * 1024

_FLOOD_SECONDS = 50.0
"""Less than a connection may last: what is taken by then is not taken because the flood was over."""

GROWTH_BYTES = 48 * _MEGABYTE
"""What the interpreter may take for some hundred connections; sixty bodies would take thirty times as much."""

HEAD = (
    "POST /webhook HTTP/1.1\r\nHost: preship\r\nContent-Type: application/json\r\nX-GitHub-Event: pull_request\r\n"
    "X-GitHub-Delivery: d-1\r\nX-Hub-Signature-256: sha256={signature}\r\nContent-Length: {length}\r\n\r\n"
)


def memory(service: Service) -> int:
    return int(psutil.Process(service.pid).memory_info().rss)


@contextmanager
def connected(service: Service) -> Iterator[socket.socket]:
    parts = urlsplit(service.webhook)
    with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE_SECONDS) as connection:
        yield connection


def sent(connection: socket.socket, content: bytes) -> None:
    """Send as much as the other side takes: it may well hang up."""
    try:
        connection.sendall(content)
    except OSError:
        return


def opened(rig: Rig) -> tuple[RigRepository, int]:
    repository = rig.repository(files("main"))
    repository.push("invoices", files("feature"))
    return repository, repository.open_pull_request("invoices")


def is_taken(rig: Rig, service: Service) -> bool:
    """Whether a delivery of GitHub's is taken while the others still hold on to what they have."""
    repository, number = opened(rig)
    event = repository.pull_request_event(number, "opened")
    return rig.deliver(service.webhook, "pull_request", event, patience_seconds=_FLOOD_SECONDS) == 202


@pytest.mark.parametrize("signature", ["0" * 64, "nonsense"])
def test_sixty_bodies_that_never_end_take_no_memory_and_keep_no_delivery_out(
    rig: Rig, service: Service, signature: str
) -> None:
    before = memory(service)
    head = HEAD.format(signature=signature, length=24 * _MEGABYTE).encode()
    part = b"x" * _MEGABYTE
    with ExitStack() as open_connections:
        for _ in range(60):
            connection = open_connections.enter_context(connected(service))
            connection.settimeout(1)
            sent(connection, head)
            for _ in range(23):
                sent(connection, part)
        assert is_taken(rig, service)
        assert memory(service) - before < GROWTH_BYTES


def test_twelve_hundred_half_sent_headers_take_no_memory_and_keep_no_delivery_out(rig: Rig, service: Service) -> None:
    before = memory(service)
    with ExitStack() as open_connections:
        for _ in range(1200):
            connection = open_connections.enter_context(connected(service))
            sent(connection, b"POST /webhook HTTP/1.1\r\nHost: preship\r\nX-Slow: ")
        assert is_taken(rig, service)
        assert len(psutil.Process(service.pid).net_connections()) < 600
        assert memory(service) - before < GROWTH_BYTES


def test_headers_that_do_not_come_end_their_connection(service: Service) -> None:
    with connected(service) as connection:
        connection.settimeout(PATIENCE_SECONDS)
        sent(connection, b"POST /webhook HTTP/1.1\r\nHost: ")
        assert _rest(connection) == b""


def test_a_body_that_does_not_come_ends_its_connection(service: Service) -> None:
    with connected(service) as connection:
        connection.settimeout(PATIENCE_SECONDS)
        sent(connection, HEAD.format(signature="0" * 64, length=1000).encode() + b"{")
        answer = _rest(connection)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert answer.endswith(b"the body did not come in time")


def _rest(connection: socket.socket) -> bytes:
    """Everything until the other side hangs up."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


@pytest.mark.parametrize("missing", ["X-Hub-Signature-256", "X-GitHub-Event", "X-GitHub-Delivery"])
def test_what_cannot_be_a_delivery_is_answered_before_its_body_comes(service: Service, missing: str) -> None:
    head = HEAD.format(signature="0" * 64, length=24 * _MEGABYTE)
    lines = [line for line in head.split("\r\n") if not line.startswith(missing)]
    with connected(service) as connection:
        sent(connection, "\r\n".join(lines).encode())
        answer = _rest(connection)
    assert answer.startswith(b"HTTP/1.1 401 " if "Signature" in missing else b"HTTP/1.1 400 ")


def test_a_signed_body_of_any_size_is_taken_in_parts(service: Service) -> None:
    body = b'{"action": "created", "padding": "' + b"x" * (20 * _MEGABYTE) + b'"}'
    headers = dict(webhooks.headers("star", body, SECRET))
    for chunk in (1000, _MEGABYTE):
        parts = (body[start : start + chunk] for start in range(0, len(body), chunk))
        assert httpx.post(service.webhook, content=parts, headers=headers, timeout=PATIENCE_SECONDS).status_code == 204
    assert (
        httpx.post(service.webhook, content=body[:-1] + b" }", headers=headers, timeout=PATIENCE_SECONDS).status_code
        == 401
    )


def test_a_webhook_that_sends_forms_is_answered_with_what_to_change(service: Service) -> None:
    body = b"payload=%7B%7D"
    headers = {**webhooks.headers("ping", body, SECRET), "Content-Type": "application/x-www-form-urlencoded"}
    answer = httpx.post(service.webhook, content=body, headers=headers, timeout=PATIENCE_SECONDS)
    assert (answer.status_code, answer.text) == (
        415,
        "this webhook sends a form: set its content type to application/json",
    )
