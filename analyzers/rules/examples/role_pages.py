"""A role is missing: the pages that use the action ask for one."""

from __future__ import annotations

from collections.abc import Mapping

from preship.analyzers.rule import Bad, Good, actions


def page_of_owners(asks: str, marked: str = "  // <- finding") -> Mapping[str, str]:
    """A page of promotions, whose layout asks something, and the action that it uses."""
    return actions(
        f"""
            'use server'
            import {{ auth }} from '../lib/auth'
            import {{ prisma }} from '../lib/prisma'

            export async function endPromotions() {{
              const session = await auth()
              if (!session?.user) throw new Error('Not signed in')
              await prisma.promotion.deleteMany({{}}){marked}
            }}
        """,
        {
            "app/owner/layout.tsx": f"""
                import {{ redirect }} from 'next/navigation'
                import {{ auth }} from '../../lib/auth'

                export default async function Layout({{ children }}) {{
                  const session = await auth()
                  {asks}
                  return <main>{{children}}</main>
                }}
            """,
            "app/owner/promotions/page.tsx": """
                import { endPromotions } from '../../actions'
                export default function Page() { return <form action={endPromotions}><button>End all</button></form> }
            """,
        },
    )


EXAMPLES: tuple[Bad | Good, ...] = (
    Bad(
        "the layout around the only page asks for the role, its action does not",
        page_of_owners("if (session?.user?.role !== 'OWNER') redirect('/')"),
    ),
    Bad(
        "rows of customers, which only a page for the staff shows",
        actions(
            """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function customers() {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      return prisma.customer.findMany({ select: { name: true, phone: true } })  // <- finding
                    }
                """,
            {
                "app/staff/page.tsx": """
                        import { notFound } from 'next/navigation'
                        import { auth } from '../../lib/auth'
                        import { customers } from '../actions'

                        export default async function Page() {
                          const session = await auth()
                          if (!['staff', 'admin'].includes(session?.user?.role)) notFound()
                          return <Customers load={customers} />
                        }
                    """
            },
        ),
    ),
    Good(
        "an account is all that the page asks for",
        page_of_owners("if (!session?.user) redirect('/login')", ""),
    ),
)
