"""Clients that connect to the host they are given."""

from __future__ import annotations

import pytest

from tests.analyzers.knowledge.doing import done


@pytest.mark.parametrize(
    ("imports", "body", "effect"),
    [
        ("import Imap from 'imap'", "new Imap({ host: input.host })", "dial imap.default input.host -> -"),
        (
            "import { ImapFlow } from 'imapflow'",
            "await new ImapFlow({ host: input.host, port: 993 }).connect()",
            "dial imapflow.ImapFlow input.host -> -",
        ),
        (
            "import nodemailer from 'nodemailer'",
            "nodemailer.createTransport(`smtp://${input.host}`)",
            "dial nodemailer.default.createTransport input.host -> -",
        ),
        (
            "import { Pool } from 'pg'",
            "new Pool({ connectionString: input.url })",
            "dial pg.Pool input.url -> -",
        ),
        ("import net from 'node:net'", "net.connect(25, input.host)", "dial net.default.connect input.host -> -"),
        (
            "import { Client } from 'ssh2'",
            "const client = new Client(); client.connect({ host: input.host })",
            "dial ssh2.connect input.host -> -",
        ),
        (
            "import Parser from 'rss-parser'",
            "await new Parser().parseURL(input.feed)",
            "dial rss-parser.parseURL input.feed -> -",
        ),
        (
            "import puppeteer from 'puppeteer'",
            "const browser = await puppeteer.launch(); const page = await browser.newPage()\n"
            "await page.goto(input.url)",
            "dial puppeteer.goto input.url -> -",
        ),
        (
            "import { chromium } from 'playwright'",
            "const context = await (await chromium.launch()).newContext(); const page = await context.newPage()\n"
            "await page.goto(input.url)",
            "dial puppeteer.goto input.url -> -",
        ),
    ],
)
def test_a_client_connects_to_the_host_it_is_given(imports: str, body: str, effect: str) -> None:
    assert [e for e in done(imports, body) if e.startswith("dial")] == [effect]


def test_a_host_that_the_program_knows_by_itself_is_nothing_to_tell() -> None:
    assert done("import { Pool } from 'pg'", "new Pool({ connectionString: process.env.DATABASE_URL })") == []
