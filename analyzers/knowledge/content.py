"""Content systems: Strapi, whose server judges by its token, and those that deliver what is published to everybody."""

from __future__ import annotations

from analyzers.flow.effects import Client, EffectKind
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.origins import Remote
from analyzers.flow.values import PLAIN, Library, Object, Promise, Value, obj, of, text_of, unknown
from analyzers.knowledge.keys import EVERYTHING, Dialect, filtered
from analyzers.knowledge.managed import managed
from analyzers.knowledge.rows import Handler, LibraryModel, made, made_with_arguments, name_of, option
from analyzers.knowledge.services import at, field, passed, remote, spoken_as
from analyzers.knowledge.stores import (
    DELETE,
    INSERT,
    MANY,
    NONE,
    READ,
    SURELY,
    WRITE,
    Call,
    Part,
    asked,
    by_id,
    no_part,
    sent,
)

STRAPI, STRAPI_DOCS = "strapi#client", "https://github.com/strapi/client#readme"
STRAPI_FILTERS = Dialect(
    all_of=frozenset({"$and"}),
    any_of=frozenset({"$or"}),
    equal=frozenset({"$eq", "$eqi", "$in"}),
    other=frozenset(
        {
            *("$ne", "$nei", "$lt", "$lte", "$gt", "$gte", "$notIn", "$contains", "$notContains", "$containsi"),
            *("$notContainsi", "$null", "$notNull", "$between", "$startsWith", "$startsWithi", "$endsWith"),
            *("$endsWithi", "$not"),
        }
    ),
)
"""https://docs.strapi.io/cms/api/rest/filters"""


def collection(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.collection('articles')`, `client.single('homepage')`."""
    return of(Library(STRAPI, library.path, (given.at(0), *library.state)))


def model(library: Library, given: Arguments) -> str:
    """The collection that the call is about."""
    if library.path[0] == "files" or not library.state:
        return "files"
    known = library.state[0]
    return (text_of(known) if isinstance(known, Value) else None) or "documents"


def matching(library: Library, given: Arguments) -> Value | None:
    """`find({ filters })`."""
    key = filtered(option(given.at(0), "filters"), STRAPI_FILTERS)
    return None if key == EVERYTHING else key


def with_meta(answer: Value) -> Value:
    """As `{ data, meta }`."""
    return obj(PLAIN, data=answer, meta=PLAIN)


def speaker(library: Library, given: Arguments) -> Client:
    """By the token of the client: its own, the caller's, or none, with which it may do what everybody may.

    https://docs.strapi.io/cms/features/api-tokens
    """
    options = library.state[-1] if library.state and isinstance(library.state[-1], Value) else PLAIN
    shapes = [a.shape for a in options.alternatives]
    names = {name for shape in shapes if isinstance(shape, Object) for name, _ in shape.fields}
    is_guest = all(isinstance(shape, Object) for shape in shapes) and not {"auth", "headers"} & names
    return Client.CALLER if is_guest else spoken_as(library, given)


def of_strapi(kind: EffectKind, answers: str, key: Part, data: Part = no_part) -> Handler:
    """A method of a collection."""
    return asked(Call(kind, answers, key, data, with_meta), model, speaker)


found = of_strapi(READ, MANY, matching)
found_one = of_strapi(READ, SURELY, by_id(0, "documentId"))
created = of_strapi(INSERT, SURELY, no_part, sent(0))
updated = of_strapi(WRITE, SURELY, by_id(0, "documentId"), sent(1))
deleted = of_strapi(DELETE, NONE, by_id(0, "documentId"))
found_single = of_strapi(READ, SURELY, no_part)
updated_single = of_strapi(WRITE, SURELY, no_part, sent(0))
deleted_single = of_strapi(DELETE, NONE, no_part)

# --- what is published ---------------------------------------------------------------------------------------------

PUBLISHED = "published content"


def delivered(library: Library, given: Arguments, calling: Calling) -> Value:
    """A read of what an editor has published to everybody."""
    calling.may_fail()
    calling.emit(READ, PUBLISHED, name_of(library), client=Client.CALLER)
    return of(Promise(unknown({Remote(PUBLISHED)}), rejection=PLAIN))


CONTENTFUL, MANAGEMENT, PRISMIC, STORYBLOK = (
    f"{name}#client" for name in ("contentful", "contentful-management", "prismic", "storyblok")
)


def plain(library: Library, given: Arguments, calling: Calling) -> Value:
    """`client.entry.update({ entryId }, contents)`: https://contentful.github.io/contentful-management.js/."""
    if library.path[-1] in {"getSpace", "getEnvironment"}:
        return of(Promise(of(Library(MANAGEMENT))))
    return managed(client=spoken_as(library, given))(library, given, calling)


MODELS = (
    LibraryModel(frozenset({"@strapi/client"}), STRAPI_DOCS, {("strapi",): made_with_arguments(STRAPI)}),
    LibraryModel(
        frozenset({STRAPI}),
        STRAPI_DOCS,
        {
            **dict.fromkeys((("collection",), ("single",)), collection),
            ("collection", "find"): found,
            ("collection", "findOne"): found_one,
            ("collection", "create"): created,
            ("collection", "update"): updated,
            ("collection", "delete"): deleted,
            ("single", "find"): found_single,
            ("single", "update"): updated_single,
            ("single", "delete"): deleted_single,
            ("files", "find"): found,
            ("files", "findOne"): found_one,
            ("files", "create"): created,
            ("files", "update"): updated,
            ("files", "delete"): deleted,
            ("files", "upload"): remote(EffectKind.FILE, "files", data=at(0)),
            ("fetch",): remote(EffectKind.FETCH, "Strapi", key=at(0), data=field("body", 1)),
        },
        otherwise=passed,
    ),
    LibraryModel(
        frozenset({"contentful"}),
        "https://contentful.github.io/contentful.js/",
        methods={"createClient": made(CONTENTFUL)},
    ),
    LibraryModel(
        frozenset({"@prismicio/client"}),
        "https://prismic.io/docs/technical-reference/prismicio-client",
        methods={"createClient": made(PRISMIC)},
        otherwise=passed,
    ),
    LibraryModel(
        frozenset({"storyblok-js-client", "@storyblok/react", "@storyblok/react/rsc", "@storyblok/js"}),
        "https://www.storyblok.com/docs/packages/storyblok-js",
        {("getStoryblokApi",): made(STORYBLOK)},
        makers={("default",): made(STORYBLOK)},
        otherwise=passed,
    ),
    LibraryModel(
        frozenset({CONTENTFUL, PRISMIC}),
        "https://www.contentful.com/developers/docs/references/content-delivery-api/",
        methods=dict.fromkeys(
            (
                *("getEntries", "getEntry", "getAssets", "getAsset", "getContentTypes", "getContentType", "getTags"),
                *("get", "getFirst", "getByID", "getByIDs", "getByUID", "getByUIDs", "getSingle", "getByType"),
                *("getAllByType", "getAllByIDs", "getAllByUIDs", "getByTag", "getAllByTag", "dangerouslyGetAll"),
            ),
            delivered,
        ),
        otherwise=passed,
    ),
    LibraryModel(
        frozenset({STORYBLOK}),
        "https://www.storyblok.com/docs/packages/storyblok-js-client",
        {
            **dict.fromkeys((("get",), ("getAll",), ("getStories",), ("getStory",)), delivered),
            ("post",): remote(INSERT, "content", key=at(0), data=at(1)),
            ("put",): remote(WRITE, "content", key=at(0), data=at(1)),
            ("delete",): remote(DELETE, "content", key=at(0)),
        },
        otherwise=passed,
    ),
    LibraryModel(
        frozenset({"contentful-management"}),
        "https://github.com/contentful/contentful-management.js#readme",
        methods={"createClient": made_with_arguments(MANAGEMENT)},
    ),
    LibraryModel(
        frozenset({MANAGEMENT}),
        "https://contentful.github.io/contentful-management.js/",
        otherwise=plain,
    ),
)
