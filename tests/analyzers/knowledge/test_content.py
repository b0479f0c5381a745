"""Content systems: what is asked of them, and as whom."""

from __future__ import annotations

import pytest

from tests.analyzers.knowledge.doing import done, given

STRAPI = "import { strapi } from '@strapi/client'; const client = strapi({ baseURL: 'x', auth: process.env.STRAPI })"
GUEST = "import { strapi } from '@strapi/client'; const client = strapi({ baseURL: 'x' })"
CONTENTFUL = "import { createClient } from 'contentful'; const client = createClient({ accessToken: process.env.T })"
MANAGEMENT = """
    import { createClient } from 'contentful-management'
    const client = createClient({ accessToken: process.env.T }, { type: 'plain' })
"""
PRISMIC = "import * as prismic from '@prismicio/client'; const client = prismic.createClient('repo')"
STORYBLOK = "import StoryblokClient from 'storyblok-js-client'; const client = new StoryblokClient({ oauthToken: 'x' })"


@pytest.mark.parametrize(
    ("imports", "body", "effect"),
    [
        (
            STRAPI,
            "await client.collection('articles').update(input.id, { title: input.title })",
            "write articles {documentId: input.id} -> {title: input.title}",
        ),
        (
            STRAPI,
            "await client.collection('articles').find({ filters: { $and: [{ owner: { $eq: input.owner } }] } })",
            "read articles {owner: input.owner} -> -",
        ),
        (STRAPI, "await client.collection('articles').delete(input.id)", "delete articles {documentId: input.id} -> -"),
        (STRAPI, "await client.single('home').update(input)", "write home - -> input"),
        (STRAPI, "await client.files.delete(input.id)", "delete files {documentId: input.id} -> -"),
        (GUEST, "await client.collection('articles').create(input)", "as caller: insert articles - -> input"),
        (CONTENTFUL, "await client.getEntry(input.id)", "as caller: read published content - -> -"),
        (PRISMIC, "await client.getByUID('page', input.uid)", "as caller: read published content - -> -"),
        (STORYBLOK, "await client.delete(`spaces/1/stories/${input.id}`)", "delete content input.id -> -"),
        (
            MANAGEMENT,
            "await client.entry.update({ entryId: input.id }, { fields: input.fields })",
            "write entry {entryId: input.id} -> {fields: input.fields} | {}",
        ),
        (MANAGEMENT, "await client.entry.delete({ entryId: input.id })", "delete entry {entryId: input.id} -> {}"),
    ],
)
def test_a_call_of_a_content_system_says_what_it_does_to_which_document(imports: str, body: str, effect: str) -> None:
    assert done(imports, body) == [effect]


def test_an_answer_of_strapi_wraps_its_documents() -> None:
    assert given(STRAPI, "return (await client.collection('articles').find()).data") == "[record of articles]"
