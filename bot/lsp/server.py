"""Preship as a language server: what is open in an editor is judged as it is typed, and fixes are offered.

https://microsoft.github.io/language-server-protocol/
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from traceback import format_exception

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from preship.analyzers.analysis import Finding, JudgedAction
from preship.bot.lsp.diagnostics import unknown
from preship.bot.lsp.fixes import faults_shown, quick_fix
from preship.bot.lsp.judge import Judge, OpenFile, Shown, Superseded
from preship.bot.lsp.positions import Lines
from preship.bot.report.version import tool_version

PAUSE_SECONDS = 0.15
"""How long nobody types before a text is judged: about two letters."""

WATCHED = "**/*.{ts,tsx,js,jsx,mts,cts,mjs,cjs,json,prisma,sql,yml}"
"""What a project is judged by."""


class Editor:
    """One editor: what is open, what is shown, and what is to be judged next."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._judge: Judge | None = None
        self._waiting: dict[str, None] = {}
        """The files to be judged, the most urgent first."""

        self._shown: dict[str, Shown] = {}
        self._turn = 0
        """Counts what the editor has told: what is judged for an earlier turn is outdated."""

        self._work: asyncio.Task[None] | None = None

    def changed(self, uri: str, pause_seconds: float = 0) -> None:
        """A text has changed: it is judged once nobody types, and then all that is open, on which it may tell."""
        self._turn += 1
        self._waiting = dict.fromkeys(each for each in (uri, *self._waiting, *self._open()) if each in self._open())
        self._work = asyncio.ensure_future(self._judge_all(self._turn, pause_seconds))

    def saved(self, uri: str) -> None:
        """Files on the disk have changed, perhaps this one alone."""
        self.judge.look()
        self.changed(uri)

    def closed(self, uri: str) -> None:
        """A file is not shown any more, and what is saved of it counts."""
        self._shown.pop(uri, None)
        self._publish(uri, None, [])
        self.changed(uri)

    @property
    def judge(self) -> Judge:
        """Judges; made when the editor has said how it counts."""
        if self._judge is None:
            self._judge = Judge(self._server.workspace.position_codec)
        return self._judge

    async def _judge_all(self, turn: int, pause_seconds: float) -> None:
        await asyncio.sleep(pause_seconds)
        while self._turn == turn and self._waiting:
            file = self._file(next(iter(self._waiting)))
            shown = await self._judged(file, turn)
            if shown is None or self._turn != turn:
                return
            self._waiting.pop(file.uri)
            self._shown[file.uri] = shown
            self._publish(file.uri, file.version, shown.diagnostics)

    async def _judged(self, file: OpenFile, turn: int) -> Shown | None:
        """What to show of a file; None for a text that is outdated."""
        try:
            return await self.judge.shown(file, self._others(file), lambda: self._turn != turn)
        except Superseded:
            return None
        except Exception as error:
            said = f"{file.uri} could not be judged:\n{''.join(format_exception(error))}"
            self._server.window_log_message(types.LogMessageParams(types.MessageType.Error, said))
            start = types.Position(0, 0)
            return Shown(file, [unknown(f"Not judged: {type(error).__name__}", types.Range(start, start))])

    async def fixes(self, uri: str, asked: types.Range) -> list[types.CodeAction]:
        """The edits that fix what is shown there; none while the text is not judged yet."""
        shown = self._shown.get(uri)
        if shown is None or uri not in self._open() or self._file(uri) != shown.file:
            return []
        file = shown.file
        met = list(faults_shown(shown.faults, shown.diagnostics, asked))
        ids = {fault.finding.fingerprint for fault, _ in met}
        if not ids:
            return []

        def wants(action: JudgedAction, finding: Finding) -> bool:
            return finding.fingerprint in ids

        again = await self.judge.shown(file, self._others(file), lambda: False, wants)
        lines = Lines(file.text, self._server.workspace.position_codec)
        by_id = {fault.finding.fingerprint: fault for fault in again.faults}
        found = (
            quick_fix(by_id[fault.finding.fingerprint], diagnostic, uri, file.version, lines)
            for fault, diagnostic in met
            if fault.finding.fingerprint in by_id
        )
        return [each for each in found if each is not None]

    def _open(self) -> Collection[str]:
        return tuple(self._server.workspace.text_documents)

    def _file(self, uri: str) -> OpenFile:
        document = self._server.workspace.get_text_document(uri)
        return OpenFile(uri, document.version, document.source)

    def _others(self, file: OpenFile) -> list[OpenFile]:
        return [self._file(uri) for uri in self._open() if uri != file.uri]

    def _publish(self, uri: str, version: int | None, diagnostics: Sequence[types.Diagnostic]) -> None:
        self._server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, list(diagnostics), version))


def server_of() -> LanguageServer:
    """The server of one editor."""
    # Whole texts: what ends a line is for the editor to say, and there is more than one opinion.
    server = LanguageServer("preship", tool_version(), text_document_sync_kind=types.TextDocumentSyncKind.Full)
    editor = Editor(server)

    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        await _watch_files(server)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def did_open(params: types.DidOpenTextDocumentParams) -> None:
        editor.saved(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def did_change(params: types.DidChangeTextDocumentParams) -> None:
        editor.changed(params.text_document.uri, PAUSE_SECONDS)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def did_save(params: types.DidSaveTextDocumentParams) -> None:
        editor.saved(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def did_close(params: types.DidCloseTextDocumentParams) -> None:
        editor.closed(params.text_document.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def did_change_watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        editor.saved(params.changes[0].uri)

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        return await editor.fixes(params.text_document.uri, params.range)

    return server


async def _watch_files(server: LanguageServer) -> None:
    """Ask the editor to tell when others change files: git, an agent, another editor."""
    workspace = server.client_capabilities.workspace
    watches = workspace.did_change_watched_files if workspace is not None else None
    if watches is not None and watches.dynamic_registration:
        options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(WATCHED)])
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        asked = types.RegistrationParams([types.Registration("files", method, options)])
        await server.client_register_capability_async(asked)


def serve() -> None:
    """Answer one editor until it hangs up."""
    server_of().start_io()
