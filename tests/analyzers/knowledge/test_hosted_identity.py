"""Hosted identity providers, as actions call them."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.world import bears_the_caller, fields_of
from tests.analyzers.knowledge.shown import shown
from tests.analyzers.running import effects, run

PRISMA = """
    import { PrismaClient } from '@prisma/client'
    export const prisma = new PrismaClient()
"""

GUARDS = {
    "WorkOS asks": (
        "import { withAuth } from '@workos-inc/authkit-nextjs'",
        "const { user } = await withAuth(); if (!user) throw new Error('Sign in')",
    ),
    "WorkOS insists": (
        "import { withAuth } from '@workos-inc/authkit-nextjs'",
        "const { user } = await withAuth({ ensureSignedIn: true })",
    ),
    "Auth0 3": (
        "import { getSession } from '@auth0/nextjs-auth0'",
        "const session = await getSession(); if (!session?.user) return",
    ),
    "Auth0 4": (
        "import { Auth0Client } from '@auth0/nextjs-auth0/server'\nconst auth0 = new Auth0Client()",
        "const session = await auth0.getSession(); if (!session) return",
    ),
    "Kinde, by user": (
        "import { getKindeServerSession } from '@kinde-oss/kinde-auth-nextjs/server'",
        "const { getUser } = getKindeServerSession(); const user = await getUser(); if (!user) return",
    ),
    "Kinde, by flag": (
        "import { getKindeServerSession } from '@kinde-oss/kinde-auth-nextjs/server'",
        "const { isAuthenticated } = getKindeServerSession(); if (!(await isAuthenticated())) redirect('/login')",
    ),
    "Stack asks": (
        "import { StackServerApp } from '@stackframe/stack'\nconst app = new StackServerApp({})",
        "const user = await app.getUser(); if (!user) return",
    ),
    "Stack insists": (
        "import { StackServerApp } from '@stackframe/stack'\nconst app = new StackServerApp({})",
        "const user = await app.getUser({ or: 'redirect' })",
    ),
    "Logto": (
        "import { getLogtoContext } from '@logto/next/server-actions'",
        "const { isAuthenticated } = await getLogtoContext({}); if (!isAuthenticated) return",
    ),
    "PropelAuth": (
        "import { getUserOrRedirect } from '@propelauth/nextjs/server/app-router'",
        "const user = await getUserOrRedirect()",
    ),
    "Privy": (
        "import { PrivyClient } from '@privy-io/server-auth'\nconst privy = new PrivyClient('id', 'secret')",
        "const claims = await privy.verifyAuthToken(id)",
    ),
    "Privy's later client": (
        "import { PrivyClient } from '@privy-io/node'\nconst privy = new PrivyClient({ appId: 'id', appSecret: 'x' })",
        "await privy.utils().auth().verifyAccessToken(id)",
    ),
    "Firebase": (
        "import { getAuth } from 'firebase-admin/auth'\nimport { cookies } from 'next/headers'",
        "const claims = await getAuth().verifySessionCookie((await cookies()).get('session')?.value ?? '')",
    ),
    "Firebase by default import": (
        "import admin from 'firebase-admin'\nimport { cookies } from 'next/headers'",
        "const claims = await admin.auth().verifyIdToken((await cookies()).get('token')?.value ?? '')",
    ),
    "Firebase by an app that is there": (
        "import * as admin from 'firebase-admin'\nimport { cookies } from 'next/headers'\n"
        "function app() { if (admin.apps.length > 0) return admin.apps[0]!\n return admin.initializeApp() }",
        "const claims = await app().auth().verifyIdToken((await cookies()).get('token')?.value ?? '')",
    ),
    "Firebase by the app's name": (
        "import admin from 'firebase-admin'\nimport { cookies } from 'next/headers'\n"
        "const app = admin.apps.length ? admin.app() : admin.initializeApp({})",
        "const claims = await app.auth().verifyIdToken((await cookies()).get('token')?.value ?? '')",
    ),
    "Firebase by one of all apps": (
        "import admin from 'firebase-admin'\nimport { cookies } from 'next/headers'\n"
        "const app = admin.apps.find((one) => one?.name === 'main') ?? admin.initializeApp({}, 'main')",
        "const claims = await app.auth().verifySessionCookie((await cookies()).get('session')?.value ?? '')",
    ),
    "Firebase by an app of another module": (
        "import { app } from 'firebase-admin'\nimport { cookies } from 'next/headers'",
        "const claims = await app('main').auth().verifyIdToken((await cookies()).get('token')?.value ?? '')",
    ),
    "Payload": (
        "import { getPayload } from 'payload'\nimport { headers } from 'next/headers'",
        "const payload = await getPayload({}); const { user } = await payload.auth({ headers: await headers() });"
        "if (!user) return",
    ),
    "Appwrite": (
        "import { Account, Client } from 'node-appwrite'\nimport { cookies } from 'next/headers'",
        "const client = new Client().setEndpoint('x').setSession((await cookies()).get('s')!.value);"
        "const me = await new Account(client).get()",
    ),
}


@pytest.mark.parametrize(("imports", "guard"), GUARDS.values(), ids=GUARDS.keys())
def test_a_guard_proves_who_is_calling(imports: str, guard: str) -> None:
    code = f"""'use server'
import {{ prisma }} from '../lib/prisma'
import {{ redirect }} from 'next/navigation'
{imports}

export async function remove(id: string) {{
  {guard}
  await prisma.post.delete({{ where: {{ id }} }})
}}
export async function afterwards(id: string) {{
  await prisma.post.delete({{ where: {{ id }} }})
  {guard}
}}
"""
    actions = run({"app/actions.ts": code, "lib/prisma.ts": PRISMA})
    assert effects(actions["remove"]) == ["delete post: Authenticated"]
    assert effects(actions["afterwards"])[0] == "delete post"


def test_a_permission_of_kinde_is_a_role() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { getKindeServerSession } from '@kinde-oss/kinde-auth-nextjs/server'
                import { prisma } from '../lib/prisma'

                export async function remove(id: string) {
                  const { getPermission } = getKindeServerSession()
                  const permission = await getPermission('posts:delete')
                  if (!permission?.isGranted) throw new Error('Forbidden')
                  await prisma.post.delete({ where: { id } })
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert effects(actions["remove"]) == ["delete post: Authenticated, Role"]


def test_users_are_administered_as_told() -> None:
    actions = run(
        """
        'use server'
        import { getAuth } from 'firebase-admin/auth'
        import { WorkOS } from '@workos-inc/node'
        import { Client, Users } from 'node-appwrite'
        const workos = new WorkOS(process.env.WORKOS_API_KEY)

        export async function promote(uid: string) {
          await getAuth().setCustomUserClaims(uid, { admin: true })
        }
        export async function impersonate(uid: string) {
          return getAuth().createCustomToken(uid)
        }
        export async function expel(userId: string) {
          await workos.userManagement.deleteUser(userId)
        }
        export async function block(userId: string) {
          const users = new Users(new Client().setKey(process.env.APPWRITE_KEY!))
          await users.updateStatus(userId, false)
        }
        """
    )
    assert effects(actions["promote"]) == ["write users"]
    assert effects(actions["impersonate"]) == ["write the session of a user"]
    assert effects(actions["expel"]) == ["delete userManagement"]
    assert effects(actions["block"]) == ["write users"]


@pytest.mark.parametrize(
    ("call", "key"),
    [
        ("organizations.updateOrganization({ organization: id, name })", ["organization"]),
        ("userManagement.updateUser({ userId: id, firstName: name })", ["userId"]),
        ("directories.renameDirectory({ directory: id, name })", ["directory"]),
        ("policies.updatePolicy({ policy: id, name })", ["policy"]),
        ("organizations.updateOrganization({ organizationId: id, name })", ["organizationId"]),
        ("organizations.updateOrganization({ name: id, domain: name })", []),
    ],
)
def test_an_option_that_is_called_after_the_record_names_it(call: str, key: list[str]) -> None:
    actions = run(
        f"""
        'use server'
        import {{ WorkOS }} from '@workos-inc/node'
        const workos = new WorkOS(process.env.WORKOS_API_KEY)

        export async function change(id: string, name: string) {{
          await workos.{call}
        }}
        """
    )
    (change,) = actions["change"].touching_effects()
    assert [name for name, _ in fields_of(change.key)] == key


def test_what_is_added_to_a_record_bears_its_name_and_is_made_by_the_call() -> None:
    actions = run(
        """
        'use server'
        import { ManagementClient } from 'auth0'
        import { Auth0Client } from '@auth0/nextjs-auth0/server'
        const auth0 = new Auth0Client()
        const management = new ManagementClient({ domain: 'example.auth0.com' })

        export async function found(name: string) {
          const session = await auth0.getSession()
          if (!session) throw new Error('Not signed in')
          const { data } = await management.organizations.create({ name })
          await management.organizations.addMemberRoles(
            { id: data.id, user_id: session.user.sub },
            { roles: [process.env.OWNER_ROLE!] },
          )
        }
        """
    )
    made, added = actions["found"].touching_effects()
    assert [shown(value) for value in (made.data, added.data)] == [
        "{name: name}",
        "{id: record of organizations.data.id, user_id: session.user.sub} | {roles: [secret OWNER_ROLE]}",
    ]
    assert bears_the_caller(added.data)


def test_payload_judges_only_when_it_is_told_to() -> None:
    actions = run(
        """
        'use server'
        import { getPayload } from 'payload'
        import config from '@payload-config'
        import { headers } from 'next/headers'

        export async function judged(id: string) {
          const payload = await getPayload({ config })
          const { user } = await payload.auth({ headers: await headers() })
          await payload.delete({ collection: 'posts', id, user, overrideAccess: false })
        }
        export async function overridden(id: string, title: string) {
          const payload = await getPayload({ config })
          await payload.update({ collection: 'posts', id, data: { title } })
        }
        """
    )
    assert effects(actions["judged"]) == []
    assert effects(actions["overridden"]) == ["write posts"]


def test_a_store_that_every_browser_may_ask_judges_by_itself() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { sdk } from '../lib/config'
                import { authHeaders } from '../lib/cookies'

                export async function changeAddress(id: string, city: string) {
                  await sdk.store.customer.updateAddress(id, { city }, {}, { ...(await authHeaders()) })
                }
                export async function login(email: string, password: string) {
                  await sdk.auth.login('customer', 'emailpass', { email, password })
                }
                export async function dropProduct(id: string) {
                  await sdk.admin.product.delete(id)
                }
            """,
            "lib/config.ts": """
                import Medusa from '@medusajs/js-sdk'
                export const sdk = new Medusa({ baseUrl: 'http://localhost:9000' })
            """,
            "lib/cookies.ts": """
                import { cookies } from 'next/headers'
                export const authHeaders = async () => {
                  const token = (await cookies()).get('_medusa_jwt')?.value
                  return token ? { authorization: `Bearer ${token}` } : {}
                }
            """,
        }
    )
    assert effects(actions["changeAddress"]) == []
    assert actions["login"].public == "it begins a session or proves a credential"
    assert effects(actions["dropProduct"]) == ["delete product"]


def test_a_bot_check_is_no_guard() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import arcjet, { request, shield } from '@arcjet/next'
                import { prisma } from '../lib/prisma'
                const aj = arcjet({ key: process.env.ARCJET_KEY!, rules: [shield({ mode: 'LIVE' })] })

                export async function remove(id: string) {
                  const decision = await aj.protect(await request())
                  if (decision.isDenied()) throw new Error('Forbidden')
                  await prisma.post.delete({ where: { id } })
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert effects(actions["remove"]) == ["delete post"]


def test_a_client_that_is_given_a_key_afterwards_speaks_for_the_server() -> None:
    actions = run(
        """
        'use server'
        import { Client, Users } from 'node-appwrite'

        function adminClient() {
          const client = new Client()
          client.setEndpoint('https://cloud.appwrite.io/v1').setKey(process.env.APPWRITE_KEY!)
          return client
        }
        export async function block(userId: string) {
          await new Users(adminClient()).updateStatus(userId, false)
        }
        """
    )
    assert effects(actions["block"]) == ["write users"]
