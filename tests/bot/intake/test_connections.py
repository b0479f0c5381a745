"""What a connection that breaks the protocol does to the answer that is under way."""

from __future__ import annotations

import socket
import threading

import pytest
import uvicorn

from preship.bot.intake.connections import ConnectionLimits, guarded_protocol

REQUEST = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"


async def answers_at_once(scope, receive, send):
    """Looks at the headers only, as the webhook does with what is not signed."""
    await send({"type": "http.response.start", "status": 401, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def address():
    config = uvicorn.Config(
        answers_at_once, port=0, lifespan="off", log_config=None, http=guarded_protocol(ConnectionLimits(at_once=5))
    )
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield listening.getsockname()
    server.should_exit = True
    thread.join()


def test_a_body_that_breaks_the_protocol_gets_one_answer(address, caplog):
    with socket.create_connection(address) as connection:
        connection.sendall(REQUEST + b"no chunk\r\n")
        said = b"".join(iter(lambda: connection.recv(4096), b""))
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1") == 1
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
