"""The global object: what the platform gives, and what a program keeps there."""

from __future__ import annotations

import pytest

from tests.analyzers.running import effects, run

ACTION = """
    'use server'
    import { prisma } from '../lib/db'

    export async function removePost(id: string) {
      await prisma.post.delete({ where: { id } })
    }
"""

KEPT = {
    "behind ??": """
        const globalForPrisma = globalThis as unknown as { prisma: PrismaClient | undefined }
        export const prisma = globalForPrisma.prisma ?? new PrismaClient()
        if (process.env.NODE_ENV !== 'production') globalForPrisma.prisma = prisma
    """,
    "behind ||": """
        export const prisma = (global as any).prisma || new PrismaClient()
        if (process.env.NODE_ENV === 'development') (global as any).prisma = prisma
    """,
    "by ??=": "export const prisma = ((globalThis as any).prisma ??= new PrismaClient())",
    "made beforehand": """
        if (!global.prisma) {
          const made = new PrismaClient({ log: [] })
          global.prisma = made
        }
        export const prisma = global.prisma
    """,
    "by a function": """
        const singleton = () => new PrismaClient()
        declare const globalThis: { kept: ReturnType<typeof singleton> } & typeof global
        export const prisma = globalThis.kept ?? singleton()
        globalThis.kept = prisma
    """,
    "on first use": """
        function get() {
          if (!globalThis.client) globalThis.client = new PrismaClient()
          return globalThis.client
        }
        export const prisma = get()
    """,
    "in a branch": """
        let prisma: PrismaClient
        if (typeof window === 'undefined') {
          if (process.env.VERCEL_ENV === 'production') prisma = new PrismaClient()
          else {
            if (!global.db) global.db = new PrismaClient()
            prisma = global.db
          }
        }
        export { prisma }
    """,
}


@pytest.mark.parametrize("client", KEPT.values(), ids=KEPT.keys())
def test_a_client_that_outlives_a_reload_does_what_it_does(client: str) -> None:
    library = f"import {{ PrismaClient }} from '@prisma/client'\n{client}"
    assert effects(run({"app/actions.ts": ACTION, "lib/db.ts": library})["removePost"]) == ["delete post"]


@pytest.mark.parametrize("holder", ["globalThis", "global", "self"])
def test_what_the_platform_gives_is_the_same_there(holder: str) -> None:
    actions = run(
        f"""
        'use server'
        export async function send(text: string) {{
          const id = {holder}.crypto.randomUUID()
          const body = {holder}.JSON.stringify({{ id, text: {holder}.String(text) }})
          await {holder}.fetch('https://api.example.com/notes', {{ method: 'POST', body }})
        }}
        """
    )
    assert effects(actions["send"]) == ["fetch https://api.example.com/notes"]


def test_what_somebody_else_keeps_there_is_not_absent() -> None:
    actions = run(
        """
        'use server'
        import { PrismaClient } from '@prisma/client'
        const db = new PrismaClient()
        export async function removePost(id: string) {
          globalThis.metrics.count('remove')
          const { tracer } = globalThis
          tracer.start()
          await db.post.delete({ where: { id } })
        }
        """
    )
    assert effects(actions["removePost"]) == ["delete post"]


@pytest.mark.parametrize("test", ["typeof window !== 'undefined'", "typeof self !== 'undefined'", "globalThis.window"])
def test_whether_code_runs_in_a_browser_is_not_known(test: str) -> None:
    actions = run(
        f"""
        'use server'
        import {{ PrismaClient }} from '@prisma/client'
        const db = new PrismaClient()
        export async function removePost(id: string) {{
          if ({test}) return
          await db.post.delete({{ where: {{ id }} }})
        }}
        """
    )
    assert effects(actions["removePost"]) == ["delete post"]
