"""The application in which the examples of excuses for ids play: clubs, boats, trips and what members like."""

from __future__ import annotations

from collections.abc import Mapping

from preship.analyzers.examples import STACK

SCHEMA = """
    model User {
      id     String @id
      clubId String
      club   Club   @relation("home", fields: [clubId], references: [id])
    }
    model Club {
      id String @id
    }
    model ClubMember {
      clubId String
      club   Club   @relation(fields: [clubId], references: [id])
      userId String
      user   User   @relation(fields: [userId], references: [id])
      @@id([clubId, userId])
    }
    model Boat {
      id     String @id
      clubId String
      club   Club   @relation(fields: [clubId], references: [id])
    }
    model Trip {
      id        String   @id
      clubId    String
      club      Club     @relation(fields: [clubId], references: [id])
      boatId    String
      boat      Boat     @relation(fields: [boatId], references: [id])
      harbourId String?
      harbour   Harbour? @relation(fields: [harbourId], references: [id])
      leaderId  String
      leader    User     @relation(fields: [leaderId], references: [id])
    }
    model Transfer {
      id             String @id
      giverId        String
      giver          Club   @relation("giver", fields: [giverId], references: [id])
      takerId        String
      taker          Club   @relation("taker", fields: [takerId], references: [id])
      approvedByClub String?
      approver       Club?  @relation("approver", fields: [approvedByClub], references: [id])
    }
    model Harbour {
      id   String @id
      name String
    }
    model Post {
      id        String  @id
      published Boolean
      authorId  String
      author    User    @relation(fields: [authorId], references: [id])
    }
    model Album {
      id      String @id
      ownerId String
      owner   User   @relation(fields: [ownerId], references: [id])
    }
    model Photo {
      id      String @id
      ownerId String
      owner   User   @relation(fields: [ownerId], references: [id])
      albumId String?
      album   Album? @relation(fields: [albumId], references: [id])
      postId  String?
      post    Post?  @relation(fields: [postId], references: [id])
    }
    model AlbumLike {
      albumId String
      album   Album @relation(fields: [albumId], references: [id])
      userId  String
      user    User  @relation(fields: [userId], references: [id])
      @@id([albumId, userId])
    }
"""

ONE_KEY = (
    "boat      Boat     @relation(fields: [boatId], references: [id])",
    "boat      Boat     @relation(fields: [boatId, clubId], references: [id, clubId])",
)
"""The reference from a trip to its boat, and the same together with the club."""

HEAD = """
    'use server'
    import { auth } from '../lib/auth'
    import { prisma as db } from '../lib/prisma'
"""

SESSION = """
      const session = await auth()
      if (!session?.user?.id) throw new Error('Not signed in')
      const user = session.user
"""

MINE = "const me = await db.user.findUniqueOrThrow({ where: { id: user.id } })\n"
"""The caller's row, and with it their club."""

PHOTO = "const photo = await db.photo.findFirst({ where: { id, ownerId: user.id } })\nif (!photo) return\n"
"""A photo of the caller's own."""


def act(body: str, *, schema: str = SCHEMA, more: str = "") -> Mapping[str, str]:
    """An action of a caller who is signed in, and who sends `id` and `other`; `more` are other actions of its file."""
    code = f"{HEAD}\nexport async function act(id, other) {{ {SESSION} {body} }}\n{more}"
    return {"app/actions.ts": code, "prisma/schema.prisma": schema, **STACK}
