"""What is asked only of those who send something is shown wherever that is there."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION
from tests.analyzers.running import run

CHECK = """
    async function assertMine(postId) {
      const session = await auth()
      const post = await db.post.findUnique({ where: { id: postId } })
      if (!session?.user || post?.authorId !== session.user.id) throw new Error('no')
    }
    const Form = z.object({ id: z.string().optional(), name: z.string() })
"""


def unowned(body: str) -> list[str]:
    """The records that `act` changes and that were not shown to be the caller's."""
    action = (
        f"{HEAD}\nimport {{ z }} from 'zod'\n{CHECK}\nexport async function act(id, other, data) {{ {SESSION} {body} }}"
    )
    return [u.effect.what for u in run({"app/actions.ts": action, **LIBRARY})["act"].unowned_effects()]


SHOWN = {
    "asked and used where it is there": """
        if (id) await assertMine(id)
        if (id) await db.post.delete({ where: { id } })""",
    "used behind a return without it": """
        if (id) await assertMine(id)
        await db.log.create({ data: { userId: user.id } })
        if (!id) return
        await db.post.delete({ where: { id } })""",
    "compared with null": """
        if (id != null) await assertMine(id)
        if (id != null) await db.post.delete({ where: { id } })""",
    "a property of what is parsed": """
        const form = Form.parse(data)
        if (form.id) await assertMine(form.id)
        if (form.id) await db.post.update({ where: { id: form.id }, data: { name: form.name } })""",
    "one of two ways": """
        if (id) await assertMine(id)
        if (id) await db.post.update({ where: { id }, data: { name: other } })
        else await db.post.create({ data: { name: other, authorId: user.id } })""",
    "by a conjunction": """
        if (id && other) await assertMine(id)
        if (id && other) await db.post.update({ where: { id }, data: { name: other } })""",
    "looked up for those who send it": """
        const post = id ? await db.post.findFirst({ where: { id, authorId: user.id } }) : null
        if (id && !post) throw new Error('no')
        if (id) await db.post.delete({ where: { id } })""",
}
NOT_SHOWN = {
    "nobody asks": "if (id) await db.post.delete({ where: { id } })",
    "another one is asked about": """
        if (other) await assertMine(other)
        if (id) await db.post.delete({ where: { id } })""",
    "asked where another one is there": """
        if (other) await assertMine(id)
        if (id) await db.post.delete({ where: { id } })""",
    "asked only where it begins with something": """
        const known = id.startsWith('a')
        if (known) await assertMine(id)
        if (id) await db.post.delete({ where: { id } })""",
    "asked only where it is long": """
        const isLong = id.length > 3
        if (isLong) await assertMine(id)
        if (id) await db.post.delete({ where: { id } })""",
    "asked only of some, by a property of what is parsed": """
        const form = Form.parse(data)
        if (form.name) await assertMine(form.id)
        if (form.id) await db.post.update({ where: { id: form.id }, data: { name: form.name } })""",
    "asked only of some": """
        if (id && other) await assertMine(id)
        if (id) await db.post.delete({ where: { id } })""",
}


@pytest.mark.parametrize("body", SHOWN.values(), ids=SHOWN.keys())
def test_what_was_asked_of_those_who_send_it_holds_where_it_is_there(body: str) -> None:
    assert unowned(body) == []


def test_what_is_there_for_sure_goes_on_where_it_is_compared_with_null() -> None:
    body = "if (db != null) await db.post.delete({ where: { id } })"
    assert unowned(body) == ["prisma.post.delete"]


@pytest.mark.parametrize("body", NOT_SHOWN.values(), ids=NOT_SHOWN.keys())
def test_what_was_asked_of_others_says_nothing(body: str) -> None:
    assert len(unowned(body)) == 1
