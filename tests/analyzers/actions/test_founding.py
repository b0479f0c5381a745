"""New tenants, what their founder does in them, and what only looks like it."""

from __future__ import annotations

import pytest

from tests.analyzers.actions.test_folders import FOLDERS, STACK, changed, reported_in

PLACE = FOLDERS["one folder for all"]
MADE = """
  await prisma.shop.create({ data: { members: { create: { userId: session.user.id, role: 'manager' } } } })
"""


def promoting(shop: str) -> str:
    """An action of every member's that promotes a product of a shop, which is found or made as stated."""
    return f"""
        'use server'
        import {{ auth }} from '@/lib/auth'
        import {{ prisma }} from '@/lib/prisma'
        import {{ member, manager }} from '@/lib/member'
        export async function promote(id: string, value: number) {{
          const session = await auth()
          if (!session?.user) throw new Error('Not signed in')
          const mine = await prisma.member.findFirst({{ where: {{ userId: session.user.id }} }})
          {shop}
          await prisma.product.update({{ where: {{ id, shopId }}, data: {{ promotion: value }} }})
        }}
    """


def is_reported(shop: str) -> bool:
    """Whether that is reported, beside four actions that only managers may call."""
    others = {PLACE.format(name): changed(name, "manager", name) for name in ("hide", "price", "rename", "retire")}
    return reported_in({**STACK, **others, PLACE.format("promote"): promoting(shop)}, "promote")


@pytest.mark.parametrize(
    "shop",
    [
        f"const shopId = mine ? mine.shopId : ({MADE}).id",
        f"const shopId = mine?.shopId ?? ({MADE}).id",
        f"const shopId = mine?.shopId || ({MADE}).id",
        f"let shopId; if (mine) {{ shopId = mine.shopId }} else {{ const made = {MADE}; shopId = made.id }}",
        f"let shopId = mine?.shopId; if (!shopId) {{ const made = {MADE}; shopId = made.id }}",
        f"const own = async () => {{ if (mine) return mine.shopId; const made = {MADE}; return made.id }};"
        "\nconst shopId = await own()",
    ],
)
def test_a_shop_that_may_have_been_there_before_is_not_a_new_one(shop: str) -> None:
    """Whoever works in one has its id in the same variable: nothing says that the caller has founded it."""
    assert is_reported(shop.replace("\n", " "))


@pytest.mark.parametrize(
    "shop",
    [
        f"const shopId = ({MADE}).id",
        f"const {{ id: shopId }} = {MADE}",
        f"if (mine) throw new Error('Has one'); const shop = {MADE}; const shopId = shop.id",
        f"const open = async () => {MADE}; const shopId = (await open()).id",
        f"const [made] = await Promise.all([{MADE}]); const shopId = made.id",
    ],
)
def test_who_founds_a_shop_may_fill_it(shop: str) -> None:
    """It is theirs: nobody else is in it yet."""
    assert not is_reported(shop.replace("\n", " "))
