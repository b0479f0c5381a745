"""Packages that compute, watch, assert or judge."""

from __future__ import annotations

import pytest

from tests.analyzers.knowledge.doing import done, given
from tests.analyzers.running import effects, run


@pytest.mark.parametrize(
    ("imports", "body", "result"),
    [
        ("import { addDays } from 'date-fns'", "return addDays(input.from, 3)", "input.from"),
        ("import slugify from 'slugify'", "return slugify(input.title)", "input.title"),
        ("import { nanoid } from 'nanoid'", "return nanoid()", "plain"),
        ("import dayjs from 'dayjs'", "return dayjs(input.at).add(1, 'day').toDate()", "input.at"),
        ("import { pick } from 'lodash'", "return pick(input, ['a', 'b'])", "{a: input.a, b: input.b}"),
        ("import omit from 'lodash/omit'", "return omit({ a: input.a, role: 1 }, 'role')", "{a: input.a}"),
        ("import _ from 'lodash'", "return _.sortBy(input.list, (x) => x.at)", "[input.list]"),
        ("import _ from 'lodash'", "return _.map(input.list, (x) => x.id)", "[input.list.id]"),
        ("import pLimit from 'p-limit'", "return await pLimit(2)(async () => input.a)", "input.a"),
        ("import pMap from 'p-map'", "return await pMap(input.list, async (x) => x.id)", "[input.list.id]"),
        ("import { getTranslations } from 'next-intl/server'", "return (await getTranslations('a'))('key')", "plain"),
        (
            "import * as Sentry from '@sentry/nextjs'",
            "return await Sentry.withServerActionInstrumentation('act', {}, async () => input.a)",
            "input.a",
        ),
        (
            "import { trace } from '@opentelemetry/api'",
            "return await trace.getTracer('app').startActiveSpan('act', async (span) => { span.end(); return 1 })",
            "1",
        ),
        (
            "import mammoth from 'mammoth'",
            "return await mammoth.extractRawText({ buffer: input.file })",
            "input.file",
        ),
    ],
)
def test_what_goes_in_comes_out(imports: str, body: str, result: str) -> None:
    assert given(imports, body) == result


@pytest.mark.parametrize(
    ("imports", "body", "effect"),
    [
        (
            "import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3'; const s3 = new S3Client({})",
            "await s3.send(new PutObjectCommand({ Key: input.key }))",
            "file client-s3 input.key -> {Key: input.key}",
        ),
        (
            "import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3'\n"
            "import { getSignedUrl } from '@aws-sdk/s3-request-presigner'",
            "return getSignedUrl(new S3Client({}), new GetObjectCommand({ Key: input.key }))",
            "file s3-request-presigner input.key -> -",
        ),
        (
            "import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3'; const s3 = new S3Client({})",
            "await s3.send(new GetObjectCommand({ Key: 'terms.pdf' }))",
            "read client-s3 'terms.pdf' -> -",
        ),
        (
            "import { Storage } from '@google-cloud/storage'; const bucket = new Storage().bucket('uploads')",
            "await bucket.file(input.name).download()",
            "file file storage input.name -> -",
        ),
        (
            "import { getStorage } from 'firebase-admin/storage'; const bucket = getStorage().bucket('uploads')",
            "await bucket.file(input.name).delete()",
            "file file storage - -> -",
        ),
        (
            "import admin from 'firebase-admin'",
            "return (await admin.storage().bucket().getFiles({ prefix: 'icons/' }))[0]",
            "read file storage {prefix: 'icons/'} -> -",
        ),
        (
            "import * as OneSignal from '@onesignal/node-onesignal'\nconst client = new OneSignal.DefaultApi({})",
            "await client.createNotification({ contents: input.text })",
            "send a push message - -> {contents: input.text}",
        ),
        ("import { del } from '@vercel/blob'", "await del(input.url)", "file file storage input.url -> undefined"),
        (
            "import { UTApi } from 'uploadthing/server'; const api = new UTApi()",
            "await api.deleteFiles(input.key)",
            "file file storage input.key -> input.key",
        ),
        (
            "import { v2 as cloudinary } from 'cloudinary'",
            "await cloudinary.uploader.destroy(input.id)",
            "file file storage input.id -> undefined",
        ),
        (
            "import OpenAI from 'openai'; const openai = new OpenAI()",
            "await openai.chat.completions.create({ prompt: input.prompt })",
            "fetch a language model - -> {prompt: input.prompt}",
        ),
        (
            "import { generateText } from 'ai'; import { openai } from '@ai-sdk/openai'",
            "await generateText({ model: openai('gpt-4o'), prompt: input.prompt })",
            "fetch a language model - -> {model: plain, prompt: input.prompt}",
        ),
        (
            "import { Inngest } from 'inngest'; const inngest = new Inngest({ id: 'app' })",
            "await inngest.send({ name: 'post.created', data: input })",
            "send an event 'post.created' -> {name: 'post.created', data: input}",
        ),
        (
            "import { tasks } from '@trigger.dev/sdk/v3'",
            "await tasks.trigger('sync', { id: input.id })",
            "send a job 'sync' -> {id: input.id}",
        ),
        (
            "import { Queue } from 'bullmq'; const queue = new Queue('mail')",
            "await queue.add('welcome', { to: input.to })",
            "send a job 'welcome' -> {to: input.to}",
        ),
        ("import pino from 'pino'; const log = pino()", "log.child({}).info(input.a)", "log  - -> [input.a]"),
        (
            "import { PostHog } from 'posthog-node'; const posthog = new PostHog('k')",
            "posthog.capture({ distinctId: input.id })",
            "log  - -> [{distinctId: input.id}]",
        ),
    ],
)
def test_a_call_says_what_it_does(imports: str, body: str, effect: str) -> None:
    assert done(imports, body)[-1:] == [effect]


ACTIONS = {
    "lib/prisma.ts": """
        import { PrismaClient } from '@prisma/client'
        export const prisma = new PrismaClient()
    """,
    "app/actions.ts": """
        'use server'
        import invariant from 'tiny-invariant'
        import { getServerSession } from 'next-auth'
        import { Ratelimit } from '@upstash/ratelimit'
        import { createMongoAbility, subject, ForbiddenError } from '@casl/ability'
        import { prisma } from '../lib/prisma'

        const limiter = new Ratelimit({ limiter: Ratelimit.slidingWindow(5, '1 m') })

        export async function asserted(id: string) {
          const session = await getServerSession()
          invariant(session?.user, 'sign in')
          await prisma.post.delete({ where: { id, authorId: session.user.id } })
        }
        export async function limited(id: string) {
          const session = await getServerSession()
          const { success } = await limiter.limit(session?.user?.id ?? 'anonymous')
          if (!success) return { error: 'slow down' }
          await prisma.post.delete({ where: { id } })
        }
        export async function permitted(id: string) {
          const session = await getServerSession()
          if (!session) return
          const ability = createMongoAbility(rulesFor(session.user))
          const post = await prisma.post.findUnique({ where: { id } })
          if (ability.cannot('delete', subject('Post', post))) return { error: 'no' }
          await prisma.post.delete({ where: { id } })
        }
        export async function forbidden(id: string) {
          const session = await getServerSession()
          if (!session) return
          ForbiddenError.from(createMongoAbility(rulesFor(session.user))).throwUnlessCan('delete', id)
          await prisma.post.delete({ where: { id } })
        }
    """,
}


def test_an_assertion_proves_what_it_asserts_and_a_rate_limit_nothing() -> None:
    actions = run(ACTIONS)
    assert effects(actions["asserted"]) == ["delete post: Authenticated"]
    assert effects(actions["limited"]) == ["delete post"]


def test_a_policy_that_stops_the_path_proves_what_it_was_asked_about() -> None:
    actions = run(ACTIONS)
    assert effects(actions["permitted"])[-1] == "delete post: Authenticated, Owns, Role, Valid"
    assert effects(actions["forbidden"])[-1] == "delete post: Authenticated, Owns, Role"
