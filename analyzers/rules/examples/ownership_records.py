"""An owner is not asked for: records and files that the caller names."""

from __future__ import annotations

from preship.analyzers.rule import Bad, Good
from preship.analyzers.rules.examples.ownership_stack import AUTH, PRISMA

EXAMPLES: tuple[Bad | Good, ...] = (
    Bad(
        "signed in, but anyone's post",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function removePost(id: string) {
                      const session = await auth()
                      if (!session) throw new Error('Not signed in')
                      await prisma.post.delete({ where: { id } })  // <- finding
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Bad(
        "a stored file, deleted by its key",
        {
            "app/actions.ts": """
                    'use server'
                    import { del } from '@vercel/blob'
                    import { auth } from '../lib/auth'

                    export async function dropFile(url: string) {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      await del(url)  // <- finding
                    }
                """,
            "lib/auth.ts": AUTH,
        },
    ),
    Bad(
        "what a service keeps, deleted with the server's key by what the caller names",
        {
            "app/actions.ts": """
                    'use server'
                    import axios from 'axios'
                    import { auth } from '../lib/auth'

                    export async function dropVideo(videoId: string) {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      await axios.delete(`https://video.example/videos/${videoId}`, {  // <- finding
                        headers: { AccessKey: process.env.VIDEO_KEY },
                      })
                    }
                """,
            "lib/auth.ts": AUTH,
        },
    ),
    Bad(
        "a row with somebody's key in it, handed out whole",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function findWebhook(id: string) {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      return prisma.webhook.findUnique({ where: { id } })  // <- finding
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
            "prisma/schema.prisma": """
                    model Webhook {
                      id            String @id
                      url           String
                      signingSecret String
                    }
                """,
        },
    ),
    Bad(
        "the check is about one thing, the write about another",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function rename(projectId: string, profileId: string, name: string) {
                      const session = await auth()
                      if (!session?.user) return { error: 'Not signed in' }
                      const project = await prisma.project.findUnique({ where: { id: projectId } })
                      if (project?.ownerId !== session.user.id) return { error: 'Not found' }
                      await prisma.profile.update({ where: { id: profileId }, data: { name } })  // <- finding
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Good(
        "all that change such records are admins: a role is missing, no owner",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    async function requireAdmin() {
                      const session = await auth()
                      if (session?.user?.role !== 'ADMIN') throw new Error('Admins only')
                    }

                    export async function renameBadge(id: string, title: string) {
                      await requireAdmin()
                      await prisma.badge.update({ where: { id }, data: { title } })
                    }

                    export async function dropBadge(id: string) {
                      await requireAdmin()
                      await prisma.badge.delete({ where: { id } })
                    }

                    export async function hideBadge(id: string) {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      await prisma.badge.update({ where: { id }, data: { isHidden: true } })
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Good(
        "fetched, compared, then written",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function removePost(id: string) {
                      const session = await auth()
                      if (!session?.user) return { error: 'Not signed in' }
                      const post = await prisma.post.findUnique({ where: { id } })
                      if (!post || post.authorId !== session.user.id) return { error: 'Not found' }
                      await prisma.post.delete({ where: { id } })
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Good(
        "a membership of the caller's",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function renameTeam(teamId: string, name: string) {
                      const session = await auth()
                      if (!session?.user) return { error: 'Not signed in' }
                      const member = await prisma.member.findFirst({ where: { teamId, userId: session.user.id } })
                      if (!member) return { error: 'Not found' }
                      await prisma.team.update({ where: { id: teamId }, data: { name } })
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Good(
        "what comes along with the caller's own row",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function removePost(id: string) {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      const user = await prisma.user.findUnique({
                        where: { id: session.user.id },
                        include: { posts: { where: { id } } },
                      })
                      if (!user?.posts.length) throw new Error('Not found')
                      await prisma.post.delete({ where: { id } })
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Good(
        "the first of what comes along with the caller's own row",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function removePost(id: string) {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      const user = await prisma.user.findUnique({
                        where: { id: session.user.id },
                        select: { posts: { where: { id } } },
                      })
                      const post = user?.posts[0]
                      if (!post) throw new Error('Not found')
                      await prisma.post.delete({ where: { id } })
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Bad(
        "of what comes along with the caller's own row, nothing is looked at",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function removePost(id: string) {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      const user = await prisma.user.findUnique({
                        where: { id: session.user.id },
                        include: { posts: { where: { id } } },
                      })
                      if (!user) throw new Error('Not found')
                      await prisma.post.delete({ where: { id } })  // <- finding
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Bad(
        "what comes along with the row of anybody",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function removePost(id: string) {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      const user = await prisma.user.findUnique({
                        where: { email: id },
                        include: { posts: { where: { id } } },
                      })
                      if (!user?.posts.length) throw new Error('Not found')
                      await prisma.post.delete({ where: { id } })  // <- finding
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
    Bad(
        "others of what comes along with the caller's own row",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function removePost(id: string) {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      const user = await prisma.user.findUnique({
                        where: { id: session.user.id },
                        include: { posts: { where: { draft: true } } },
                      })
                      if (!user?.posts.length) throw new Error('Not found')
                      await prisma.post.delete({ where: { id } })  // <- finding
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
        },
    ),
)
