"""Which stored texts a component renders as HTML."""

from __future__ import annotations

import pytest

from preship.analyzers.analysis import Policy, scan
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.rule import actions
from tests.analyzers.running import files_of

ACTION = """
    'use server'
    import DOMPurify from 'isomorphic-dompurify'
    import { z } from 'zod'
    import { prisma } from '../lib/prisma'
    export async function save(form: FormData) { const body = %s; await prisma.post.create({ data: { body } }) }
"""


def consequence(body: str, component: str) -> list[str]:
    """What is said of unchecked input where an action stores this and a component renders that."""
    files = files_of(actions(ACTION % body, {"app/view.tsx": f"export const View = ({{ post }}) => {component}"}))
    (action,) = scan(MemoryFiles(files), Policy()).actions
    found = [f for f in action.findings if f.rule == "unvalidated-input"]
    return [f.message.split(" as sent. ")[1] for f in found]


RAW = "<p dangerouslySetInnerHTML={{ __html: post.body }} />"


@pytest.mark.parametrize(
    "body",
    ["form.get('body')", "String(form.get('body'))", "z.string().parse(form.get('body'))", "`${form.get('body')}!`"],
)
def test_a_text_that_is_rendered_as_html_runs_in_browsers(body: str) -> None:
    said = "`app/view.tsx:1` renders it as HTML: a script in `form.body` runs in the browser of whoever reads it."
    assert consequence(body, RAW) == [said]


@pytest.mark.parametrize(
    ("body", "component"),
    [
        ("DOMPurify.sanitize(form.get('body'))", RAW),
        ("encodeURIComponent(form.get('body'))", RAW),
        ("'a text of our own'", RAW),
        ("form.get('body')", "<p>{post.body}</p>"),
        ("form.get('body')", "<p dangerouslySetInnerHTML={{ __html: sanitize(post.body) }} />"),
        ("form.get('body')", "<p dangerouslySetInnerHTML={{ __html: post.title }} />"),
        ("form.get('body')", "<p dangerouslySetInnerHTML={{ __html: page.body }} />"),
    ],
)
def test_what_was_sanitized_or_is_rendered_as_a_text_does_not(body: str, component: str) -> None:
    assert consequence(body, component) == []
