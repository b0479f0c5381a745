"""Edits that an editor offers for findings: each was tried on the text that is shown, and the finding was gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lsprotocol.types import (
    CodeAction,
    CodeActionKind,
    Diagnostic,
    OptionalVersionedTextDocumentIdentifier,
    Range,
    TextDocumentEdit,
    TextEdit,
    WorkspaceEdit,
)

from preship.bot.lsp.positions import Lines
from preship.bot.review.remarks import Fault


def faults_shown(
    faults: Iterable[Fault], shown: Sequence[Diagnostic], asked: Range
) -> Iterator[tuple[Fault, Diagnostic]]:
    """The faults that are shown where an editor asks, each with how it is shown."""
    by_id = {each.data["id"]: each for each in shown if isinstance(each.data, dict)}
    for fault in faults:
        diagnostic = by_id.get(fault.finding.fingerprint)
        if diagnostic is not None and _meet(diagnostic.range, asked):
            yield fault, diagnostic


def quick_fix(fault: Fault, diagnostic: Diagnostic, uri: str, version: int | None, lines: Lines) -> CodeAction | None:
    """The edit that fixes a fault; None where none is known."""
    edit = fault.finding.suggestion
    if edit is None:
        return None
    change = TextEdit(lines.whole(edit.line, edit.end_line), edit.text)
    document = OptionalVersionedTextDocumentIdentifier(uri, version)
    leaves = f" (then still: {', '.join(edit.leaves)})" if edit.leaves else ""
    return CodeAction(
        f"Fix {fault.finding.title}{leaves}",
        CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        is_preferred=True,
        edit=WorkspaceEdit(document_changes=[TextDocumentEdit(document, [change])]),
    )


def _meet(one: Range, other: Range) -> bool:
    def place(range_: Range) -> tuple[tuple[int, int], tuple[int, int]]:
        return (range_.start.line, range_.start.character), (range_.end.line, range_.end.character)

    (start, end), (first, last) = place(one), place(other)
    return start <= last and first <= end
