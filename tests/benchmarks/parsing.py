"""How fast source is read, to the top level and to the bottom: `python -m tests.benchmarks.parsing FOLDER`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path

from preship.analyzers.source.parse import parse_module
from preship.analyzers.source.tree import Module
from preship.analyzers.source.walk import within

ENDINGS = {".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts"}


def main() -> None:
    """Print megabytes a second, and how many files keep gaps."""
    files = [path for path in Path(sys.argv[1]).rglob("*") if path.suffix in ENDINGS and path.is_file()]
    sources = [(str(path), path.read_bytes()) for path in files]
    size = sum(len(content) for _, content in sources) / 1e6
    start = time.perf_counter()
    modules = [parse_module(path, content) for path, content in sources]
    middle = time.perf_counter()
    nodes = sum(count(module) for module in modules)
    end = time.perf_counter()
    partly = sum(any(not gap.is_normalised for gap in module.gaps) for module in modules)
    print(f"{len(files)} files, {size:.1f} MB, {nodes} nodes, {partly} files partly read")
    print(f"to the top level {size / (middle - start):.2f} MB/s, to the bottom {size / (end - start):.2f} MB/s")


def count(module: Module) -> int:
    """How many nodes a module has; lowers all of them."""
    return length(within(*module.statements, *(each.value for each in module.exports if each.value is not None)))


def length(items: Iterable[object]) -> int:
    """How many items there are."""
    return sum(1 for _ in items)


if __name__ == "__main__":
    main()
