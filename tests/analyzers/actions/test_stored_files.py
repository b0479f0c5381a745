"""Files of a store that are deleted, signed or opened by the key that a caller sends."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION
from tests.analyzers.running import run

STORES = """
    import { del, head, put } from '@vercel/blob'
    import { S3Client, DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
    import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
    import { UTApi } from 'uploadthing/server'
    import { v2 as cloudinary } from 'cloudinary'
    const s3 = new S3Client({})
    const uploads = new UTApi()
"""


def named(body: str) -> list[str]:
    """The effects on files that `act` has not shown to be the caller's."""
    action = f"{HEAD}{STORES}\nexport async function act(id, file) {{ {SESSION} {body} }}"
    return [u.effect.what for u in run({"app/actions.ts": action, **LIBRARY})["act"].unowned_effects()]


EXPOSED = {
    "deleted by its key": "await s3.send(new DeleteObjectCommand({ Bucket: 'docs', Key: id }))",
    "deleted by its address": "await del(id)",
    "several of them": "await uploads.deleteFiles([id, file])",
    "an image": "await cloudinary.uploader.destroy(id)",
    "signed": "return getSignedUrl(s3, new GetObjectCommand({ Bucket: 'docs', Key: id }))",
    "signed, below a folder that all share": (
        "return getSignedUrl(s3, new GetObjectCommand({ Bucket: 'docs', Key: `private/${id}` }))"
    ),
}

THEIRS = {
    "by the key of a record of the caller's": """
        const doc = await db.doc.findFirst({ where: { id, ownerId: user.id } })
        if (!doc) return
        await del(doc.url)""",
    "by a key that was found among the caller's": """
        const doc = await db.doc.findFirst({ where: { key: id, ownerId: user.id } })
        if (!doc) return
        await s3.send(new DeleteObjectCommand({ Bucket: 'docs', Key: id }))""",
    "below the caller's own folder": "await del(`${user.id}/${id}`)",
    "held against the caller's own folder": """
        if (!id.startsWith(`${user.id}/`)) return
        await del(id)""",
    "with a role that holds everywhere": "if (user.role !== 'ADMIN') return\nawait del(id)",
    "stored a moment ago": """
        const key = `docs/${crypto.randomUUID()}-${id}`
        await s3.send(new PutObjectCommand({ Bucket: 'docs', Key: key, Body: file }))
        try {
          await db.doc.create({ data: { key, ownerId: user.id } })
        } catch {
          await s3.send(new DeleteObjectCommand({ Bucket: 'docs', Key: key }))
        }""",
    "uploaded": "await s3.send(new PutObjectCommand({ Bucket: 'docs', Key: id, Body: file }))",
}


@pytest.mark.parametrize("body", EXPOSED.values(), ids=EXPOSED.keys())
def test_a_file_is_anybodys_where_its_key_is_sent(body: str) -> None:
    assert len(named(body)) == 1


@pytest.mark.parametrize("body", THEIRS.values(), ids=THEIRS.keys())
def test_a_file_is_the_callers_where_something_ties_its_key(body: str) -> None:
    assert named(body) == []
