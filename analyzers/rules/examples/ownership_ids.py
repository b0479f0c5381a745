"""An owner is not asked for: ids in what is written, and rows that are read."""

from __future__ import annotations

from preship.analyzers.rule import Bad, Good
from preship.analyzers.rules.examples.ownership_stack import AUTH, PRISMA

NOTES = """
    model User {
      id String @id
    }
    model Folder {
      id      String @id
      owner   User   @relation(fields: [ownerId], references: [id])
      ownerId String
    }
    model Note {
      id       String  @id
      text     String
      owner    User    @relation(fields: [ownerId], references: [id])
      ownerId  String
      folder   Folder? @relation(fields: [folderId], references: [id])
      folderId String?
      label    Label?  @relation(fields: [labelId], references: [id])
      labelId  String?
    }
    model Label {
      id String @id
    }
"""

OPEN_NOTE = """
    'use server'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'

    export async function open(noteId: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      const note = await prisma.note.findUnique({ where: { id: noteId }, select: { text: true, ownerId: true } })
      if (!note || note.ownerId !== session.user.id) throw new Error('Not found')
      return note
    }
"""


EXAMPLES: tuple[Bad | Good, ...] = (
    Bad(
        "moved to a folder of anybody's",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function move(noteId: string, folderId: string) {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      const note = await prisma.note.findFirst({ where: { id: noteId, ownerId: session.user.id } })
                      if (!note) throw new Error('Not found')
                      await prisma.note.update({ where: { id: note.id }, data: { folderId } })  // <- finding
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
            "prisma/schema.prisma": NOTES,
        },
    ),
    Good(
        "moved to a folder of the caller's, with a label that nobody owns",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function move(noteId: string, folderId: string, labelId: string) {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      const mine = { ownerId: session.user.id }
                      const folder = await prisma.folder.findFirst({ where: { id: folderId, ...mine } })
                      if (!folder) throw new Error('Not found')
                      await prisma.note.updateMany({ where: { id: noteId, ...mine }, data: { folderId, labelId } })
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
            "prisma/schema.prisma": NOTES,
        },
    ),
    Bad(
        "a row of another owner's, by its id",
        {
            "app/actions.ts": """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    async function me() {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      return session.user
                    }

                    export async function readNote(id: string) {
                      await me()
                      return prisma.note.findUnique({ where: { id }, select: { text: true } })  // <- finding
                    }

                    export async function textOf(id: string) {
                      const note = await prisma.note.findFirst({ where: { id, ownerId: (await me()).id } })
                      return note?.text
                    }
                """,
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
            "prisma/schema.prisma": NOTES,
        },
    ),
    Bad(
        "another one's note, copied into a new one of the caller's",
        {
            "app/actions.ts": OPEN_NOTE
            + """
    export async function takeOver(noteId: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      const note = await prisma.note.findUnique({ where: { id: noteId } })  // <- finding
      if (!note) throw new Error('Not found')
      await prisma.note.create({ data: { text: note.text, ownerId: session.user.id } })
    }
""",
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
            "prisma/schema.prisma": NOTES,
        },
    ),
    Good(
        "a copy of the caller's own note",
        {
            "app/actions.ts": OPEN_NOTE
            + """
    export async function copy(noteId: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      const note = await prisma.note.findUnique({ where: { id: noteId } })
      if (note?.ownerId !== session.user.id) throw new Error('Not found')
      await prisma.note.create({ data: { text: note.text, ownerId: session.user.id } })
    }
""",
            "lib/auth.ts": AUTH,
            "lib/prisma.ts": PRISMA,
            "prisma/schema.prisma": NOTES,
        },
    ),
)
