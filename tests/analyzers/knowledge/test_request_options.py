"""What goes along with a request, however a client takes it."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.sinks import shows_a_key
from tests.analyzers.running import run

HEAD = """
    'use server'
    import axios from 'axios'
    import needle from 'needle'
"""


def shows(call: str) -> bool:
    """Whether `act`, which makes this call, shows a key of the server's."""
    facts = run(f"{HEAD}\n    export async function act(id: string) {{ await {call} }}")["act"]
    return any(map(shows_a_key, facts.touching_effects()))


@pytest.mark.parametrize(
    "call",
    [
        "axios.post(`https://video.example/${id}/otp`, { ttl: 300 }, { headers: { authorization: process.env.KEY } })",
        "axios.put(`https://video.example/${id}`, null, { headers: { authorization: `Bearer ${process.env.KEY}` } })",
        "axios.patch(`https://video.example/${id}`, { id }, { auth: { username: 'us', password: process.env.KEY } })",
        "axios.post(`https://video.example/${id}`, { id }, { params: { key: process.env.KEY } })",
        "needle('post', `https://video.example/${id}`, { id }, { headers: { key: process.env.KEY } })",
        "axios.get(`https://video.example/${id}`, { headers: { authorization: process.env.KEY } })",
    ],
)
def test_a_key_among_the_options_of_a_request_is_shown(call: str) -> None:
    assert shows(call)


@pytest.mark.parametrize(
    "call",
    [
        "axios.post(`https://video.example/${id}`, { id })",
        "axios.post(`https://video.example/${id}`, { id }, { headers: { accept: 'application/json' }, timeout: 300 })",
    ],
)
def test_options_without_a_key_show_none(call: str) -> None:
    assert not shows(call)
