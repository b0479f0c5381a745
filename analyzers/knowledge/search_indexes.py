"""Search indexes and vector stores: what is looked for in them, put into them and taken out."""

from __future__ import annotations

from analyzers.flow.effects import EffectKind
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.values import Library, Value, of
from analyzers.knowledge.rows import Chosen, Handler, LibraryModel, is_absent, made, promises, sealed
from analyzers.knowledge.services import at, either, named, nothing, opened, part, passed, remote, sdk

READ, INSERT, WRITE, DELETE = EffectKind.READ, EffectKind.INSERT, EffectKind.WRITE, EffectKind.DELETE
INDEX, VECTORS = "a search index", "a vector store"


def on_this(kind: EffectKind, data: Chosen = nothing) -> Handler:
    """A call about the document that what led to it names: `documents(id).delete()`; or all that a filter chooses."""

    def handle(library: Library, given: Arguments, calling: Calling) -> Value:
        state = [value for value in library.state if isinstance(value, Value)]
        named = state[-1] if state else None
        key = named if is_absent(given.at(0)) or data is not nothing else given.at(0)
        return remote(kind, INDEX, key=lambda _: key, data=data)(library, given, calling)

    return handle


retrieved = on_this(READ)
updated = on_this(WRITE, at(0))
deleted = on_this(DELETE)
SEARCHED = remote(READ, INDEX)
BODY = either(named("body"), named("objects"), at(0))
OBJECT = either(named("objectID"), named("objectIDs"), at(0))
ALGOLIA = {
    **dict.fromkeys(
        ("search", "searchSingleIndex", "searchForHits", "browse", "browseObjects", "multipleQueries"), SEARCHED
    ),
    **dict.fromkeys(("getObject", "getObjects"), remote(READ, INDEX, key=OBJECT)),
    **dict.fromkeys(("saveObject", "saveObjects"), remote(WRITE, INDEX, data=BODY)),
    "addOrUpdateObject": remote(WRITE, INDEX, key=OBJECT, data=BODY),
    **dict.fromkeys(
        ("partialUpdateObject", "partialUpdateObjects"),
        remote(WRITE, INDEX, key=OBJECT, data=either(named("attributesToUpdate"), at(0))),
    ),
    **dict.fromkeys(("batch", "replaceAllObjects", "setSettings"), remote(WRITE, INDEX, data=at(0))),
    **dict.fromkeys(("deleteObject", "deleteObjects"), remote(DELETE, INDEX, key=OBJECT)),
    "deleteBy": remote(DELETE, INDEX, key=either(named("deleteByParams"), at(0))),
    **dict.fromkeys(("clearObjects", "deleteIndex"), remote(DELETE, INDEX, key=named("indexName"))),
    "initIndex": part,
    **dict.fromkeys(("generateSecuredApiKey", "generateSecuredApiKeyHelper"), sealed),
}

MEILISEARCH = {
    "index": part,
    **dict.fromkeys(("search", "searchGet", "multiSearch", "searchForFacetValues", "getStats"), SEARCHED),
    **dict.fromkeys(("getDocument", "getDocuments"), remote(READ, INDEX, key=at(0))),
    **dict.fromkeys(
        ("addDocuments", "addDocumentsInBatches", "updateDocuments", "updateDocumentsInBatches", "updateSettings"),
        remote(WRITE, INDEX, data=at(0)),
    ),
    **dict.fromkeys(("deleteDocument", "deleteDocuments", "deleteIndex"), remote(DELETE, INDEX, key=at(0))),
    "deleteAllDocuments": remote(DELETE, INDEX),
    "createIndex": remote(INSERT, INDEX, data=at(0)),
    **dict.fromkeys(("createKey", "updateKey", "deleteKey"), remote(WRITE, "the keys of a search index", data=at(0))),
    "generateTenantToken": sealed,
}

TYPESENSE = {
    **dict.fromkeys(("collections", "documents", "keys", "multiSearch"), part),
    **dict.fromkeys(("search", "perform", "export"), SEARCHED),
    "retrieve": retrieved,
    **dict.fromkeys(("create", "createMany", "import"), remote(INSERT, INDEX, data=at(0))),
    **dict.fromkeys(("upsert", "emplace"), remote(WRITE, INDEX, data=at(0))),
    "update": updated,
    "delete": deleted,
    "generateScopedSearchKey": sealed,
}

BY_ID = named("id")
ELASTIC = {
    **dict.fromkeys(("search", "msearch", "count", "scroll", "suggest"), SEARCHED),
    **dict.fromkeys(("get", "exists", "getSource", "termvectors"), remote(READ, INDEX, key=BY_ID)),
    "mget": remote(READ, INDEX, key=either(named("ids"), named("docs"))),
    "index": remote(WRITE, INDEX, key=BY_ID, data=either(named("document"), named("body"))),
    "create": remote(INSERT, INDEX, data=either(named("document"), named("body"))),
    "update": remote(WRITE, INDEX, key=BY_ID, data=either(named("doc"), named("body"), named("script"))),
    "bulk": remote(WRITE, INDEX, data=either(named("operations"), named("body"))),
    "updateByQuery": remote(WRITE, INDEX, key=either(named("query"), named("body")), data=named("script")),
    "delete": remote(DELETE, INDEX, key=either(BY_ID, named("index"))),
    "deleteByQuery": remote(DELETE, INDEX, key=either(named("query"), named("body"))),
}

COLLECTION = "vectors#collection"
CHOSEN = either(named("ids"), named("where"), named("filter"), named("points"))
QDRANT = {
    **dict.fromkeys(
        (
            "search",
            "searchBatch",
            "query",
            "queryBatch",
            "recommend",
            "scroll",
            "count",
            "getCollections",
            "getCollection",
        ),
        remote(READ, VECTORS, key=named("filter", 1)),
    ),
    "retrieve": remote(READ, VECTORS, key=named("ids", 1)),
    "upsert": remote(WRITE, VECTORS, data=named("points", 1)),
    **dict.fromkeys(
        ("setPayload", "overwritePayload", "updateVectors", "batchUpdate"),
        remote(WRITE, VECTORS, key=either(named("points", 1), named("filter", 1)), data=at(1)),
    ),
    **dict.fromkeys(
        ("delete", "deletePayload", "clearPayload", "deleteVectors"),
        remote(DELETE, VECTORS, key=either(named("points", 1), named("filter", 1), named("keys", 1))),
    ),
    "deleteCollection": remote(DELETE, VECTORS, key=at(0)),
    **dict.fromkeys(
        ("createCollection", "recreateCollection", "createPayloadIndex"), remote(WRITE, VECTORS, data=at(0))
    ),
}

IN_COLLECTION = {
    **dict.fromkeys(("get", "query", "peek", "count", "search"), remote(READ, VECTORS, key=CHOSEN)),
    "add": remote(INSERT, VECTORS, data=at(0)),
    **dict.fromkeys(("upsert", "update", "modify"), remote(WRITE, VECTORS, key=named("ids"), data=at(0))),
    "delete": remote(DELETE, VECTORS, key=CHOSEN),
}

WEAVIATE = {
    **dict.fromkeys(
        ("nearText", "nearVector", "nearObject", "bm25", "hybrid", "fetchObjects", "overAll"), remote(READ, VECTORS)
    ),
    "fetchObjectById": remote(READ, VECTORS, key=at(0)),
    **dict.fromkeys(("insert", "insertMany"), remote(INSERT, VECTORS, data=either(named("properties"), at(0)))),
    **dict.fromkeys(("update", "replace"), remote(WRITE, VECTORS, key=BY_ID, data=named("properties"))),
    **dict.fromkeys(("deleteById", "deleteMany"), remote(DELETE, VECTORS, key=at(0))),
    **dict.fromkeys(("use", "get"), part),
    **dict.fromkeys(("create", "createFromSchema"), remote(INSERT, VECTORS, data=at(0))),
    "delete": remote(DELETE, VECTORS, key=at(0)),
}

MODELS = (
    *sdk(
        ("algoliasearch", "algoliasearch/lite", "@algolia/client-search"),
        "https://www.algolia.com/doc/libraries/sdk/methods/search",
        ALGOLIA,
        names=("algoliasearch", "liteClient", "searchClient"),
    ),
    *sdk(
        ("meilisearch",),
        "https://www.meilisearch.com/docs/reference/api/overview",
        MEILISEARCH,
        names=("MeiliSearch", "Meilisearch"),
    ),
    *sdk(
        ("typesense",),
        "https://typesense.org/docs/latest/api/documents.html",
        TYPESENSE,
        names=("Client", "SearchClient"),
    ),
    *sdk(
        ("@elastic/elasticsearch", "@opensearch-project/opensearch"),
        "https://www.elastic.co/docs/reference/elasticsearch/clients/javascript/api-reference",
        ELASTIC,
        names=("Client",),
    ),
    *sdk(("@qdrant/js-client-rest",), "https://github.com/qdrant/qdrant-js#readme", QDRANT, names=("QdrantClient",)),
    *sdk(
        ("chromadb",),
        "https://docs.trychroma.com/reference/typescript/client",
        {
            **dict.fromkeys(("getCollection", "getOrCreateCollection", "createCollection"), opened(COLLECTION)),
            "deleteCollection": remote(DELETE, VECTORS, key=named("name")),
        },
        names=("ChromaClient", "CloudClient"),
    ),
    LibraryModel(
        frozenset({COLLECTION}),
        "https://docs.trychroma.com/reference/typescript/collection",
        methods=IN_COLLECTION,
        otherwise=passed,
    ),
    LibraryModel(
        frozenset({"weaviate-client"}),
        "https://docs.weaviate.io/weaviate/client-libraries/typescript",
        methods={
            **dict.fromkeys(
                ("connectToWeaviateCloud", "connectToLocal", "connectToCustom"),
                promises(of(Library("weaviate#client"))),
            ),
            "client": made("weaviate#client"),
        },
        otherwise=passed,
    ),
    LibraryModel(
        frozenset({"weaviate#client"}),
        "https://docs.weaviate.io/weaviate/client-libraries/typescript",
        methods=WEAVIATE,
        otherwise=passed,
    ),
)
