"""How long an editor waits behind a change, in a project of 600 files: `uv run python -m tests.benchmarks.editing`."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from tests.bot.lsp.editor import editing
from tests.git_repository import GitRepository
from tests.mutants import APP, MUTANTS, TASKS

FEATURES = 99
"""Each has six files: with those of the app they are 600."""

CHANGES = 20
SESSION = "src/lib/session.ts"

PAGE = """import { removeTask } from './actions'
import { requireUser } from '@/lib/session'
import { List } from './list'

export default async function Page() {
  await requireUser()
  return <List remove={removeTask} />
}
"""
LIST = """'use client'
import { Row } from './row'

export function List({ remove }: { remove: (id: string) => Promise<void> }) {
  return <Row onClick={() => remove('1')} />
}
"""
ROW = "export function Row(props: { onClick: () => void }) {\n  return <button onClick={props.onClick}>x</button>\n}\n"


def project() -> dict[str, str]:
    """The app, and many features of the same kind."""
    files = dict(APP)
    for number in range(FEATURES):
        folder = f"src/app/feature{number}"
        files |= {
            f"{folder}/actions.ts": APP[TASKS],
            f"{folder}/page.tsx": PAGE,
            f"{folder}/list.tsx": LIST,
            f"{folder}/row.tsx": ROW,
            f"{folder}/words.ts": f"export const title = 'Feature {number}'\n",
            f"{folder}/layout.tsx": "export default function Layout({ children }: any) {\n  return children\n}\n",
        }
    return files


async def waits(folder: Path) -> dict[str, list[float]]:
    """Seconds from a change to what is shown of it; the pause in which nobody types is part of them."""
    found: dict[str, list[float]] = {"opened": [], "an action changes": [], "a helper of all changes": []}
    async with editing(folder) as editor:
        start = time.perf_counter()
        editor.open(TASKS)
        await editor.shown(TASKS)
        found["opened"].append(time.perf_counter() - start)
        mutant = next(each for each in MUTANTS if each.path == TASKS)
        for number in range(CHANGES):
            start = time.perf_counter()
            editor.type(TASKS, f"{mutant.text if number % 2 else APP[TASKS]}// {number}\n")
            await editor.shown(TASKS)
            found["an action changes"].append(time.perf_counter() - start)
        editor.open(SESSION)
        await editor.shown(SESSION)
        for number in range(CHANGES):
            start, heard = time.perf_counter(), len(editor.told)
            editor.type(SESSION, f"{APP[SESSION]}// {number}\n")
            await editor.shown(TASKS, since=heard)
            found["a helper of all changes"].append(time.perf_counter() - start)
    return found


def main() -> None:
    """Print the waits."""
    with tempfile.TemporaryDirectory() as folder:
        repository = GitRepository(Path(folder) / "app")
        files = project()
        repository.commit(files)
        print(f"{len(files)} files")
        for what, seconds in asyncio.run(waits(repository.path)).items():
            print(f"{what}: median {statistics.median(seconds):.2f} s, longest {max(seconds):.2f} s of {len(seconds)}")


if __name__ == "__main__":
    main()
