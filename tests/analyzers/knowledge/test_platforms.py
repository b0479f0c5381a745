"""Platforms that a program works on with its key, and what agents work with."""

from __future__ import annotations

import pytest

from tests.analyzers.knowledge.doing import done
from tests.analyzers.running import effects, run

GITHUB = "import { Octokit } from '@octokit/rest'; const octokit = new Octokit({ auth: process.env.GITHUB_TOKEN })"
NOTION = "import { Client } from '@notionhq/client'; const notion = new Client({ auth: process.env.NOTION })"
HUBSPOT = "import { Client } from '@hubspot/api-client'; const hubspot = new Client({ accessToken: process.env.H })"
GOOGLE = """
    import { google } from 'googleapis'
    const auth = new google.auth.GoogleAuth({ credentials: process.env.GOOGLE })
    const sheets = google.sheets({ version: 'v4', auth })
"""
STREAM = "import { StreamChat } from 'stream-chat'; const chat = StreamChat.getInstance('key', process.env.STREAM)"
LIVEKIT = "import { AccessToken } from 'livekit-server-sdk'"
LIVEBLOCKS = "import { Liveblocks } from '@liveblocks/node'; const rooms = new Liveblocks({ secret: process.env.L })"
SANDBOX = "import { Sandbox } from '@vercel/sandbox'"
E2B = "import { Sandbox } from '@e2b/code-interpreter'"
FIRECRAWL = "import FirecrawlApp from '@mendable/firecrawl-js'; const app = new FirecrawlApp({ apiKey: 'x' })"
MEMORY = "import MemoryClient from 'mem0ai'; const memory = new MemoryClient({ apiKey: 'x' })"
MCP = "import { Client } from '@modelcontextprotocol/sdk/client/index.js'; const client = new Client({ name: 'a' })"
WORKFLOW = "import { start } from 'workflow/api'; import { work } from './work'"


@pytest.mark.parametrize(
    ("imports", "body", "effect"),
    [
        (
            GITHUB,
            "await octokit.rest.issues.create({ owner: 'a', repo: input.repo })",
            "insert GitHub - -> ",
        ),
        (
            GITHUB,
            "await octokit.repos.delete({ owner: 'a', repo: input.repo })",
            "delete GitHub {owner: 'a', repo: input.repo} -> ",
        ),
        (GITHUB, "await octokit.request('DELETE /repos/a/b')", "delete GitHub 'DELETE /repos/a/b' -> "),
        (GITHUB, "await octokit.request(`GET /repos/${process.env.REPO}`)", "read GitHub "),
        (
            NOTION,
            "await notion.pages.update({ page_id: input.id })",
            "write Notion {page_id: input.id} -> ",
        ),
        (NOTION, "await notion.databases.query({ database_id: input.id })", "read Notion {database_id: input.id} -> -"),
        (HUBSPOT, "await hubspot.crm.contacts.basicApi.update(input.id, { a: 1 })", "write HubSpot input.id -> "),
        (
            GOOGLE,
            "await sheets.spreadsheets.values.append({ spreadsheetId: input.id, requestBody: { values: [1] } })",
            "write Google {spreadsheetId: input.id} -> ",
        ),
        (STREAM, "return chat.createToken(input.userId)", "write the session of a user input.userId -> -"),
        (
            LIVEKIT,
            "const token = new AccessToken('k', process.env.S, { identity: 'a' })\n"
            "token.addGrant({ roomJoin: true, room: input.room })\nreturn token.toJwt()",
            "write access to a room input.room -> -",
        ),
        (
            LIVEBLOCKS,
            "const session = rooms.prepareSession('a')\nsession.allow(input.room, [])\nawait session.authorize()",
            "write access to a room ",
        ),
        (
            SANDBOX,
            "const machine = await Sandbox.create()\nawait machine.runCommand('node', [input.file])",
            "run a machine of a service 'node' -> 'node'",
        ),
        (
            E2B,
            "const machine = await Sandbox.create()\nawait machine.runCode(input.code)",
            "run a machine of a service input.code -> input.code",
        ),
        (FIRECRAWL, "await app.scrapeUrl(input.url)", "fetch a reader of the web - -> input.url"),
        (MEMORY, "await memory.deleteAll({ user_id: input.id })", "delete a memory {user_id: input.id} -> -"),
        (
            MCP,
            "await client.callTool({ name: 'mail', arguments: { to: input.to } })",
            "fetch a tool 'mail' -> {to: input.to}",
        ),
        (WORKFLOW, "await start(work, [input.id])", "send a job - -> [input.id]"),
    ],
)
def test_a_call_of_a_platform_says_what_it_does_to_what(imports: str, body: str, effect: str) -> None:
    assert done(imports, body)[-1].startswith(effect)


def test_a_platform_judges_who_gives_it_a_token_of_their_own() -> None:
    head = """
        import { Octokit } from 'octokit'
        import { auth } from '@clerk/nextjs/server'
        import { PrismaClient } from '@prisma/client'
        const prisma = new PrismaClient()
    """
    body = """
        const { userId } = await auth()
        const account = await prisma.account.findFirst({ where: { userId } })
        const octokit = new Octokit({ auth: account.token })
        await octokit.rest.repos.createForAuthenticatedUser({ name: input.name })
    """
    assert done(head, body)[-1].startswith("as caller: insert GitHub")


def test_a_webhook_that_was_verified_comes_from_its_sender() -> None:
    actions = run(
        """
        'use server'
        import { Webhook } from 'svix'
        import { PrismaClient } from '@prisma/client'
        const db = new PrismaClient()
        export async function received(body: string, headers: Record<string, string>) {
          new Webhook(process.env.SECRET!).verify(body, headers)
          await db.user.delete({ where: { id: 'a' } })
        }
        """
    )
    assert effects(actions["received"]) == ["delete user: Authenticated, Program"]
