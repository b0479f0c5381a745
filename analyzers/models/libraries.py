"""All that is known of libraries, together: what execution asks about code that is not in the repository."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, reduce

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import Strength, authenticated
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.origins import Input, Unfollowed
from preship.analyzers.flow.values import (
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
from preship.analyzers.knowledge import (
    connections,
    convex,
    nextjs,
    node,
    own,
    shapes,
)
from preship.analyzers.knowledge.rows import LibraryModel
from preship.analyzers.models import files
from preship.analyzers.models.form import Entry
from preship.analyzers.models.handlers import models_of


def _by_root(entries: Sequence[Entry]) -> Mapping[str, Sequence[LibraryModel]]:
    found: dict[str, list[LibraryModel]] = {}
    for entry in entries:
        for root, model in models_of(entry).items():
            found.setdefault(root, []).append(model)
    return found


@cache
def of_files(root: str) -> tuple[LibraryModel, ...]:
    """What the model files say of a package or thing."""
    return tuple(models_of(entry)[root] for entry in files.entries_about(root))


UNRESOLVED = "unresolved:"
"""The root of what a first-party module exports that is not in the tree."""


class Libraries:
    """What is known of libraries."""

    def __init__(
        self,
        library_models: Sequence[LibraryModel] = (),
        rows: Sequence[own.Row] = (),
        entries: Sequence[Entry] = (),
    ) -> None:
        """`library_models` are read from the tree; `rows` and `entries` are those that the repository itself adds."""
        library_models = (*library_models, *own.library_models(rows, UNRESOLVED))
        self._rows = own.by_place(rows)
        self._given: dict[str, list[LibraryModel]] = {}
        for library_model in library_models:
            for root in library_model.roots:
                self._given.setdefault(root, []).append(library_model)
        self._own: Mapping[str, Sequence[LibraryModel]] = _by_root(entries)
        self._by_root: dict[str, LibraryModel | None] = {}

    def _known(self, root: str) -> LibraryModel | None:
        """What is known of a package's path or of a thing, or of all paths beside it: `next-auth/providers/*`."""
        if root not in self._by_root:
            self._by_root[root] = self._joined(root) or self._joined(f"{root.rpartition('/')[0]}/*")
        return self._by_root[root]

    def _joined(self, root: str) -> LibraryModel | None:
        """What files and tables say of a root: the later one wins, and the repository's own word over all."""
        found = [*of_files(root), *self._given.get(root, ()), *self._own.get(root, ())]
        return reduce(LibraryModel.joined, found) if found else None

    def imported(self, package: str, name: str) -> Value:
        """What importing a name (`default`, `*`) from a package's path gives."""
        path = () if name == "*" else (name,)
        known = self._known(package)
        found = known.members.get(path) if known else None
        return found if found is not None else of(Library(package, path))

    def knows(self, package: str, name: str) -> bool:
        """Whether a package's path is known to give this name away."""
        library_model = self._known(package)
        rows = (library_model.calls, library_model.makers, library_model.members) if library_model is not None else ()
        return any(path[:1] == (name,) for table in rows for path in table)

    def is_unheard_of(self, package: str) -> bool:
        """Whether nothing is known of a package's path: its functions may do anything."""
        return self._known(package) is None

    def library_model(self, package: str) -> LibraryModel | None:
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
        if specifier in self._own:
            return self.imported(specifier, name)
        return of(Library(UNRESOLVED + specifier, () if name == "*" else (name,)))

    def function(self, path: str, name: str, value: Value) -> Value:
        """What a module of the repository declares under a name, with what the repository says of it besides."""
        if path in self._own and self.knows(path, name):
            return self.imported(path, name)
        row = self._rows.get((path, name))
        return own.declared(row, value) if row is not None else value

    def variable(self, name: str) -> Value | None:
        """What a name means that no scope declares."""
        return nextjs.GLOBALS.get(name) or node.GLOBALS.get(name)

    def member(self, library: Library, name: str) -> Value | None:
        """A property, where it is more than a longer path."""
        library_model = self._known(library.root)
        if library_model is None:
            return None
        found = library_model.members.get((*library.path, name))
        if found is None and library_model.read is not None:
            found = library_model.read(library, name)
        return found

    def call(self, library: Library, arguments: Arguments, calling: Calling) -> Value | None:
        """What a call does and gives."""
        connections.note_connection(library, arguments, calling)
        library_model = self._known(library.root)
        handler = library_model.handler(library.path) if library_model else None
        if handler is not None:
            return handler(library, arguments, calling)
        if library.root.startswith(UNRESOLVED):
            return self._call_unresolved(library, arguments, calling)
        return shapes.stated(".".join(library.path), arguments, calling) if library_model is None else None

    def changes_in_place(self, library: Library) -> bool:
        """Whether a method that gives a thing of the same kind has changed the thing itself."""
        library_model = self._known(library.root)
        return library_model is not None and library_model.changes_in_place

    def becomes(self, library: Library, arguments: Arguments) -> Library | None:
        """What a call makes of the thing that its chain starts from, where it gives something else."""
        library_model = self._known(library.root)
        return library_model.becomes(library, arguments) if library_model and library_model.becomes else None

    def construct(self, library: Library, arguments: Arguments, calling: Calling) -> Value | None:
        """What `new` gives."""
        connections.note_connection(library, arguments, calling)
        library_model = self._known(library.root)
        handler = library_model.makes(library.path) if library_model else None
        return handler(library, arguments, calling) if handler else None

    def template(
        self, library: Library, strings: Sequence[str], values: Sequence[Value], calling: Calling
    ) -> Value | None:
        """What a tagged template does and gives."""
        library_model = self._known(library.root)
        if library.root.startswith(UNRESOLVED):
            return shapes.template(library, strings, values, calling)
        return (
            library_model.template(library, strings, values, calling)
            if library_model and library_model.template
            else None
        )

    def awaited(self, library: Library, calling: Calling) -> Value | None:
        """What awaiting does and gives."""
        library_model = self._known(library.root)
        return library_model.awaited(library, calling) if library_model and library_model.awaited else None

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
        lost = Unfollowed(".".join(library.path), module, is_settled=True)
        why = f"{lost.why} is not in the tree"
        calling.emit(EffectKind.UNSEEN, "", why)
        for value in given.all():
            calling.run_callbacks(value)
        origins = frozenset(o for v in given.all() for o in origins_of(v)) | {lost}
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
