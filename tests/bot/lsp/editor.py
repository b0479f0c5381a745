"""An editor of a test: pygls' own client, beside a `preship lsp` of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient

PRESHIP = Path(sys.executable).parent / "preship"


@dataclass
class Editor:
    """What a person does, and what the editor is told."""

    client: LanguageClient
    folder: Path
    texts: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    told: list[types.PublishDiagnosticsParams] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    registered: list[str] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    def uri(self, path: str) -> str:
        return (self.folder / path).as_uri()

    def open(self, path: str, text: str | None = None) -> None:
        self.texts[path] = (self.folder / path).read_bytes().decode() if text is None else text
        self.versions[path] = 1
        item = types.TextDocumentItem(self.uri(path), "typescript", 1, self.texts[path])
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, path: str, text: str) -> None:
        """Have another text, which is not saved."""
        self.texts[path] = text
        self.versions[path] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[path], self.uri(path))
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def save(self, path: str) -> None:
        (self.folder / path).write_text(self.texts[path])
        document = types.TextDocumentIdentifier(self.uri(path))
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(document))

    def close(self, path: str) -> None:
        document = types.TextDocumentIdentifier(self.uri(path))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    def others_wrote(self, path: str, text: str) -> None:
        """Somebody else has changed a file, and the editor tells so."""
        (self.folder / path).write_text(text)
        event = types.FileEvent(self.uri(path), types.FileChangeType.Changed)
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    async def shown(self, path: str, since: int | None = None) -> list[types.Diagnostic]:
        """What is shown of the text that a file has now, told after the first `since` news; None: whenever."""

        def last() -> types.PublishDiagnosticsParams | None:
            fresh = self.told[since or 0 :]
            mine = [each for each in fresh if each.uri == self.uri(path) and each.version == self.versions[path]]
            return mine[-1] if mine else None

        async with self.news:
            await self.news.wait_for(lambda: last() is not None)
        found = last()
        assert found is not None
        return list(found.diagnostics)

    async def cleared(self, path: str) -> None:
        """Nothing is shown of a file any more."""

        def is_cleared() -> bool:
            mine = [each for each in self.told if each.uri == self.uri(path)]
            return bool(mine) and mine[-1].version is None and not mine[-1].diagnostics

        async with self.news:
            await self.news.wait_for(is_cleared)

    async def fixes(self, path: str, diagnostic: types.Diagnostic) -> list[types.CodeAction]:
        """The quick fixes for what is shown."""
        context = types.CodeActionContext([diagnostic], only=[types.CodeActionKind.QuickFix])
        document = types.TextDocumentIdentifier(self.uri(path))
        asked = types.CodeActionParams(document, diagnostic.range, context)
        found = await self.client.text_document_code_action_async(asked)
        return [each for each in found or () if isinstance(each, types.CodeAction)]

    def fixed(self, path: str, fix: types.CodeAction) -> str:
        """The text with a quick fix."""
        assert fix.edit is not None
        assert fix.edit.document_changes is not None
        [change] = fix.edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        assert (change.text_document.uri, change.text_document.version) == (self.uri(path), self.versions[path])
        [edit] = change.edits
        assert isinstance(edit, types.TextEdit)
        lines = self.texts[path].split("\n")
        before = [
            *lines[: edit.range.start.line],
            in_units(lines[edit.range.start.line], 0, edit.range.start.character),
        ]
        after = [
            in_units(lines[edit.range.end.line], edit.range.end.character, None),
            *lines[edit.range.end.line + 1 :],
        ]
        return "\n".join(before) + edit.new_text + "\n".join(after)


def in_units(line: str, start: int, end: int | None) -> str:
    """Some of a line by UTF-16 units."""
    units = line.encode("utf-16-le")
    return units[2 * start : None if end is None else 2 * end].decode("utf-16-le")


@asynccontextmanager
async def editing(folder: Path, command: str = "lsp") -> AsyncIterator[Editor]:
    """An editor with a folder, whose server ends as it should."""
    client = LanguageClient("editor", "1")
    editor = Editor(client, folder)

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    async def published(params: types.PublishDiagnosticsParams) -> None:
        async with editor.news:
            editor.told.append(params)
            editor.news.notify_all()

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def registered(params: types.RegistrationParams) -> None:
        editor.registered += [each.method for each in params.registrations]

    @client.feature(types.WINDOW_LOG_MESSAGE)
    def logged(params: types.LogMessageParams) -> None:
        editor.logged.append(params.message)

    await client.start_io(str(PRESHIP), command, cwd=folder, env={"PATH": os.environ["PATH"]})
    watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    capabilities = types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(did_change_watched_files=watching)
    )
    await client.initialize_async(
        types.InitializeParams(capabilities, root_uri=folder.as_uri(), process_id=os.getpid())
    )
    client.initialized(types.InitializedParams())
    yield editor
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    server = client._server
    assert server is not None
    assert server.stderr is not None
    assert (server.returncode, (await server.stderr.read()).decode()) == (0, "")
