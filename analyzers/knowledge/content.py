"""Content systems: Strapi, whose server judges by its token, and those that deliver what is published to everybody."""

from __future__ import annotations

from preship.analyzers.flow.effects import Client, EffectKind
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Remote
from preship.analyzers.flow.values import PLAIN, Library, Object, Promise, Value, obj, of, text_of, unknown
from preship.analyzers.knowledge.keys import EVERYTHING, Dialect, filtered
from preship.analyzers.knowledge.managed import managed
from preship.analyzers.knowledge.rows import Handler, name_of, option
from preship.analyzers.knowledge.services import spoken_as
from preship.analyzers.knowledge.stores import (
    DELETE,
    INSERT,
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


found_one = of_strapi(READ, SURELY, by_id(0, "documentId"))
created = of_strapi(INSERT, SURELY, no_part, sent(0))
updated = of_strapi(WRITE, SURELY, by_id(0, "documentId"), sent(1))
deleted = of_strapi(DELETE, NONE, by_id(0, "documentId"))
updated_single = of_strapi(WRITE, SURELY, no_part, sent(0))

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
