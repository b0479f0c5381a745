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
    import path from 'node:path'
    import { rmSync } from 'node:fs'
    import { unlink, writeFile } from 'node:fs/promises'
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
    "where it reads as an address": "if (!id.startsWith('https://')) return\nawait del(id)",
    "where it stands below a folder that all share": "if (id.startsWith('/uploads/')) { await del(id) } else return",
    "where its name has a form": "if (!/^[a-z0-9-]+[.]pdf$/.test(id)) return\nawait uploads.deleteFiles(id)",
    "what ends an address": """
        const doc = await db.doc.findFirst({ where: { ownerId: user.id } })
        if (doc && doc.url === id) await db.doc.update({ where: { id: doc.id }, data: { url: null } })
        if (id.startsWith('http')) { const key = id.split('/').pop(); if (key) await uploads.deleteFiles(key) }""",
    "on the disk of the server": "await unlink(path.join(process.cwd(), 'uploads', path.basename(id)))",
    "on that disk, at once": "rmSync(`/srv/uploads/${path.basename(id)}`)",
    "on that disk, or elsewhere": """
        if (id.startsWith('/files/')) {
          await unlink(path.join(process.cwd(), 'uploads', path.basename(id))).catch(() => {})
        } else {
          await unlink(path.join(process.cwd(), 'old', path.basename(id))).catch(() => {})
        }""",
    "on each of two paths": """
        if (id.startsWith('https://')) { await del(id) } else { return 'no address' }""",
}

THEIRS = {
    "one that the code names": "if (id !== 'docs/price-list.pdf') return\nawait del(id)",
    "one of those that the code names": "if (!['a.pdf', 'b.pdf'].includes(id)) return\nawait del(id)",
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
    "written to the disk a moment ago": """
        const at = path.join(process.cwd(), 'tmp', path.basename(id))
        await writeFile(at, file)
        try { await db.doc.create({ data: { at, ownerId: user.id } }) } finally { await unlink(at) }""",
    "on the disk, in the caller's own folder": (
        "await unlink(path.join(process.cwd(), 'uploads', user.id, path.basename(id)))"
    ),
    "on the disk, by the name in a record of the caller's": """
        const doc = await db.doc.findFirst({ where: { id, ownerId: user.id } })
        if (!doc) return
        await unlink(path.join(process.cwd(), 'uploads', doc.name))""",
    "uploaded": "await s3.send(new PutObjectCommand({ Bucket: 'docs', Key: id, Body: file }))",
}


@pytest.mark.parametrize("body", EXPOSED.values(), ids=EXPOSED.keys())
def test_a_file_is_anybodys_where_its_key_is_sent(body: str) -> None:
    assert len(set(named(body))) == 1


@pytest.mark.parametrize("body", THEIRS.values(), ids=THEIRS.keys())
def test_a_file_is_the_callers_where_something_ties_its_key(body: str) -> None:
    assert named(body) == []


ELSEWHERE = {
    "by a client of its own": """
        await axios.delete(`https://video.example/library/${process.env.LIBRARY}/videos/${id}`, {
          headers: { AccessKey: process.env.VIDEO_KEY },
        })""",
    "by fetch": """
        await fetch(`https://files.example/${process.env.ZONE}/${id}`, {
          method: 'DELETE', headers: { AccessKey: process.env.FILES_KEY },
        })""",
    "at an address of the settings": """
        await fetch(`${process.env.CDN_URL}/assets/${encodeURIComponent(id)}`, {
          method: 'DELETE', headers: { Authorization: `Bearer ${process.env.CDN_TOKEN}` },
        })""",
    "with options that name the method": """
        await ky(`https://files.example/zone/${id}`, { method: 'delete', headers: { key: process.env.FILES_KEY } })""",
    "with the key in the query": "await axios.delete(`https://files.example/f/${id}?key=${process.env.FILES_KEY}`)",
    "in a helper that is caught": """
        try {
          await ky.delete(`https://files.example/zone/${id}`, { headers: { key: process.env.FILES_KEY } })
        } catch (error) { console.error(error) }""",
}

ASKED_ELSEWHERE = {
    "found among the caller's": """
        const video = await db.video.findFirst({ where: { key: id, ownerId: user.id } })
        if (!video) return
        await axios.delete(`https://video.example/videos/${id}`, { headers: { key: process.env.VIDEO_KEY } })""",
    "the service is told who calls": """
        await axios.delete(`https://api.example/${user.id}/posts/${id}`, { headers: { key: process.env.KEY } })""",
    "the service is told who calls in a header": """
        await fetch(`https://api.example/posts/${id}`, {
          method: 'DELETE', headers: { key: process.env.API_KEY, 'x-user': user.id },
        })""",
    "without a key of the server's": "await fetch(`https://api.example/posts/${id}`, { method: 'DELETE' })",
    "by an administrator": """
        if (user.role !== 'ADMIN') return
        await axios.delete(`https://video.example/videos/${id}`, { headers: { key: process.env.VIDEO_KEY } })""",
    "no deletion": "await axios.get(`https://video.example/videos/${id}`, { headers: { key: process.env.VIDEO_KEY } })",
}

CLIENTS = "import axios from 'axios'\nimport ky from 'ky'\n"


@pytest.mark.parametrize("body", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_what_a_service_keeps_is_anybodys_where_our_key_has_it_deleted_by_what_is_sent(body: str) -> None:
    assert len(named_elsewhere(body)) == 1


@pytest.mark.parametrize("body", ASKED_ELSEWHERE.values(), ids=ASKED_ELSEWHERE.keys())
def test_what_a_service_keeps_is_not_judged_where_something_ties_it_or_the_service_may_ask(body: str) -> None:
    assert named_elsewhere(body) == []


def named_elsewhere(body: str) -> list[str]:
    """What `act` has a service delete although nothing has shown that it is the caller's."""
    action = f"{HEAD}{CLIENTS}\nexport async function act(id) {{ {SESSION} {body} }}"
    return [u.effect.what for u in run({"app/actions.ts": action, **LIBRARY})["act"].unowned_effects()]
