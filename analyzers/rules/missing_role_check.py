"""An action lets every signed-in user do what its neighbours keep for those with a role.

## What it does
Finds changes of records that belong to no single user (products, settings, categories), made for anybody with an
account, where the other actions that change such records ask for a role or a permission first.

## Why this is bad
An account is often one form away. Whoever has one sends the request that the admin page would send, without the page.

```
curl -X POST https://shop.example.com/admin -H 'Next-Action: 7f2c…' -H "Cookie: $MY_OWN_SESSION" \\
  --data '[{"title":"Free","price":0}]'
```

## Use instead
Ask for what the neighbours ask for, in the same words, before the change.

## How it is decided
The caller is known and nothing more; the record that is changed is not found by the caller's identity and does not name
them. At least two of the nearest other actions change records of the same kind, and every one that does asks for a role
or permission first. Where one of them asks for none, there is no habit, and no finding; and only creating records tells
of creating them, for whoever founds a team may well not change those of others.

Where the configuration says that an action needs a role (`roles` in `.github/preship.yml`), no neighbour is asked: the
first effect that comes without a role or permission is reported. Any will do, whatever it is called.

## When it is intended
Where users may do this one thing themselves: `// preship: ignore missing-role-check -- reason`.

## What Next.js does give
Nothing here: that a page is hidden from a user does not hide its actions.

## References
- CWE-862: Missing Authorization, https://cwe.mitre.org/data/definitions/862.html
- OWASP API5:2023 Broken Function Level Authorization,
  https://owasp.org/API-Security/editions/2023/en/0xa5-broken-function-level-authorization/
"""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.rule import (
    ActionFacts,
    Bad,
    Confidence,
    Finding,
    Good,
    Item,
    KnownMiss,
    Question,
    RoleBound,
    Rule,
    Severity,
    Step,
    actions,
    described,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the first change that is kept for a role elsewhere."""
    for found in action.role_bound_effects():
        yield RULE.finding(
            action,
            found.effect,
            message=f"{action.label} {described(found.effect)} for anybody with an account. {reason(found)}",
            remedy=remedy(found),
            confidence=Confidence.HIGH if found.declared else Confidence.MEDIUM,
            steps=tuple(Step(by.path, by.line, f"asks for `{name}` first") for name, by in found.asked_for[:3]),
            idiom=None if found.declared else action.idiom(Question.RIGHT),
        )
        return


def reason(found: RoleBound) -> str:
    """Why that is not everybody's to do."""
    if found.declared:
        return f"The configuration of this repository keeps it for a role: {found.declared}."
    number = len(found.elsewhere)
    return f"The {number} other actions nearby that change such records ask for a role or permission first."


def remedy(found: RoleBound) -> str:
    """What to ask for."""
    if found.declared:
        return "Ask for the role before this line."
    return "Ask for the same role before this line, or say why this change is everybody's."


ADMINS = """
    'use server'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'

    async function requireAdmin() {
      const session = await auth()
      if (session?.user?.role !== 'ADMIN') throw new Error('Admins only')
    }

    export async function updateProduct(id: string, title: string) {
      await requireAdmin()
      await prisma.product.update({ where: { id }, data: { title } })
    }

    export async function copyProduct(title: string) {
      await requireAdmin()
      await prisma.product.create({ data: { title, price: 0 } })
    }

    export async function deleteProduct(id: string) {
      await requireAdmin()
      await prisma.product.delete({ where: { id } })
    }
"""

RULE = Rule(
    id="missing-role-check",
    title="no role check",
    severity=Severity.HIGH,
    cwe=862,
    item=Item.OWNERSHIP,
    check=check,
    examples=(
        Bad(
            "all but one ask for an admin",
            actions(
                ADMINS
                + """
    export async function createProduct(title: string, price: number) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      await prisma.product.create({ data: { title, price } })  // <- finding
    }
"""
            ),
        ),
        Bad(
            "the outlier stands in a file of its own",
            actions(
                ADMINS,
                {
                    "app/import.ts": """
                        'use server'
                        import { auth } from '../lib/auth'
                        import { prisma } from '../lib/prisma'

                        export async function resetProducts() {
                          const session = await auth()
                          if (!session?.user) throw new Error('Not signed in')
                          await prisma.product.deleteMany({})  // <- finding
                        }
                    """
                },
            ),
        ),
        Good(
            "it asks as the others do",
            actions(
                ADMINS
                + """
    export async function createProduct(title: string, price: number) {
      await requireAdmin()
      await prisma.product.create({ data: { title, price } })
    }
"""
            ),
        ),
        Good(
            "records of another kind, which name their author",
            actions(
                ADMINS
                + """
    export async function addReview(productId: string, text: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      await prisma.review.create({ data: { productId, text, authorId: session.user.id } })
    }
"""
            ),
        ),
        KnownMiss(
            "one neighbour makes no habit",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function deleteCoupons() {
                  const session = await auth()
                  if (session?.user?.role !== 'ADMIN') throw new Error('Admins only')
                  await prisma.coupon.deleteMany({})
                }

                export async function createCoupon(code: string, percent: number) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await prisma.coupon.create({ data: { code, percent } })
                }
            """),
        ),
    ),
)
