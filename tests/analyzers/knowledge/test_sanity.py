"""Sanity: documents that a query finds, and changes that are committed."""

from __future__ import annotations

import pytest

from tests.analyzers.knowledge.doing import done, given

CLIENT = """
    import { createClient, groq } from 'next-sanity'
    const client = createClient({ projectId: 'p', dataset: 'd', token: process.env.SANITY_TOKEN })
"""


@pytest.mark.parametrize(
    ("body", "effect"),
    [
        (
            'await client.fetch(groq`*[_type == "post" && _id == $id][0]`, { id: input.id })',
            "read post {id: input.id} -> -",
        ),
        (
            'await client.fetch(`*[_type == "post" && slug == "${input.slug}"]`)',
            "read documents {query: input.slug} -> -",
        ),
        ("await client.getDocument(input.id)", "read documents {id: input.id} -> -"),
        (
            "await client.create({ _type: 'comment', text: input.text })",
            "insert comment - -> {_type: 'comment', text: input.text}",
        ),
        (
            "await client.createOrReplace({ _type: 'post', _id: input.id })",
            "write post {_id: input.id} -> {_type: 'post', _id: input.id}",
        ),
        (
            "await client.patch(input.id).set({ title: input.title }).commit()",
            "write documents {_id: input.id} -> {title: input.title}",
        ),
        (
            "const p = client.patch(input.id)\np.inc({ likes: 1 })\nawait p.commit()",
            "write documents {_id: input.id} -> {likes: 1}",
        ),
        ("await client.delete(input.id)", "delete documents {_id: input.id} -> -"),
        (
            "await client.transaction().patch(input.id, (p) => p.set({ seen: true })).delete('a').commit()",
            "write documents {_id: input.id} -> {seen: True}",
        ),
    ],
)
def test_a_call_of_sanity_says_what_it_does_to_which_document(body: str, effect: str) -> None:
    assert effect in done(CLIENT, body)


def test_a_transaction_is_committed_once_and_a_patch_not_without_a_commit() -> None:
    body = "const t = client.transaction(); t.create({ _type: 'post' }); await t.commit()"
    assert done(CLIENT, body) == ["insert post - -> {_type: 'post'}"]
    assert done(CLIENT, "const p = client.patch(input.id).set({ title: 'a' })") == []


def test_a_projection_names_what_comes_back() -> None:
    assert given(CLIENT, "return client.fetch(`*[_type == 'post'][0]`)") == "None | record of post"
    assert given(CLIENT, "return client.fetch(`*[_type == 'post'][0]{ title }`)") == "None | {...record of post}"


def test_live_content_is_fetched_by_a_query_of_its_own() -> None:
    head = (
        f"{CLIENT}\nimport {{ defineLive }} from 'next-sanity/live'\nconst {{ sanityFetch }} = defineLive({{ client }})"
    )
    body = "return (await sanityFetch({ query: `*[_type == 'post']`, params: { id: input.id } })).data"
    assert done(head, body) == ["read post {id: input.id} -> -"]


def test_without_a_token_the_client_reads_what_is_published_to_everybody() -> None:
    guest = (
        "import { createClient } from '@sanity/client'; const client = createClient({ projectId: 'p', dataset: 'd' })"
    )
    body = "return client.fetch(`*[_type == 'post' && slug == $slug][0]`, { slug: input.slug })"
    assert done(guest, body) == ["as caller: read post {slug: input.slug} -> -"]
    assert given(guest, body) == "None | {...record of post}"
