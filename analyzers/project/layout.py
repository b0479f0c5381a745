"""Which paths exist in a tree, and how one is written from another."""

from __future__ import annotations

from collections.abc import Sequence

SOURCE_SUFFIXES = (".ts", ".tsx", ".js", ".jsx", ".mts", ".mjs", ".cts", ".cjs")
"""Files that hold code, as Next.js and TypeScript see it."""

_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")


def is_source(path: str) -> bool:
    """Whether a file holds code that runs: declarations (`.d.ts`) do not."""
    return path.endswith(SOURCE_SUFFIXES) and not path.endswith(_DECLARATIONS)


def is_compiled(path: str) -> bool:
    """Whether the compiler takes a file for code when something imports it: the name of a declaration is no bar."""
    return path.endswith(SOURCE_SUFFIXES)


def is_installed(path: str) -> bool:
    """Whether a file belongs to an installed package."""
    return "/node_modules/" in f"/{path}"


def folder_of(path: str) -> str:
    """The directory of a file; empty for the root."""
    return path.rpartition("/")[0]


def joined(folder: str, relative: str) -> str | None:
    """`relative` as seen from `folder`, without `.` and `..`; None where it leaves the tree."""
    parts = folder.split("/") if folder else []
    for part in relative.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def ancestors(folder: str) -> list[str]:
    """The directory itself and all above it, the root (empty) last."""
    chain = [folder]
    while folder:
        folder = folder_of(folder)
        chain.append(folder)
    return chain


class Layout:
    """The paths of a tree, for quick questions."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.files = frozenset(paths)
        self.folders = frozenset(_folders(paths))

    def named(self, folder: str, name: str) -> str | None:
        """The file `name` of a directory, if it exists."""
        path = f"{folder}/{name}" if folder else name
        return path if path in self.files else None


def _folders(paths: Sequence[str]) -> set[str]:
    folders = {""}
    for path in paths:
        folder = folder_of(path)
        while folder not in folders:
            folders.add(folder)
            folder = folder_of(folder)
    return folders
