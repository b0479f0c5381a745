"""Tokens and signatures that identity providers' own packages verify, and Amazon Cognito."""

from __future__ import annotations

import pytest

from tests.analyzers.knowledge.doing import done
from tests.analyzers.running import effects, run

PRISMA = """
    import { PrismaClient } from '@prisma/client'
    export const prisma = new PrismaClient()
"""
TOKEN = "(await cookies()).get('token')?.value ?? ''"

GUARDS = {
    "Google": (
        "import { OAuth2Client } from 'google-auth-library'\nconst google = new OAuth2Client('id')",
        f"const ticket = await google.verifyIdToken({{ idToken: {TOKEN}, audience: 'id' }})\nticket.getPayload()",
    ),
    "Okta": (
        "import OktaJwtVerifier from '@okta/jwt-verifier'\nconst okta = new OktaJwtVerifier({ issuer: 'x' })",
        f"const {{ claims }} = await okta.verifyAccessToken({TOKEN}, 'api://default')",
    ),
    "Cognito's tokens": (
        "import { CognitoJwtVerifier } from 'aws-jwt-verify'\nconst verifier = CognitoJwtVerifier.create({})",
        f"const payload = await verifier.verify({TOKEN})",
    ),
    "Apple": (
        "import appleSignin from 'apple-signin-auth'",
        f"const {{ sub }} = await appleSignin.verifyIdToken({TOKEN}, {{ audience: 'x' }})",
    ),
    "Ethereum": (
        "import { SiweMessage } from 'siwe'",
        "const { data } = await new SiweMessage(message).verify({ signature: id })",
    ),
    "Ethereum, told": (
        "import { SiweMessage } from 'siwe'",
        "const { success } = await new SiweMessage(message).verify({ signature: id }, { suppressExceptions: true })\n"
        "if (!success) return",
    ),
    "thirdweb": (
        "import { createAuth } from 'thirdweb/auth'\nconst auth = createAuth({ domain: 'x' })",
        f"const answer = await auth.verifyJWT({{ jwt: {TOKEN} }}); if (!answer.valid) return",
    ),
    "Magic": (
        "import { Magic } from '@magic-sdk/admin'\nconst magic = new Magic(process.env.MAGIC_KEY)",
        f"magic.token.validate({TOKEN})",
    ),
    "Stytch": (
        "import * as stytch from 'stytch'\nconst client = new stytch.Client({ project_id: 'p' })",
        f"const {{ user }} = await client.sessions.authenticate({{ session_token: {TOKEN} }})",
    ),
    "Amplify": (
        "import { createServerRunner } from '@aws-amplify/adapter-nextjs'\n"
        "import { getCurrentUser } from 'aws-amplify/auth/server'\n"
        "const { runWithAmplifyServerContext } = createServerRunner({ config: {} })",
        "const user = await runWithAmplifyServerContext({ nextServerContext: { cookies },"
        " operation: (context) => getCurrentUser(context) })",
    ),
    "Amplify's session": (
        "import { createServerRunner } from '@aws-amplify/adapter-nextjs'\n"
        "import { fetchAuthSession } from 'aws-amplify/auth/server'\n"
        "const { runWithAmplifyServerContext } = createServerRunner({ config: {} })",
        "const { tokens } = await runWithAmplifyServerContext({ nextServerContext: { cookies },"
        " operation: async (context) => fetchAuthSession(context) })\nif (!tokens) return",
    ),
    "Cognito": (
        "import { CognitoIdentityProviderClient, GetUserCommand } from '@aws-sdk/client-cognito-identity-provider'\n"
        "const cognito = new CognitoIdentityProviderClient({})",
        f"const user = await cognito.send(new GetUserCommand({{ AccessToken: {TOKEN} }}))",
    ),
}

CLAIMS = {
    "Magic, decoded": (
        "import { Magic } from '@magic-sdk/admin'\nconst magic = new Magic(process.env.MAGIC_KEY)",
        f"const issuer = magic.token.getIssuer({TOKEN})",
    ),
    "Magic, asked by a token that nobody has validated": (
        "import { Magic } from '@magic-sdk/admin'\nconst magic = new Magic(process.env.MAGIC_KEY)",
        f"const who = await magic.users.getMetadataByToken({TOKEN})",
    ),
    "thirdweb, without a look at the answer": (
        "import { createAuth } from 'thirdweb/auth'\nconst auth = createAuth({ domain: 'x' })",
        f"const answer = await auth.verifyJWT({{ jwt: {TOKEN} }})",
    ),
}


def guarded(imports: str, guard: str) -> list[str]:
    """The effects of an action that deletes a post behind this guard."""
    code = f"""'use server'
import {{ prisma }} from '../lib/prisma'
import {{ cookies }} from 'next/headers'
{imports}

export async function remove(id: string, message: string) {{
  {guard}
  await prisma.post.delete({{ where: {{ id }} }})
}}
"""
    return effects(run({"app/actions.ts": code, "lib/prisma.ts": PRISMA})["remove"])


@pytest.mark.parametrize(("imports", "guard"), GUARDS.values(), ids=GUARDS.keys())
def test_a_good_token_proves_who_is_calling(imports: str, guard: str) -> None:
    assert guarded(imports, guard) == ["delete post: Authenticated"]


@pytest.mark.parametrize(("imports", "guard"), CLAIMS.values(), ids=CLAIMS.keys())
def test_what_a_token_only_claims_proves_nothing(imports: str, guard: str) -> None:
    assert "Authenticated" not in guarded(imports, guard)[-1]


COGNITO = """
    import * as c from '@aws-sdk/client-cognito-identity-provider'
    const cognito = new c.CognitoIdentityProviderClient({})
"""


@pytest.mark.parametrize(
    ("command", "effect"),
    [
        (
            "AdminDeleteUserCommand({ UserPoolId: 'p', Username: input.name })",
            "delete users {Username: input.name} -> -",
        ),
        (
            "AdminAddUserToGroupCommand({ Username: input.name, GroupName: 'admin' })",
            "write users {Username: input.name, GroupName: 'admin'} -> {Username: input.name, GroupName: 'admin'}",
        ),
        ("AdminGetUserCommand({ Username: input.name })", "read users {Username: input.name} -> -"),
        ("AdminCreateUserCommand({ Username: input.name })", "insert users - -> {Username: input.name}"),
        ("InitiateAuthCommand({ AuthParameters: input })", "identify the caller's session - -> -"),
        ("SignUpCommand({ Username: input.name })", "identify the caller's session - -> -"),
        (
            "ChangePasswordCommand({ AccessToken: input.token })",
            "as caller: write the caller's account - -> {AccessToken: input.token}",
        ),
    ],
)
def test_a_command_of_cognito_says_whose_account_it_is_about(command: str, effect: str) -> None:
    assert done(COGNITO, f"await cognito.send(new c.{command})") == [effect]


def test_amplifys_data_is_judged_by_its_own_rules() -> None:
    head = """
        import { generateServerClientUsingCookies } from '@aws-amplify/adapter-nextjs/data'
        import { cookies } from 'next/headers'
        const client = generateServerClientUsingCookies({ config: {}, cookies })
    """
    assert done(head, "await client.models.Post.delete({ id: input.id })") == [
        "as caller: delete Post {id: input.id} -> -"
    ]
    assert done(head, "await client.models.Post.create({ title: input.title })") == [
        "as caller: insert Post - -> {title: input.title}"
    ]


def test_an_authorization_code_begins_a_session() -> None:
    head = "import * as client from 'openid-client'"
    assert done(head, "await client.authorizationCodeGrant(input.config, input.url)") == [
        "identify the caller's session - -> -"
    ]
    ways = "import * as stytch from 'stytch'\nconst client = new stytch.B2BClient({})"
    assert done(ways, "await client.magicLinks.authenticate({ token: input.token })") == [
        "identify the caller's session - -> -"
    ]
    assert done(ways, "await client.users.delete({ user_id: input.id })") == ["delete users {user_id: input.id} -> {}"]
