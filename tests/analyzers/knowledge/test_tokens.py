"""Tokens and sealed cookies: verifying proves who is calling, decoding does not."""

from __future__ import annotations

from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import Role
from tests.analyzers.running import effects, run

PRISMA = """
    import { PrismaClient } from '@prisma/client'
    export const prisma = new PrismaClient()
"""


def test_a_verified_token_of_a_cookie_is_a_session() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { getSession } from '../lib/session'
                import { prisma } from '../lib/prisma'

                export async function rename(name: string) {
                  const session = await getSession()
                  if (!session) return { error: 'Not signed in' }
                  await prisma.user.update({ where: { id: session.user.id }, data: { name } })
                }
            """,
            "lib/session.ts": """
                import { SignJWT, jwtVerify } from 'jose'
                import { cookies } from 'next/headers'
                const key = new TextEncoder().encode(process.env.AUTH_SECRET)

                export async function signToken(payload: object) {
                  return await new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(key)
                }
                export async function verifyToken(input: string) {
                  const { payload } = await jwtVerify(input, key, { algorithms: ['HS256'] })
                  return payload
                }
                export async function getSession() {
                  const session = (await cookies()).get('session')?.value
                  if (!session) return null
                  return await verifyToken(session)
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert effects(actions["rename"]) == ["write user: Authenticated"]


def test_each_library_verifies_the_token_at_its_own_place() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { validateJWT, parseJWT } from 'oslo/jwt'
                import { verify, decode } from 'hono/jwt'
                import { cookies } from 'next/headers'
                import { prisma } from '../lib/prisma'

                const cookie = async () => (await cookies()).get('session')?.value ?? ''
                export async function oslo() {
                  const { payload } = await validateJWT('HS256', process.env.KEY, await cookie())
                  await prisma.user.delete({ where: { id: payload.id } })
                }
                export async function hono() {
                  const { id } = await verify(await cookie(), process.env.KEY)
                  await prisma.user.delete({ where: { id } })
                }
                export async function parsed() {
                  const token = parseJWT(await cookie())
                  if (!token) return
                  await prisma.user.delete({ where: { id: token.payload.id } })
                }
                export async function decoded() {
                  const { payload } = decode(await cookie())
                  await prisma.user.delete({ where: { id: payload.id } })
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert effects(actions["oslo"]) == ["delete user: Authenticated"]
    assert effects(actions["hono"]) == ["delete user: Authenticated"]
    assert effects(actions["parsed"]) == ["delete user: Claimed"]
    assert effects(actions["decoded"]) == ["delete user: Claimed"]


def test_a_decoded_token_proves_nothing() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { jwtDecode } from 'jwt-decode'
                import jwt from 'jsonwebtoken'
                import { cookies } from 'next/headers'
                import { prisma } from '../lib/prisma'

                export async function decoded(name: string) {
                  const user = jwtDecode((await cookies()).get('token')!.value)
                  await prisma.user.update({ where: { id: user.sub }, data: { name } })
                }
                export async function verified(name: string) {
                  const user = jwt.verify((await cookies()).get('token')!.value, process.env.JWT_SECRET!)
                  await prisma.user.update({ where: { id: user.sub }, data: { name } })
                }
                export async function called(name: string) {
                  const token = (await cookies()).get('token')?.value ?? ''
                  jwt.verify(token, process.env.JWT_SECRET!, async (error, user) => {
                    if (error) return
                    await prisma.user.update({ where: { id: user.sub }, data: { name } })
                  })
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert effects(actions["decoded"]) == ["write user: Claimed"]
    assert effects(actions["verified"]) == ["write user: Authenticated"]
    assert effects(actions["called"]) == ["write user: Authenticated"]


def test_the_fields_of_a_sealed_cookie_are_the_session() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { getIronSession } from 'iron-session'
                import { cookies } from 'next/headers'
                import { prisma } from '../lib/prisma'

                async function getSession() {
                  return getIronSession(await cookies(), { password: process.env.SECRET!, cookieName: 'sid' })
                }
                export async function remove(id: string) {
                  const session = await getSession()
                  if (!session.isLoggedIn) throw new Error('Sign in')
                  await prisma.post.delete({ where: { id, authorId: session.userId } })
                }
                export async function unasked(id: string) {
                  const session = await getSession()
                  await prisma.post.delete({ where: { id } })
                }
                export async function logout() {
                  const session = await getSession()
                  session.destroy()
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert effects(actions["remove"]) == ["delete post: Authenticated"]
    assert effects(actions["unasked"]) == ["delete post"]
    assert actions["logout"].public == "it ends the session"


def test_lucia_gives_the_user_and_the_session_together() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { validateRequest } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function remove(id: string) {
                  const { user } = await validateRequest()
                  if (!user) throw new Error('Sign in')
                  await prisma.post.delete({ where: { id, authorId: user.id } })
                }
                export async function unasked(id: string) {
                  const { user } = await validateRequest()
                  await prisma.post.delete({ where: { id } })
                }
            """,
            "lib/auth.ts": """
                import { Lucia } from 'lucia'
                import { PrismaAdapter } from '@lucia-auth/adapter-prisma'
                import { cookies } from 'next/headers'
                import { cache } from 'react'
                import { prisma } from './prisma'
                export const lucia = new Lucia(new PrismaAdapter(prisma.session, prisma.user))

                export const validateRequest = cache(async () => {
                  const sessionId = (await cookies()).get(lucia.sessionCookieName)?.value ?? null
                  if (!sessionId) return { user: null, session: null }
                  const result = await lucia.validateSession(sessionId)
                  try {
                    if (result.session?.fresh) {
                      const cookie = lucia.createSessionCookie(result.session.id)
                      ;(await cookies()).set(cookie.name, cookie.value, cookie.attributes)
                    }
                  } catch {}
                  return result
                })
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert effects(actions["remove"]) == ["delete post: Authenticated"]
    assert effects(actions["unasked"]) == ["delete post"]


def test_a_session_that_is_looked_up_by_the_hash_of_a_cookie_is_the_callers() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import { getCurrentSession } from '../lib/session'
                import { prisma } from '../lib/prisma'

                export async function remove(id: string) {
                  const { user } = await getCurrentSession()
                  if (user === null) throw new Error('Sign in')
                  await prisma.post.delete({ where: { id, authorId: user.id } })
                }
            """,
            "lib/session.ts": """
                import { sha256 } from '@oslojs/crypto/sha2'
                import { encodeHexLowerCase } from '@oslojs/encoding'
                import { cookies } from 'next/headers'
                import { prisma } from './prisma'

                export async function validateSessionToken(token: string) {
                  const sessionId = encodeHexLowerCase(sha256(new TextEncoder().encode(token)))
                  const result = await prisma.session.findUnique({
                    where: { id: sessionId }, include: { user: true },
                  })
                  if (result === null) return { session: null, user: null }
                  const { user, ...session } = result
                  if (Date.now() >= session.expiresAt.getTime()) {
                    await prisma.session.delete({ where: { id: sessionId } })
                    return { session: null, user: null }
                  }
                  return { session, user }
                }
                export async function getCurrentSession() {
                  const token = (await cookies()).get('session')?.value ?? null
                  if (token === null) return { session: null, user: null }
                  return validateSessionToken(token)
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert effects(actions["remove"]) == ["delete post: Authenticated, Owns"]


def test_a_right_password_proves_who_is_calling() -> None:
    actions = run(
        {
            "app/actions.ts": """
                'use server'
                import bcrypt, { compare } from 'bcryptjs'
                import { verify } from '@node-rs/argon2'
                import { prisma } from '../lib/prisma'

                export async function login(email: string, password: string) {
                  const user = await prisma.user.findUnique({ where: { email } })
                  if (!user) return { error: 'Wrong' }
                  if (!(await bcrypt.compare(password, user.passwordHash))) return { error: 'Wrong' }
                  await prisma.session.create({ data: { userId: user.id } })
                }
                export async function argon(email: string, password: string) {
                  const user = await prisma.user.findUniqueOrThrow({ where: { email } })
                  const ok = await verify(user.passwordHash, password)
                  if (ok) await prisma.session.create({ data: { userId: user.id } })
                }
                export async function unawaited(email: string, password: string) {
                  const user = await prisma.user.findUniqueOrThrow({ where: { email } })
                  if (!compare(password, user.passwordHash)) return null
                  await prisma.session.create({ data: { userId: user.id } })
                }
            """,
            "lib/prisma.ts": PRISMA,
        }
    )
    assert effects(actions["login"]) == ["read user", "insert session: Authenticated, Valid"]
    assert effects(actions["argon"]) == ["read user", "insert session: Authenticated, Valid"]
    assert effects(actions["unawaited"]) == ["read user", "insert session: Valid"]
    assert actions["login"].public == "it begins a session or proves a credential"


def test_a_token_that_is_signed_with_the_administrators_own_key_is_theirs() -> None:
    def roles(key: str) -> list[str]:
        code = f"""
            'use server'
            import {{ jwtVerify }} from 'jose'
            import {{ cookies }} from 'next/headers'
            import {{ prisma }} from '../lib/prisma'
            export async function remove(id: string) {{
              const token = (await cookies()).get('admin')?.value
              if (!token) throw new Error('Not signed in')
              await jwtVerify(token, new TextEncoder().encode({key}))
              await prisma.template.delete({{ where: {{ id }} }})
            }}
        """
        (action,) = run({"app/actions.ts": code, "lib/prisma.ts": PRISMA}).values()
        (deleted,) = [e for e in action.effects if e.kind is EffectKind.DELETE]
        return [name for fact in deleted.facts if isinstance(fact, Role) for name in fact.any_of]

    assert roles("process.env.ADMIN_JWT_SECRET") == ["ADMIN_JWT_SECRET"]
    assert roles("process.env.JWT_SECRET") == []
    assert roles("process.env.ADMIN_JWT_SECRET || process.env.JWT_SECRET") == [], "everybody's, where that one is unset"
