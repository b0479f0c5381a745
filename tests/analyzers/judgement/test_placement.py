from preship.analyzers.analysis import Item
from tests.analyzers.judgement.answering import SIGNED_IN, said


def placement(body: str, more: dict[str, str] | None = None) -> str:
    return said(Item.PLACEMENT, body, more)


def test_a_check_in_the_action_stands_where_it_should() -> None:
    code = f"\n    export async function act() {{{SIGNED_IN}\n        await prisma.post.deleteMany()\n    }}"
    assert placement(code) == "yes: checked in the action's own file (app/actions.ts:8)"


def test_a_check_in_what_the_action_calls_stands_where_it_should() -> None:
    guard = f"""
        import {{ auth }} from './auth'
        export async function guard() {{{SIGNED_IN}
        }}"""
    code = "\n    export async function act() { await posts.guard(); await prisma.post.deleteMany() }"
    answer = placement(code, {"lib/posts.ts": guard})
    assert answer == "yes: checked in `lib/posts.ts`, which the action calls (lib/posts.ts:3)"


def test_where_nothing_needs_a_check_none_is_misplaced() -> None:
    assert placement("\n    export async function act() { return 1 }") == "n/a: nothing to check"


LAYOUT = """
    import { redirect } from 'next/navigation'
    import { auth } from '../../lib/auth'
    export default async function Layout({ children }) {
      const session = await auth()
      if (!session?.user) redirect('/sign-in')
      return <main>{children}</main>
    }
"""
FORM = """
    import { act } from '../actions'
    export const Form = () => <form action={act}><button>Clear</button></form>
"""
PAGE = """
    import { Form } from './form'
    export default function Page() { return <Form /> }
"""
OPEN = "\n    export async function act() { await prisma.post.deleteMany() }"


def test_a_check_in_the_layout_around_the_page_that_uses_it_stands_in_the_wrong_place() -> None:
    files = {"app/admin/layout.tsx": LAYOUT, "app/admin/form.tsx": FORM, "app/admin/page.tsx": PAGE}
    answer = placement(OPEN, files)
    assert answer == "no: only the layout asks, and no call of an action runs it (app/admin/layout.tsx:5)"


def test_a_layout_around_some_of_the_pages_that_use_it_is_not_meant_as_its_check() -> None:
    files = {"app/admin/layout.tsx": LAYOUT, "app/admin/form.tsx": FORM, "app/admin/page.tsx": PAGE}
    public = {"app/page.tsx": "import { Form } from './admin/form'\nexport default function Page() { return <Form /> }"}
    assert placement(OPEN, {**files, **public}) == "n/a: no check that could stand in the wrong place"
