"""What the checklist says of the one action of a snippet."""

from __future__ import annotations

from collections.abc import Mapping

from preship.analyzers.analysis import Item, Policy, scan
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.rule import actions
from tests.analyzers.running import files_of

HEAD = """
    'use server'
    import { z } from 'zod'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'
    import * as posts from '../lib/posts'
"""


def said(item: Item, body: str, more: Mapping[str, str] | None = None) -> str:
    """`answer: evidence (path:line)` of the action `act`, whose module has the usual imports; two lines a statement."""
    files = files_of(actions(f"{HEAD}{body}", {"lib/posts.ts": "export {}", **(more or {})}))
    (judged,) = [a for a in scan(MemoryFiles(files), Policy()).actions if a.name == "act"]
    (entry,) = [entry for entry in judged.checklist if entry.item is item]
    place = f" ({entry.path}:{entry.line})" if entry.path else ""
    return f"{entry.answer}: {entry.evidence}{place}"


SIGNED_IN = """
        const session = await auth()
        if (!session?.user) throw new Error('Not signed in')"""
