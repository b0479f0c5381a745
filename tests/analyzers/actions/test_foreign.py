"""Foreign keys in what is written: each needs a tie of its own, unless nobody owns what it names."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.words import whose
from preship.analyzers.explanation import explanation
from preship.analyzers.rule import Persona
from preship.analyzers.rules import missing_ownership_check
from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION
from tests.analyzers.running import run

SCHEMA = """
    model User {
      id     String @id
      clubId String
      club   Club   @relation("home", fields: [clubId], references: [id])
    }
    model Club {
      id     String @id
      boats  Boat[]
    }
    model ClubMember {
      clubId String
      club   Club   @relation(fields: [clubId], references: [id])
      userId String
      user   User   @relation(fields: [userId], references: [id])
      role   String
      @@id([clubId, userId])
    }
    model Boat {
      id     String @id
      clubId String
      club   Club   @relation(fields: [clubId], references: [id])
      trips  Trip[]
    }
    model Trip {
      id        String  @id
      clubId    String
      club      Club    @relation(fields: [clubId], references: [id])
      boatId    String
      boat      Boat    @relation(fields: [boatId], references: [id])
      harbourId String?
      harbour   Harbour? @relation(fields: [harbourId], references: [id])
      leaderId  String
      leader    User    @relation(fields: [leaderId], references: [id])
      boatIds   String[]
    }
    model Repair {
      id     String @id
      boatId String
      boat   Boat   @relation(fields: [boatId], references: [id])
    }
    model Transfer {
      id       String @id
      giverId  String
      giver    Club   @relation("giver", fields: [giverId], references: [id])
      takerId  String
      taker    Club   @relation("taker", fields: [takerId], references: [id])
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
    model ClubLog {
      id     String @id
      clubId String
      club   Club   @relation(fields: [clubId], references: [id])
      userId String
      user   User   @relation(fields: [userId], references: [id])
      action String
    }
    model ClubBooking {
      id     String @id
      clubId String
      club   Club   @relation(fields: [clubId], references: [id])
      userId String
      user   User   @relation(fields: [userId], references: [id])
    }
    model AlbumLike {
      albumId String
      album   Album @relation(fields: [albumId], references: [id])
      userId  String
      user    User  @relation(fields: [userId], references: [id])
      @@id([albumId, userId])
    }
"""


def untied(body: str, *, schema: str = SCHEMA, more: str = "") -> list[str]:
    """The ids that `act` writes and that must be the caller's and are not shown to be."""
    action = f"{HEAD}\nexport async function act(id, other, ids, rows) {{ {SESSION} {body} }}\n{more}"
    files = {"app/actions.ts": action, "prisma/schema.prisma": schema, **LIBRARY}
    return [key.column for u in run(files)["act"].unowned_effects() for key in u.foreign]


MINE = "const me = await db.user.findUniqueOrThrow({ where: { id: user.id } })\n"
PHOTO = "const photo = await db.photo.findFirst({ where: { id, ownerId: user.id } })\nif (!photo) return\n"

UNTIED = {
    "a deal between two clubs that the caller names": (
        "await db.transfer.create({ data: { giverId: id, takerId: other } })",
        ["giverId", "takerId"],
    ),
    "what a new row needs, in what is spread": (
        MINE + "await db.trip.create({ data: { ...rows, clubId: me.clubId } })",
        ["boatId"],
    ),
    "what each row of a list needs, in what is spread": (
        MINE + "await db.trip.createMany({ data: rows.map((row) => ({ ...row, clubId: me.clubId })) })",
        ["boatId"],
    ),
    "the tenant itself, in what is spread": (
        "await db.trip.create({ data: { ...rows, boatIds: [], leaderId: user.id } })",
        ["clubId", "boatId"],
    ),
    "what a new row needs, which is all as it was sent": (
        "await db.repair.create({ data: rows })",
        ["boatId"],
    ),
    "what each row of a list needs, all of them as they were sent": (
        "await db.repair.createMany({ data: rows })",
        ["boatId"],
    ),
    "what each row needs that is made in a loop": (
        "for (const row of rows) await db.repair.create({ data: row })",
        ["boatId"],
    ),
    "what each row needs that is made in a function": (
        "await Promise.all(rows.map(({ name, ...row }) => db.repair.create({ data: row })))",
        ["boatId"],
    ),
    "what a new row needs, in a club that is the caller's by another id": (
        """
        const seat = await db.clubMember.findFirst({ where: { clubId: id, userId: user.id } })
        if (!seat) return
        await db.boat.update({ where: { id: other, clubId: id }, data: { trips: { deleteMany: {} } } })
        await db.repair.create({ data: rows })""",
        ["boatId"],
    ),
    "one whose form was asked alone": (
        PHOTO
        + "if (!/^[0-9a-f]{24}$/.test(other)) return\n"
        + "await db.photo.update({ where: { id: photo.id }, data: { albumId: other } })",
        ["albumId"],
    ),
    "what is left of it": (
        MINE + "const { name, ...rest } = rows\nawait db.trip.create({ data: { ...rest, clubId: me.clubId } })",
        ["boatId"],
    ),
    "what is in a part of it": (
        MINE + "await db.trip.create({ data: { ...rows.trip, clubId: me.clubId } })",
        ["boatId"],
    ),
    "the destination of a move": (
        PHOTO + "await db.photo.update({ where: { id: photo.id }, data: { albumId: other } })",
        ["albumId"],
    ),
    "the destination of a move, by its relation": (
        PHOTO + "await db.photo.update({ where: { id }, data: { album: { connect: { id: other } } } })",
        ["album"],
    ),
    "the parent of a row in the caller's own tenant": (
        MINE + "await db.trip.create({ data: { clubId: me.clubId, boatId: other, leaderId: user.id } })",
        ["boatId"],
    ),
    "one parent is theirs, another is not": (
        """
        const seat = await db.clubMember.findFirst({ where: { clubId: id, userId: user.id } })
        if (!seat) return
        await db.trip.create({ data: { clubId: id, boatId: other, leaderId: user.id } })""",
        ["boatId"],
    ),
    "the tenant of a new row that bears the caller's name": (
        "await db.boat.create({ data: { clubId: other, createdById: user.id } })",
        ["clubId"],
    ),
    "a foreign key of the caller's own row": (
        "await db.user.update({ where: { id: user.id }, data: { clubId: other } })",
        ["clubId"],
    ),
    "each row of a list": (
        MINE
        + """
        const data = rows.map((row) => ({ clubId: me.clubId, boatId: row.boatId, leaderId: user.id }))
        await db.trip.createMany({ data })""",
        ["boatId"],
    ),
    "a list of ids": (
        MINE + "await db.trip.update({ where: { id, clubId: me.clubId }, data: { boatIds: ids } })",
        ["boatIds"],
    ),
    "rows made with another": (
        MINE
        + """
        const trips = { create: [{ clubId: other, leaderId: user.id }] }
        await db.boat.update({ where: { id, clubId: me.clubId }, data: { trips } })""",
        ["clubId"],
    ),
    "a look-up of a record that stops nobody by its owner": (
        PHOTO
        + """
        const album = await db.album.findUnique({ where: { id: other } })
        if (!album) return
        await db.photo.update({ where: { id: photo.id }, data: { albumId: album.id } })""",
        ["albumId"],
    ),
    "a role in the caller's own tenant says nothing of another": (
        MINE
        + """
        if (me.role !== 'ADMIN') return
        await db.trip.create({ data: { clubId: me.clubId, boatId: other, leaderId: user.id } })""",
        ["boatId"],
    ),
    "a role beside a key within the caller's own tenant": (
        MINE
        + """
        if (me.role !== 'ADMIN') return
        await db.trip.update({ where: { id, clubId: me.clubId }, data: { boatId: other } })""",
        ["boatId"],
    ),
    "a role beside a comparison with the caller's own tenant": (
        MINE
        + """
        if (me.role !== 'ADMIN') return
        const trip = await db.trip.findUnique({ where: { id } })
        if (trip?.clubId !== me.clubId) return
        await db.trip.update({ where: { id }, data: { boatId: other } })""",
        ["boatId"],
    ),
    "a look-up within the tenant whose answer only fills a text": (
        MINE
        + """
        const boat = await db.boat.findFirst({ where: { id: other, clubId: me.clubId } })
        await db.trip.create({ data: { clubId: me.clubId, boatId: other, leaderId: user.id, name: boat?.name } })""",
        ["boatId"],
    ),
    "a look-up within the tenant that stops nobody": (
        MINE
        + """
        let name = 'A trip'
        if (other) {
          const boat = await db.boat.findFirst({ where: { id: other, clubId: me.clubId } })
          if (boat) name = boat.name
        }
        await db.trip.create({ data: { clubId: me.clubId, boatId: other, leaderId: user.id, name } })""",
        ["boatId"],
    ),
    "a line in the log of a tenant": (
        "await db.clubLog.create({ data: { clubId: other, userId: user.id, action: 'left' } })",
        ["clubId"],
    ),
    "a row that was just written is no membership": (
        """
        await db.clubMember.upsert({
          where: { clubId_userId: { clubId: other, userId: user.id } },
          create: { clubId: other, userId: user.id, role: 'MEMBER' },
          update: {},
        })
        await db.boat.create({ data: { clubId: other } })""",
        ["clubId"],
    ),
}

WITHIN_THE_CLUB = """
        const seat = await db.clubMember.findFirst({ where: { clubId: id, userId: user.id } })
        if (!seat) return
"""
SAIL_EACH = "await db.trip.createMany({ data: boats.map((b) => ({ clubId: id, boatId: b.id, leaderId: user.id })) })"

UNTIED |= {
    "the name of each row that was found by its id alone": (
        WITHIN_THE_CLUB + "const boats = await db.boat.findMany({ where: { id: { in: ids } } })\n" + SAIL_EACH,
        ["boatId"],
    ),
    "the name of each row that was found within one tenant or any": (
        WITHIN_THE_CLUB
        + """
        const all = await db.boat.findMany({ where: { id: { in: ids } } })
        const own = await db.boat.findMany({ where: { id: { in: ids }, clubId: id } })
        const boats = own.length > 0 ? own : all
        """
        + SAIL_EACH,
        ["boatId"],
    ),
}

TIED = {
    "the name of each row that was found within what is theirs": (
        WITHIN_THE_CLUB
        + "const boats = await db.boat.findMany({ where: { id: { in: ids }, clubId: id } })\n"
        + SAIL_EACH
    ),
    "the name of each row that a filter finds, which is made in steps": (
        WITHIN_THE_CLUB
        + """
        const where = { harbourId: null }
        where.clubId = id
        if (ids && ids.length > 0) where.id = { in: ids }
        const boats = await db.boat.findMany({ where })
        """
        + SAIL_EACH
    ),
    "the name of each row that was found in the caller's name": (
        MINE
        + """
        const boats = await db.boat.findMany({ where: { id: { in: ids }, clubId: me.clubId } })
        const data = boats.filter((b) => b.isFree).map((b) => ({ clubId: me.clubId, boatId: b.id, leaderId: user.id }))
        await db.trip.createMany({ data })"""
    ),
    "the name of one, if there is one": (
        MINE
        + """
        const boat = await db.boat.findFirst({ where: { id: other, clubId: me.clubId } })
        await db.trip.create({ data: { clubId: me.clubId, boatId: boat?.id ?? null, leaderId: user.id } })"""
    ),
    "the one with whom the caller's own club deals": (
        MINE + "await db.transfer.create({ data: { giverId: me.clubId, takerId: other } })"
    ),
    "what is spread, asked before": (
        MINE
        + """
        const boat = await db.boat.findFirst({ where: { id: rows.boatId, clubId: me.clubId } })
        if (!boat) return
        await db.trip.create({ data: { ...rows, clubId: me.clubId } })"""
    ),
    "what is spread and written over": (
        MINE
        + """
        const boat = await db.boat.findFirstOrThrow({ where: { clubId: me.clubId } })
        await db.trip.create({ data: { ...rows, clubId: me.clubId, boatId: boat.id } })"""
    ),
    "what is spread and written over as a relation": (
        MINE
        + """
        const boat = await db.boat.findFirstOrThrow({ where: { clubId: me.clubId } })
        await db.trip.create({ data: { ...rows, clubId: me.clubId, boat: { connect: { id: boat.id } } } })"""
    ),
    "what is all as it was sent, asked before": (
        MINE
        + """
        const boat = await db.boat.findFirst({ where: { id: rows.boatId, clubId: me.clubId } })
        if (!boat) return
        await db.repair.create({ data: rows })"""
    ),
    "what is all as it was sent of rows that nobody owns": "await db.harbour.create({ data: rows })",
    "what is spread into what is there": (
        MINE + "await db.boat.update({ where: { id, clubId: me.clubId }, data: { ...rows } })"
    ),
    "what is spread of the caller's": "await db.album.create({ data: { ...user, ownerId: user.id } })",
    "looked up among the caller's own": (
        PHOTO
        + """
        const album = await db.album.findFirst({ where: { id: other, ownerId: user.id } })
        if (!album) return
        await db.photo.update({ where: { id: photo.id }, data: { albumId: album.id } })"""
    ),
    "compared with the caller": (
        PHOTO
        + """
        const album = await db.album.findUnique({ where: { id: other } })
        if (album?.ownerId !== user.id) return
        await db.photo.update({ where: { id: photo.id }, data: { albumId: other } })"""
    ),
    "looked up within the tenant": (
        MINE
        + """
        const boat = await db.boat.findFirst({ where: { id: other, clubId: me.clubId } })
        if (!boat) throw new Error('no')
        await db.trip.create({ data: { clubId: me.clubId, boatId: boat.id, leaderId: user.id } })"""
    ),
    "each of a list looked up within the tenant": (
        MINE
        + """
        for (const row of rows) {
          const boat = await db.boat.findFirst({ where: { id: row.boatId, clubId: me.clubId } })
          if (!boat) throw new Error('no')
        }
        const data = rows.map((row) => ({ clubId: me.clubId, boatId: row.boatId, leaderId: user.id }))
        await db.trip.createMany({ data })"""
    ),
    "each of a list of ids looked up within the tenant": (
        MINE
        + """
        for (const boatId of ids) {
          const boat = await db.boat.findFirst({ where: { id: boatId, clubId: me.clubId } })
          if (!boat) throw new Error('no')
        }
        await db.trip.update({ where: { id, clubId: me.clubId }, data: { boatIds: ids } })"""
    ),
    "as many found within the tenant as were named": (
        MINE
        + """
        const boats = await db.boat.findMany({ where: { id: { in: ids }, clubId: me.clubId } })
        if (boats.length !== ids.length) return
        await db.trip.update({ where: { id, clubId: me.clubId }, data: { boatIds: ids } })"""
    ),
    "counted within the tenant": (
        MINE
        + """
        const number = await db.boat.count({ where: { id: other, clubId: me.clubId } })
        if (number === 0) return
        await db.trip.create({ data: { clubId: me.clubId, boatId: other, leaderId: user.id } })"""
    ),
    "asked only where it is given": (
        MINE
        + """
        if (other) {
          const boat = await db.boat.findFirst({ where: { id: other, clubId: me.clubId } })
          if (!boat) return { error: 'Not found' }
        }
        await db.trip.create({ data: { clubId: me.clubId, boatId: other, leaderId: user.id } })"""
    ),
    "a part of the input, asked only where it is given": (
        MINE
        + """
        if (rows.boatId) {
          const [boat] = await db.boat.findMany({ where: { id: rows.boatId, clubId: me.clubId } })
          if (!boat) throw new Error('Not found')
        }
        const boatId = rows.boatId ?? null
        await db.trip.create({ data: { clubId: me.clubId, boatId, leaderId: user.id } })"""
    ),
    "within what was found to be the caller's, asked only where it is given": (
        MINE
        + """
        const club = await db.club.findFirst({ where: { id, members: { some: { userId: user.id } } } })
        if (!club) return
        if (rows.boatId) {
          const boat = await db.boat.findFirst({ where: { id: rows.boatId, clubId: id } })
          if (!boat) throw new Error('Not found')
        }
        await db.trip.create({ data: { clubId: id, boatId: rows.boatId ?? null, leaderId: user.id } })"""
    ),
    "asked by a helper, only where it is given": (
        MINE
        + """
        const need = async (boatId) => {
          if (!boatId) return
          const boat = await db.boat.findFirst({ where: { id: boatId, clubId: me.clubId } })
          if (!boat) throw new Error('Not found')
        }
        await need(rows.boatId)
        await db.trip.create({ data: { clubId: me.clubId, boatId: rows.boatId, leaderId: user.id } })"""
    ),
    "what was found, or nothing": (
        MINE
        + """
        const boat = await db.boat.findFirst({ where: { id: other, clubId: me.clubId } })
        await db.trip.create({ data: { clubId: me.clubId, boatId: boat?.id, leaderId: user.id } })"""
    ),
    "reference data that nobody owns": MINE
    + "await db.trip.update({ where: { id, clubId: me.clubId }, data: { harbourId: other } })",
    "a person": MINE + "await db.trip.update({ where: { id, clubId: me.clubId }, data: { leaderId: other } })",
    "a parent that may be public": PHOTO + "await db.photo.update({ where: { id }, data: { postId: other } })",
    "the caller's own like": "await db.albumLike.create({ data: { albumId: other, userId: user.id } })",
    "a line in the log of the caller's tenant": (
        """
        const seat = await db.clubMember.findFirst({ where: { clubId: id, userId: user.id } })
        if (!seat) return
        await db.clubLog.create({ data: { clubId: id, userId: user.id, action: 'left' } })"""
    ),
    "a booking at a tenant, in the caller's name": (
        "await db.clubBooking.create({ data: { clubId: other, userId: user.id } })"
    ),
    "the caller joins": ("await db.clubMember.create({ data: { clubId: other, userId: user.id, role: 'MEMBER' } })"),
    "a row made in this action": (
        """
        const album = await db.album.create({ data: { ownerId: user.id } })
        await db.photo.create({ data: { ownerId: user.id, albumId: album.id } })"""
    ),
    "a role that holds everywhere": (
        """
        if (user.role !== 'ADMIN') return
        await db.boat.create({ data: { clubId: other } })"""
    ),
    "a role that holds everywhere, of a row of any tenant": (
        """
        if (user.role !== 'ADMIN') return
        await db.trip.update({ where: { id }, data: { boatId: other } })"""
    ),
    "one of the caller's own": (
        """
        const albums = await db.album.findMany({ where: { ownerId: user.id } })
        if (!albums.some((album) => album.id === other)) return
        await db.photo.create({ data: { ownerId: user.id, albumId: other } })"""
    ),
}


@pytest.mark.parametrize(("body", "columns"), UNTIED.values(), ids=UNTIED.keys())
def test_a_foreign_key_needs_a_tie_of_its_own(body: str, columns: list[str]) -> None:
    assert untied(body) == columns


@pytest.mark.parametrize("body", TIED.values(), ids=TIED.keys())
def test_a_foreign_key_is_excused_where_it_is_tied_or_names_what_nobody_keeps(body: str) -> None:
    assert untied(body) == []


def test_the_database_ties_an_id_that_is_one_foreign_key_with_the_callers_tenant() -> None:
    both = SCHEMA.replace(
        "boat      Boat    @relation(fields: [boatId], references: [id])",
        "boat      Boat    @relation(fields: [boatId, clubId], references: [id, clubId])",
    )
    body = MINE + "await db.trip.create({ data: { clubId: me.clubId, boatId: other, leaderId: user.id } })"
    assert untied(body, schema=both) == []


SIBLING = """
export async function renameBoat(boatId, name) {
  const session = await auth()
  if (!session?.user?.id) return
  await db.boat.update({ where: { id: boatId, clubId: session.user.clubId }, data: { name } })
}
"""


def test_without_a_schema_another_action_tells_whose_a_row_is() -> None:
    body = "await db.trip.create({ data: { clubId: user.clubId, boatId: other } })"
    assert untied(body, schema="", more=SIBLING) == ["boatId"]
    assert untied(body, schema="") == []


def test_nothing_is_excused_for_having_no_owner_in_a_schema_that_shows_none() -> None:
    action = (
        f"{HEAD}\nexport async function act(id) {{ {SESSION} await db.list.create({{ data: {{ boardId: id }} }}) }}"
    )
    schema = """
        model Board {
          id    String @id
        }
        model List {
          id      String @id
          board   Board  @relation(fields: [boardId], references: [id])
          boardId String
        }
    """
    files = {"app/actions.ts": action, "prisma/schema.prisma": schema, **LIBRARY}
    assert [u.effect.what for u in run(files)["act"].unowned_effects()] == ["prisma.list.create"]


def test_the_explanation_says_of_each_id_why_it_needs_no_tie_or_that_it_lacks_one() -> None:
    body = MINE + "await db.trip.create({ data: { clubId: me.clubId, boatId: other, harbourId: id, leaderId: ids } })"
    action = f"{HEAD}\nexport async function act(id, other, ids) {{ {SESSION} {body} }}"
    facts = run({"app/actions.ts": action, "prisma/schema.prisma": SCHEMA, **LIBRARY})["act"]
    assert [line.strip() for line in explanation(facts) if line.strip().startswith("id ")] == [
        "id      boatId of input other names Boat: nothing says that it is the caller's",
        "id      harbourId of input id names Harbour: nobody owns the rows of this table",
        "id      leaderId of input ids names User: it names a person, or a membership",
    ]


JOBS = """
    import { tasks } from '@trigger.dev/sdk'
    export const start = (payload) => tasks.trigger('close', payload)
"""


def test_a_column_that_names_no_table_of_the_schema_chooses_no_record() -> None:
    def chosen(column: str) -> list[str]:
        write = f"await db.harbour.create({{ data: {{ {column}: id }} }})"
        action = f"{HEAD}\nexport async function act(id) {{ {SESSION} {write} }}"
        files = {"app/actions.ts": action, "prisma/schema.prisma": SCHEMA, **LIBRARY}
        return [u.effect.what for u in run(files)["act"].unowned_effects()]

    assert chosen("externalId") == []
    assert chosen("organizationId") == ["prisma.harbour.create"]


def test_a_job_is_given_a_tenant_of_the_callers() -> None:
    def untied_of(body: str) -> list[str]:
        action = f"{HEAD}\nimport {{ start }} from '../lib/jobs'\nexport async function act(id) {{ {SESSION} {body} }}"
        files = {"app/actions.ts": action, "lib/jobs.ts": JOBS, "prisma/schema.prisma": SCHEMA, **LIBRARY}
        return [key.column for u in run(files)["act"].unowned_effects() for key in u.foreign]

    seat = "const seat = await db.clubMember.findFirst({ where: { clubId: id, userId: user.id } }); if (!seat) return\n"
    assert untied_of("await start({ clubId: id, userId: user.id })") == ["clubId"]
    assert untied_of(f"{seat}await start({{ clubId: id, userId: user.id }})") == []
    assert untied_of("await start({ harbourId: id })") == []


POLICIES = """
    create table clubs (id uuid primary key);
    create table members (
      club_id uuid not null references clubs (id),
      user_id uuid not null references auth.users (id)
    );
    create table boats (id uuid primary key, club_id uuid not null references clubs (id));
    create table trips (
      id uuid primary key,
      club_id uuid not null references clubs (id),
      boat_id uuid not null references boats (id)
    );
    alter table trips enable row level security;
    create policy mine on trips for all using (club_id in (select club_id from members where user_id = auth.uid()))
"""
SUPABASE = """
    import { createServerClient } from '@supabase/ssr'
    import { cookies } from 'next/headers'
    export async function client() {
      const jar = await cookies()
      return createServerClient(process.env.URL!, process.env.KEY!, { cookies: { getAll: () => jar.getAll() } })
    }
"""


def test_policies_that_look_at_the_tenant_alone_leave_the_other_ids_to_the_action() -> None:
    def untied_under(
        policies: str, row: str = "{ club_id: clubId, boat_id: boatId }", call: str = "insert"
    ) -> list[str]:
        action = f"""
            'use server'
            import {{ client }} from '../lib/client'
            export async function act(clubId: string, boatId: string, tripId: string) {{
              const db = await client()
              const {{ data: {{ user }} }} = await db.auth.getUser()
              if (!user) throw new Error('no')
              await db.from('trips').{call}({row}){".eq('id', tripId)" * (call == "update")}
            }}
        """
        files = {"app/actions.ts": action, "lib/client.ts": SUPABASE, "supabase/migrations/1.sql": policies}
        facts = run(files)["act"]
        # Whoever may read the row may not read what it names: nothing for a comment.
        assert {f.persona for f in missing_ownership_check.RULE.check(facts)} <= {Persona.PEDANTIC}
        return [whose(u.foreign) for u in facts.unowned_effects()]

    assert untied_under(POLICIES) == [
        "`boatId` names a boat. Each boat belongs to a club through `club_id`; nothing says that it is the caller's, "
        "and of the row the policies of the database ask for `club_id` alone."
    ]
    both = "for all using (boat_id in (select id from boats) and club_id in (select"
    assert untied_under(POLICIES.replace("for all using (club_id in (select", both)) == []
    # A trigger of the database says of which club the boat is.
    assert untied_under(POLICIES, "{ boat_id: boatId }") == []
    # A row that is changed keeps its club.
    assert untied_under(POLICIES, "{ boat_id: boatId }", "update") == untied_under(POLICIES)
    assert untied_under(POLICIES.replace("for all", "for select"), "{ boat_id: boatId }", "update") == []


@pytest.mark.parametrize(("key", "is_theirs"), [("clubId: home", True), ("clubId: other", False)])
def test_what_a_change_finds_among_the_callers_own_may_be_named_in_it_once_more(key: str, *, is_theirs: bool) -> None:
    where = "{ where: { boatId: id }, create: { boatId: id } }"
    action = f"""
        {HEAD}
        export async function act(id: string, other: string) {{
          const session = await auth()
          if (!session?.user) throw new Error('no')
          const home = session.user.clubId
          await db.boat.update({{ where: {{ id, {key} }}, data: {{ trips: {{ connectOrCreate: {where} }} }} }})
        }}
    """
    files = {**LIBRARY, "prisma/schema.prisma": SCHEMA, "app/actions.ts": action}
    assert (not list(run(files)["act"].unowned_effects())) is is_theirs


TARGETS = {
    "a member of the caller's own club": (
        "await mine(clubId)\nawait db.clubMember.create({ data: { clubId, userId, role: 'crew' } })",
        [],
    ),
    "found by another name first": (
        "await mine(clubId)\nconst someone = await db.user.findUnique({ where: { email: userId } })\n"
        "await db.clubMember.create({ data: { clubId, userId: someone.id, role: 'crew' } })",
        [],
    ),
    "a member of any club": (
        "await db.clubMember.create({ data: { clubId, userId, role: 'crew' } })",
        ["prisma.clubMember.create"],
    ),
    "another's boat along with them": (
        "await mine(clubId)\nawait db.trip.create({ data: { clubId: other, boatId: other, leaderId: userId } })",
        ["prisma.trip.create"],
    ),
    "somebody of the own club, changed": (
        "await mine(clubId)\n"
        "const seat = await db.clubMember.findFirst({ where: { clubId, userId } })\n"
        "if (!seat) throw new Error('no')\n"
        "await db.user.update({ where: { id: userId }, data: { name: 'x' } })",
        [],
    ),
    "somebody, changed": (
        "await mine(clubId)\nawait db.user.update({ where: { id: userId }, data: { name: 'x' } })",
        ["prisma.user.update"],
    ),
    "somebody of another club, changed": (
        "await mine(clubId)\n"
        "const seat = await db.clubMember.findFirst({ where: { clubId: other, userId } })\n"
        "if (!seat) throw new Error('no')\nawait db.user.update({ where: { id: userId }, data: { name: 'x' } })",
        ["prisma.user.update"],
    ),
}


@pytest.mark.parametrize(("body", "expected"), TARGETS.values(), ids=TARGETS.keys())
def test_people_are_targets_of_who_has_shown_what_is_theirs(body: str, expected: list[str]) -> None:
    action = f"""
        {HEAD}
        async function mine(clubId: string) {{
          const seat = await db.clubMember.findFirst({{ where: {{ clubId, userId: (await me()).id }} }})
          if (!seat) throw new Error('no')
        }}
        async function me() {{
          const session = await auth()
          if (!session?.user) throw new Error('no')
          return session.user
        }}
        export async function act(clubId: string, userId: string, other: string) {{
          await me()
          {body}
        }}
    """
    files = {**LIBRARY, "prisma/schema.prisma": SCHEMA, "app/actions.ts": action}
    assert [u.effect.what for u in run(files)["act"].unowned_effects()] == expected


BEHIND = "if (user.role !== 'ADMIN') return\n"
OTHERS = {
    "a list": f"{BEHIND} return db.boat.findMany({{ where: {{ clubId: user.clubId }} }})",
    "a change": f"{BEHIND} await db.boat.update({{ where: {{ id: boatId, clubId: user.clubId }}, data: {{ name }} }})",
    "a change of what was found": f"""{BEHIND}
        const boat = await db.boat.findFirst({{ where: {{ id: boatId, clubId: user.clubId }} }})
        if (!boat) return
        await db.boat.delete({{ where: {{ id: boat.id }} }})""",
    "a change by the id that was asked for": f"""{BEHIND}
        const boat = await db.boat.findFirst({{ where: {{ id: boatId, clubId: user.clubId }} }})
        if (!boat) return
        await db.boat.delete({{ where: {{ id: boatId }} }})""",
    "a count": f"{BEHIND} return db.boat.count({{ where: {{ clubId: user.clubId }} }})",
}
ABOVE = {
    "all are listed": f"{OTHERS['a change']}\nreturn db.boat.findMany()",
    "any is changed": f"{OTHERS['a change']}\nawait db.boat.delete({{ where: {{ id }} }})",
    "for another role": OTHERS["a list"].replace("ADMIN", "CAPTAIN"),
    "for whoever is signed in": OTHERS["a list"].removeprefix(BEHIND),
    "of other rows": OTHERS["a list"].replace("db.boat", "db.trip"),
}


def behind(other: str, role: str = "ADMIN") -> list[str]:
    """The ids that must be the caller's behind a role, where another action does this."""
    more = f"export async function another(id, boatId, name) {{ {SESSION} {other} }}".replace("ADMIN", role)
    body = "await db.repair.create({ data: { boatId: other } })"
    return untied(BEHIND.replace("ADMIN", role) + body, more=more)


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_role_holds_in_the_tenant_to_which_other_actions_behind_it_keep(other: str) -> None:
    assert behind(other) == ["boatId"]


@pytest.mark.parametrize("other", ABOVE.values(), ids=ABOVE)
def test_a_role_holds_everywhere_where_other_actions_do_not_keep_to_a_tenant(other: str) -> None:
    assert behind(other) == []


def test_a_role_of_those_who_run_the_application_holds_everywhere() -> None:
    assert behind(OTHERS["a list"], "SUPER_ADMIN") == []


AS_A_MEMBER = """
    const own = await db.clubMember.findFirst({ where: { userId: user.id } })
    if (own?.role !== 'captain') return
"""
INTO = {
    "a new row of a tenant that the caller names": ("await db.boat.create({ data: { clubId: other } })", ["clubId"]),
    "rows of one": ("await db.trip.createMany({ data: [{ clubId: other, leaderId: user.id }] })", ["clubId"]),
    "a row that is moved to one": (
        "await db.boat.updateMany({ where: { id, clubId: own.clubId }, data: { clubId: other } })",
        ["clubId"],
    ),
    "a new row of the member's tenant": ("await db.boat.create({ data: { clubId: own.clubId } })", []),
    "a new row of the tenant that was compared": (
        "if (own.clubId !== other) return\nawait db.boat.create({ data: { clubId: other } })",
        [],
    ),
    "a person who is led by them": (
        "await db.trip.create({ data: { clubId: own.clubId, boatId: own.boatId, leaderId: other } })",
        [],
    ),
}


@pytest.mark.parametrize(("body", "columns"), INTO.values(), ids=list(INTO))
def test_the_role_of_a_membership_opens_no_other_tenant(body: str, columns: list[str]) -> None:
    assert untied(AS_A_MEMBER + body) == columns


def test_a_role_of_an_account_may_open_every_tenant() -> None:
    assert untied(f"{BEHIND} await db.boat.create({{ data: {{ clubId: other }} }})") == []
