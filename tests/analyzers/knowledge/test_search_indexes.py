"""Search indexes and vector stores."""

from __future__ import annotations

import pytest

from tests.analyzers.knowledge.doing import done

ALGOLIA = "import { algoliasearch } from 'algoliasearch'; const client = algoliasearch('app', process.env.KEY)"
OLDER_ALGOLIA = (
    "import algoliasearch from 'algoliasearch'; const index = algoliasearch('app', 'key').initIndex('posts')"
)
MEILI = "import { MeiliSearch } from 'meilisearch'; const client = new MeiliSearch({ host: 'x' })"
TYPESENSE = "import Typesense from 'typesense'; const client = new Typesense.Client({ apiKey: 'x' })"
ELASTIC = "import { Client } from '@elastic/elasticsearch'; const client = new Client({ node: 'x' })"
QDRANT = "import { QdrantClient } from '@qdrant/js-client-rest'; const client = new QdrantClient({ url: 'x' })"
CHROMA = "import { ChromaClient } from 'chromadb'; const client = new ChromaClient()"
WEAVIATE = "import weaviate from 'weaviate-client'; const open = () => weaviate.connectToWeaviateCloud('x')"


@pytest.mark.parametrize(
    ("imports", "body", "effect"),
    [
        (ALGOLIA, "await client.searchSingleIndex({ indexName: 'posts' })", "read a search index - -> -"),
        (ALGOLIA, "await client.saveObject({ indexName: 'a', body: input })", "write a search index - -> input"),
        (
            ALGOLIA,
            "await client.deleteObject({ indexName: 'posts', objectID: input.id })",
            "delete a search index input.id -> -",
        ),
        (OLDER_ALGOLIA, "await index.deleteObject(input.id)", "delete a search index input.id -> -"),
        (MEILI, "await client.index('posts').search(input.q)", "read a search index - -> -"),
        (MEILI, "await client.index('posts').addDocuments([input])", "write a search index - -> [input]"),
        (MEILI, "await client.index('posts').deleteDocument(input.id)", "delete a search index input.id -> -"),
        (
            TYPESENSE,
            "await client.collections('posts').documents(input.id).delete()",
            "delete a search index input.id -> -",
        ),
        (
            TYPESENSE,
            "await client.collections('posts').documents().create(input)",
            "insert a search index - -> input",
        ),
        (
            TYPESENSE,
            "await client.collections('posts').documents(input.id).update({ a: 1 })",
            "write a search index input.id -> {a: 1}",
        ),
        (
            ELASTIC,
            "await client.index({ index: 'posts', id: input.id, document: input.post })",
            "write a search index input.id -> input.post",
        ),
        (ELASTIC, "await client.get({ index: 'posts', id: input.id })", "read a search index input.id -> -"),
        (ELASTIC, "await client.deleteByQuery({ query: input.q })", "delete a search index input.q -> -"),
        (
            QDRANT,
            "await client.upsert('posts', { points: [input.point] })",
            "write a vector store - -> [input.point]",
        ),
        (QDRANT, "await client.delete('posts', { points: [input.id] })", "delete a vector store [input.id] -> -"),
        (
            CHROMA,
            "const notes = await client.getOrCreateCollection({ name: 'a' }); await notes.delete({ ids: input.ids })",
            "delete a vector store input.ids -> -",
        ),
        (
            WEAVIATE,
            "const client = await open(); await client.collections.use('Post').data.deleteById(input.id)",
            "delete a vector store input.id -> -",
        ),
        (
            WEAVIATE,
            "const client = await open(); await client.collections.use('Post').query.nearText(input.q)",
            "read a vector store - -> -",
        ),
    ],
)
def test_an_index_is_searched_filled_and_emptied(imports: str, body: str, effect: str) -> None:
    assert done(imports, body) == [effect]
