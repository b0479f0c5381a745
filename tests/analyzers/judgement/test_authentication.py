import pytest

from preship.analyzers.analysis import Item
from tests.analyzers.judgement.answering import SIGNED_IN, said


def authentication(body: str, more: dict[str, str] | None = None) -> str:
    return said(Item.AUTHENTICATION, body, more)


def test_a_yes_names_what_proved_the_caller_and_where() -> None:
    code = f"""
    export async function act(id: string) {{{SIGNED_IN}
        await prisma.post.delete({{ where: {{ id }} }})
    }}"""
    assert authentication(code) == "yes: Auth.js (app/actions.ts:8)"


def test_an_action_that_is_public_says_why() -> None:
    login = """
    export async function act(email: string) {
        const { signIn } = await import('../lib/auth')
        await signIn('email', { email: String(email) })
    }"""
    assert authentication(login) == "n/a: it begins a session or proves a credential"


def test_what_the_other_side_judges_is_said_to_be_judged_there() -> None:
    code = """
    import { supabase } from '../lib/supabase'
    export async function act(id: string) {
        await (await supabase()).from('posts').delete().eq('id', id)
    }"""
    policies = """
        create table posts (id uuid, owner uuid);
        alter table posts enable row level security;
        create policy own on posts for all using (owner = auth.uid());
    """
    answer = authentication(code, {"supabase/migrations/0001_posts.sql": policies})
    assert answer.startswith("yes: `supabase.posts.delete` goes with the caller's own credentials")


def test_an_action_that_touches_nothing_has_nothing_to_protect() -> None:
    assert authentication("export async function act() { return 1 }") == "n/a: touches no data"


def test_a_cookie_that_names_a_cart_reads_what_is_the_callers_own() -> None:
    code = """
    import { cookies } from 'next/headers'
    export async function act() {
        const id = (await cookies()).get('cart')?.value
        return prisma.cart.findUnique({ where: { id } })
    }"""
    assert authentication(code) == "n/a: touches only what the caller's own cookie or header names"


@pytest.mark.parametrize(
    "body",
    [
        "return catalogue.list()",
        "const found = await catalogue.list(); return found.map((one) => ({ name: one.name }))",
        "const { items } = await client().open('shop'); return { items, total: items.length }",
        "try { return { data: await new Shop().all() } } catch { return { data: [] } }",
        "return (await container.resolve('orders').execute()).map((order) => order.total)",
    ],
)
def test_an_answer_of_a_library_that_nothing_is_known_of_may_be_anybodys_data(body: str) -> None:
    code = f"""
    import {{ catalogue, client, container, Shop }} from '@example/shop'
    export async function act() {{ {body} }}"""
    assert authentication(code).startswith("unseen: could not follow ")


@pytest.mark.parametrize(
    "body",
    ["await catalogue.warm(); return { ok: true }", "return catalogue.size", "return { open: Boolean(catalogue) }"],
)
def test_what_is_not_handed_out_leaves_nothing_open(body: str) -> None:
    code = f"""
    import {{ catalogue }} from '@example/shop'
    export async function act() {{ {body} }}"""
    assert authentication(code) == "n/a: touches no data"


def test_who_gets_a_librarys_answer_may_have_been_asked_before() -> None:
    code = f"""
    import {{ catalogue }} from '@example/shop'
    export async function act() {{{SIGNED_IN}
        return catalogue.list()
    }}"""
    assert not authentication(code).startswith("unseen")
