"""A pull request with its review, drawn as GitHub shows it: the picture at the top of the README."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Mapping

from markdown_it import MarkdownIt

from tests.npm_modules import node_modules
from tests.rig.github import RigRepository

WIDTH = 880

STYLE = """
@font-face {
  font-family: Emoji; src: url(data:font/woff2;base64,%s); unicode-range: U+2600-2BFF, U+1F300-1FAFF, U+FE0F; }
@font-face { font-family: Mono; src: url(data:font/woff2;base64,%s); }
body { margin: 0; padding: 20px; background: #f6f8fa; }
.markdown-body { font-family: Emoji, "Open Sans", sans-serif; font-size: 14px; }
.markdown-body code, .markdown-body pre, .markdown-body .language-suggestion { font-family: Mono; }
.box { border: 1px solid #d1d9e0; border-radius: 8px; margin: 0 0 16px; background: #fff; overflow: hidden; }
.head { padding: 8px 14px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; color: #59636e; }
.head { font: 13px "Open Sans"; }
.head b { color: #1f2328; }
.said { padding: 14px 16px; }
.said > .markdown-body > :last-child { margin-bottom: 0; }
.hunk { margin: 0; font: 12px/20px Mono; background: #dafbe1; padding: 4px 0; }
.hunk i { display: inline-block; width: 48px; padding-right: 10px; text-align: right; font-style: normal; }
.hunk i { color: #59636e; }
.reply { margin: 12px 14px; }
.markdown-body pre:has(.language-suggestion) { background: #dafbe1; border: 1px solid #d1d9e0; padding: 0 0 8px; }
.markdown-body pre:has(.language-suggestion)::before {
  content: "Suggested change"; display: block; margin-bottom: 8px; padding: 6px 14px; background: #f6f8fa;
  border-bottom: 1px solid #d1d9e0; font: 12px "Open Sans"; color: #59636e; }
.markdown-body pre .language-suggestion { display: block; padding: 0 14px; }
"""


def drawn(repository: RigRepository, number: int, files: Mapping[str, str]) -> str:
    """The page as HTML: the comments of the review on their lines, then the summary."""
    modules = node_modules()
    fonts = ("twemoji-colr-font/twemoji.woff2", "@fontsource/fira-mono/files/fira-mono-latin-400-normal.woff2")
    encoded = tuple(base64.b64encode((modules / font).read_bytes()).decode() for font in fonts)
    css = (modules / "github-markdown-css/github-markdown-light.css").read_text() + STYLE % encoded
    body = "".join((*_comments(repository, number, files), *_summary(repository, number)))
    return f"<!doctype html><html lang=en><meta charset=utf-8><title>A review</title><style>{css}</style><body>{body}"


def _comments(repository: RigRepository, number: int, files: Mapping[str, str]) -> Iterable[str]:
    for comment in repository.review_comments(number):
        assert comment.line is not None
        lines = files[comment.path].split("\n")
        first = max(comment.line - 4, 0)
        hunk = "\n".join(
            f"<i>{first + n}</i>+ {html.escape(line)}" for n, line in enumerate(lines[first : comment.line], 1)
        )
        yield (
            f"<div class=box><div class=head>{html.escape(comment.path)}</div><pre class=hunk>{hunk}</pre>"
            f'<div class="box reply"><div class=head><b>preship</b> <span>bot</span> reviewed</div>'
            f"<div class=said>{_rendered(comment.body)}</div></div></div>"
        )


def _summary(repository: RigRepository, number: int) -> Iterable[str]:
    for said in repository.conversation(number):
        yield (
            "<div class=box><div class=head><b>preship</b> <span>bot</span> commented</div>"
            f"<div class=said>{_rendered(said.body)}</div></div>"
        )


def _rendered(text: str) -> str:
    return f'<div class="markdown-body">{MarkdownIt("gfm-like", {"linkify": False}).render(text)}</div>'
