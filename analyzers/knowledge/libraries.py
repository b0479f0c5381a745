"""All shelves together: the knowledge that execution asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analyzers.flow.effects import EffectKind
from analyzers.flow.facts import Strength, authenticated
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.origins import Input, Unfollowed
from analyzers.flow.values import (
    Alternative,
    Library,
    Promise,
    Truth,
    Unknown,
    Value,
    callbacks_in,
    of,
    origins_of,
)
from analyzers.knowledge import (
    abuse,
    agents,
    ai,
    airtable,
    appwrite,
    appwrite_databases,
    async_context,
    authjs,
    better_auth,
    clerk,
    cognito,
    connections,
    content,
    convex,
    directus,
    drizzle,
    dynamodb,
    firebase,
    firestore,
    genkit,
    graphs,
    hosted_identity,
    http,
    id_tokens,
    keyvalue,
    knex,
    kysely,
    mail,
    medusa,
    mongodb,
    mongoose,
    nextjs,
    node,
    observability,
    own,
    passwords,
    payload,
    payments,
    platforms,
    pocketbase,
    policies,
    prisma,
    proxies,
    pure,
    queues,
    safe_action,
    sanity,
    schema_dialects,
    schema_sources,
    schemas,
    search_indexes,
    sequelize,
    sessions,
    shapes,
    sql,
    sql_services,
    sqlite,
    storage,
    supabase,
    tokens,
    trpc,
    trpc_client,
    typeorm,
    workos,
    zsa,
)
from analyzers.knowledge.rows import Shelf

SHELVES: tuple[Shelf, ...] = (
    *nextjs.SHELVES,
    *node.SHELVES,
    *async_context.SHELVES,
    *authjs.SHELVES,
    *clerk.SHELVES,
    *better_auth.SHELVES,
    *sessions.SHELVES,
    *tokens.SHELVES,
    *passwords.SHELVES,
    *supabase.SHELVES,
    *hosted_identity.SHELVES,
    *workos.SHELVES,
    *proxies.SHELVES,
    *cognito.SHELVES,
    *id_tokens.SHELVES,
    *firebase.SHELVES,
    *appwrite.SHELVES,
    *appwrite_databases.SHELVES,
    *pocketbase.SHELVES,
    *sanity.SHELVES,
    *directus.SHELVES,
    *content.SHELVES,
    *payload.SHELVES,
    *medusa.SHELVES,
    *abuse.SHELVES,
    *prisma.SHELVES,
    *drizzle.SHELVES,
    *kysely.SHELVES,
    *knex.SHELVES,
    *sequelize.SHELVES,
    *typeorm.SHELVES,
    *sql.SHELVES,
    *sqlite.SHELVES,
    *sql_services.SHELVES,
    *graphs.SHELVES,
    *keyvalue.SHELVES,
    *airtable.SHELVES,
    *firestore.SHELVES,
    *genkit.SHELVES,
    *dynamodb.SHELVES,
    *mongodb.SHELVES,
    *mongoose.SHELVES,
    *schemas.SHELVES,
    *schema_dialects.SHELVES,
    *safe_action.SHELVES,
    *zsa.SHELVES,
    *http.SHELVES,
    *connections.SHELVES,
    *mail.SHELVES,
    *payments.SHELVES,
    *trpc.SHELVES,
    *storage.SHELVES,
    *ai.SHELVES,
    *search_indexes.SHELVES,
    *agents.SHELVES,
    *platforms.SHELVES,
    *queues.SHELVES,
    *observability.SHELVES,
    *pure.SHELVES,
    *policies.SHELVES,
    *trpc_client.SHELVES,
    *schema_sources.SHELVES,
)

UNRESOLVED = "unresolved:"
"""The root of what a first-party module exports that is not in the tree."""


class Libraries:
    """What is known of libraries."""

    def __init__(self, shelves: Sequence[Shelf] = SHELVES, rows: Sequence[own.Row] = ()) -> None:
        """`rows` are those that the repository itself adds."""
        shelves = (*shelves, *own.shelves(rows, UNRESOLVED))
        self._rows = own.by_place(rows)
        by_root: dict[str, Shelf] = {}
        for shelf in shelves:
            for root in shelf.roots:
                by_root[root] = by_root[root].joined(shelf) if root in by_root else shelf
        self._by_root: Mapping[str, Shelf] = by_root

    def _known(self, root: str) -> Shelf | None:
        """What is known of a package's path or of a thing, or of all paths beside it: `next-auth/providers/*`."""
        return self._by_root.get(root) or self._by_root.get(f"{root.rpartition('/')[0]}/*")

    def imported(self, package: str, name: str) -> Value:
        """What importing a name (`default`, `*`) from a package's path gives."""
        path = () if name == "*" else (name,)
        known = self._known(package)
        found = known.members.get(path) if known else None
        return found if found is not None else of(Library(package, path))

    def knows(self, package: str, name: str) -> bool:
        """Whether a package's path is known to give this name away."""
        shelf = self._known(package)
        rows = (shelf.calls, shelf.makers, shelf.members) if shelf is not None else ()
        return any(path[:1] == (name,) for table in rows for path in table)

    def shelf(self, package: str) -> Shelf | None:
        """All that is known of a package's path."""
        return self._known(package)

    def unresolved(self, specifier: str, name: str) -> Value:
        """What importing from a first-party module that is not in the tree gives."""
        if name == "PrismaClient":
            # Generated into the tree by `prisma generate`, and never committed.
            # https://www.prisma.io/docs/orm/prisma-schema/overview/generators
            return of(Library("@prisma/client", ("PrismaClient",)))
        if (generated := convex.generated(specifier, name)) is not None:
            return generated
        return of(Library(UNRESOLVED + specifier, () if name == "*" else (name,)))

    def function(self, path: str, name: str, value: Value) -> Value:
        """What a module of the repository declares under a name, with what the repository says of it besides."""
        row = self._rows.get((path, name))
        return own.declared(row, value) if row is not None else value

    def variable(self, name: str) -> Value | None:
        """What a name means that no scope declares."""
        return nextjs.GLOBALS.get(name) or node.GLOBALS.get(name)

    def member(self, library: Library, name: str) -> Value | None:
        """A property, where it is more than a longer path."""
        shelf = self._known(library.root)
        if shelf is None:
            return None
        found = shelf.members.get((*library.path, name))
        if found is None and shelf.read is not None:
            found = shelf.read(library, name)
        return found

    def call(self, library: Library, arguments: Arguments, calling: Calling) -> Value | None:
        """What a call does and gives."""
        connections.note_connection(library, arguments, calling)
        shelf = self._known(library.root)
        handler = shelf.handler(library.path) if shelf else None
        if handler is not None:
            return handler(library, arguments, calling)
        if library.root.startswith(UNRESOLVED):
            return self._call_unresolved(library, arguments, calling)
        return shapes.stated(".".join(library.path), arguments, calling) if shelf is None else None

    def changes_in_place(self, library: Library) -> bool:
        """Whether a method that gives a thing of the same kind has changed the thing itself."""
        shelf = self._known(library.root)
        return shelf is not None and shelf.changes_in_place

    def becomes(self, library: Library, arguments: Arguments) -> Library | None:
        """What a call makes of the thing that its chain starts from, where it gives something else."""
        shelf = self._known(library.root)
        return shelf.becomes(library, arguments) if shelf and shelf.becomes else None

    def construct(self, library: Library, arguments: Arguments, calling: Calling) -> Value | None:
        """What `new` gives."""
        connections.note_connection(library, arguments, calling)
        shelf = self._known(library.root)
        handler = shelf.makes(library.path) if shelf else None
        return handler(library, arguments, calling) if handler else None

    def template(
        self, library: Library, strings: Sequence[str], values: Sequence[Value], calling: Calling
    ) -> Value | None:
        """What a tagged template does and gives."""
        shelf = self._known(library.root)
        if library.root.startswith(UNRESOLVED):
            return shapes.template(library, strings, values, calling)
        return shelf.template(library, strings, values, calling) if shelf and shelf.template else None

    def awaited(self, library: Library, calling: Calling) -> Value | None:
        """What awaiting does and gives."""
        shelf = self._known(library.root)
        return shelf.awaited(library, calling) if shelf and shelf.awaited else None

    def invoked(self, owner: Value, name: str, arguments: Arguments, calling: Calling) -> Value | None:
        """What calling a method of an unknown object does, where its shape gives it away.

        What came over the network is no client, and has none of its methods: such a call fails.
        """
        if is_sent(owner):
            return None
        return shapes.invoked(owner, name, arguments, calling)

    def _call_unresolved(self, library: Library, given: Arguments, calling: Calling) -> Value:
        """A function of the repository that is not in the tree: it may be a guard, and may do anything."""
        shaped = shapes.called(library, given, calling)
        if shaped is not None:
            return shaped
        module = library.root.removeprefix(UNRESOLVED)
        why = f"{'.'.join(library.path)} of {module} is not in the tree"
        calling.emit(EffectKind.UNSEEN, "", why)
        for value in given.all():
            calling.run_callbacks(value)
        origins = frozenset(o for v in given.all() for o in origins_of(v)) | {Unfollowed(why, module, is_settled=True)}
        maybe = authenticated(why, calling.span, Strength.POSSIBLE)
        made = Unknown(origins, Truth.MAYBE, maybe, maybe, callbacks=callbacks_in(given.all()))
        value = Value((Alternative(made),))
        return of(Promise(value, maybe))


def is_sent(value: Value) -> bool:
    """Whether a value came over the network, and nothing else can stand there."""
    return all(
        isinstance(a.shape, Unknown) and bool(a.shape.origins) and all(isinstance(o, Input) for o in a.shape.origins)
        for a in value.alternatives
    )
