"""Judged actions, findings and comparisons as the tests need them: whole, with one thing changed."""

from __future__ import annotations

from dataclasses import replace

from preship.analyzers.analysis import (
    Advice,
    Analysis,
    Answer,
    ChecklistEntry,
    Confidence,
    DeclaredParameter,
    Failure,
    Finding,
    Item,
    JudgedAction,
    Severity,
    Stats,
    Status,
    Step,
    Touch,
    Unjudged,
    Unseen,
)
from preship.bot.review.pull_request import Comparison, PatchedFile

HEAD = "c0ffee0000000000000000000000000000000001"
KEY = b"a key of the tests"

FINDING = Finding(
    rule="missing-authentication",
    title="Missing authentication",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    path="app/posts/actions.ts",
    line=9,
    end_line=9,
    message="`deletePost` deletes a post without asking who is calling. Anyone on the internet can delete any post.",
    advice=Advice("Read the session first and stop without one: `if (!session?.user) redirect('/login')`."),
    trail=(
        Step("app/posts/actions.ts", 7, "the action begins, and no proof of identity is looked for"),
        Step("app/posts/actions.ts", 9, "`db.post.delete` deletes the post that the caller names"),
    ),
    evidence="delete post",
    fingerprint="00000000000000a1",
    headline="anyone on the internet can delete from `post`",
    status=Status.INTRODUCED,
)

CHECKLIST = tuple(
    ChecklistEntry(item, answer, evidence, path, line)
    for item, answer, evidence, path, line in (
        (Item.AUTHENTICATION, Answer.NO, "", None, None),
        (Item.OWNERSHIP, Answer.UNSEEN, "`can()` comes from a package", "app/posts/actions.ts", 8),
        (Item.INPUT, Answer.YES, "`schema.parse`", "app/posts/actions.ts", 8),
        (Item.OUTPUT, Answer.NOT_APPLICABLE, "returns no data", None, None),
        (Item.DATA_ACCESS, Answer.NOT_APPLICABLE, "", None, None),
        (Item.PLACEMENT, Answer.NOT_APPLICABLE, "", None, None),
        (Item.DIRECT_CALL, Answer.NO, "answers anyone", None, None),
    )
)

ACTION = JudgedAction(
    path="app/posts/actions.ts",
    name="deletePost",
    line=7,
    end_line=11,
    form="module",
    opened=None,
    parameters=(DeclaredParameter("id", "string"),),
    touch=Touch.EDITED,
    touched_by=(),
    checklist=CHECKLIST,
    unseen=(Unseen("`can` comes from the package `@acme/policy`", "app/posts/actions.ts", 8),),
    findings=(FINDING,),
)

SOUND = replace(
    ACTION,
    name="createPost",
    line=20,
    end_line=26,
    parameters=(DeclaredParameter("form", "FormData"),),
    checklist=tuple(replace(entry, answer=Answer.YES, evidence="", path=None, line=None) for entry in CHECKLIST),
    unseen=(),
    findings=(),
)


def analysis(
    *actions: JudgedAction, failures: tuple[Failure, ...] = (), unjudged: tuple[Unjudged, ...] = ()
) -> Analysis:
    return Analysis(actions, failures, Stats(), unjudged=unjudged)


def finding(number: int, **changes: object) -> Finding:
    """A finding of its own fingerprint."""
    return replace(FINDING, fingerprint=f"{number:016x}", **changes)  # type: ignore[arg-type]


def reached(name: str, line: int, number: int, cause: Step) -> JudgedAction:
    """An unchanged action that the change at `cause` lays bare."""
    found = finding(number, line=line + 2, end_line=line + 2, message=f"`{name}` writes, and nobody asks who calls.")
    return replace(
        ACTION, name=name, line=line, end_line=line + 4, touch=Touch.REACHED, touched_by=(cause,), findings=(found,)
    )


def patched(path: str, patch: str | None, old_path: str | None = None) -> PatchedFile:
    return PatchedFile(path, old_path, "modified", patch)


def comparison(*files: PatchedFile) -> Comparison:
    return Comparison("b" * 40, files, True)


PATCH = """@@ -5,7 +5,7 @@ import { db } from '@/lib/db'

 // posts
 export async function deletePost(id: string) {
-  const post = await db.post.findUnique({ where: { id } })
+  const key = schema.parse(id)
-  await db.post.archive({ where: { id } })
+  await db.post.delete({ where: { id: key } })
   revalidatePath('/posts')
 }"""
