"""One application's tables, as each kind of schema says them: what refers to what, and whose it is."""

from __future__ import annotations

import textwrap

import pytest

from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Project
from preship.analyzers.schema.graph import Ownership
from preship.analyzers.schema.reading import ownership_of

PRISMA = {
    "prisma/schema.prisma": """
        model User {
          id    String @id
          seats Seat[]
        }
        /// Who races where. // model Nothing { }
        model Club {
          id    String @id
          meta  Json   @default("{}")
          seats Seat[]
          boats Boat[]
        }
        model Seat {
          club   Club   @relation(fields: [clubId], references: [id])
          clubId String
          user   User   @relation(fields: [userId], references: [id])
          userId String
          role   String
          @@id([clubId, userId])
          @@map("club_seats")
        }
        model Boat {
          id      String  @id
          club    Club    @relation(fields: [clubId], references: [id])
          clubId  String
          port    Port?   @relation(fields: [portId], references: [id])
          portId  String?
          trips   Trip[]
        }
        model Trip {
          id     String @id
          boat   Boat   @relation(fields: [boatId], references: [id])
          boatId String
        }
        model Port {
          id    String @id
          boats Boat[]
        }
        model Diary {
          id       String @id
          writer   User   @relation(fields: [writerId], references: [id])
          writerId String
        }
    """
}

DRIZZLE = {
    "db/schema.ts": """
        import { relations } from 'drizzle-orm'
        import { foreignKey, pgEnum, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
        const id = { id: uuid('id').primaryKey() }
        export const rank = pgEnum('rank', ['skipper', 'crew'])
        export const users = pgTable('user', { ...id })
        export const clubs = pgTable('club', { ...id })
        export const seats = pgTable('seat', {
          clubId: uuid('club_id').notNull().references(() => clubs.id, { onDelete: 'cascade' }),
          userId: uuid('user_id').notNull().references(() => users.id),
          role: rank('role').notNull(),
        }, (table) => [primaryKey({ columns: [table.clubId, table.userId] })])
        export const boats = pgTable('boat', {
          ...id,
          clubId: uuid('club_id').notNull(),
          portId: uuid('port_id').references(() => ports.id),
        })
        export const boatsRelations = relations(boats, ({ one, many }) => ({
          club: one(clubs, { fields: [boats.clubId], references: [clubs.id] }),
          trips: many(trips),
        }))
        export const trips = pgTable('trip', { ...id, boatId: uuid('boat_id').notNull() }, (t) => [
          foreignKey({ columns: [t.boatId], foreignColumns: [boats.id] }),
        ])
        export const ports = pgTable('port', { ...id })
        export const diaries = pgTable('diary', { ...id, writerId: uuid('w').notNull().references(() => users.id) })
    """
}

MONGOOSE = {
    f"models/{name.lower()}.ts": f"""
        import mongoose, {{ Schema, model, models }} from 'mongoose'
        const schema = new Schema<I{name}>({{ {columns} }}, {{ timestamps: true }})
        export const {name} = models.{name} || model<I{name}>('{name}', schema)
    """
    for name, columns in {
        "User": "name: String",
        "Club": "name: { type: String, required: true }",
        "Seat": """
            club: { type: Schema.Types.ObjectId, ref: 'Club', required: true },
            user: { type: Schema.Types.ObjectId, ref: 'User', required: [true, 'Who?'] },
            role: String,
        """,
        "Boat": """
            club: { type: Schema.Types.ObjectId, ref: 'Club', required: true },
            port: { type: Schema.Types.ObjectId, ref: 'Port' },
        """,
        "Trip": "boat: { type: mongoose.Types.ObjectId, ref: 'Boat', required: true }",
        "Port": "name: String",
        "Diary": "writer: { type: Schema.Types.ObjectId, ref: 'User', required: true }",
    }.items()
}

SQL = {
    "supabase/migrations/001.sql": """
        create table public.clubs (id uuid primary key default gen_random_uuid(), name text not null);
        CREATE TABLE IF NOT EXISTS "seats" (
          club_id uuid not null references public.clubs (id) on delete cascade,
          user_id uuid not null references auth.users (id),
          role text not null check (role in ('skipper', 'crew')),
          primary key (club_id, user_id)
        );
        create table boats (id uuid primary key, port_id uuid, length numeric(5, 2));
        create table ships (id uuid primary key, club_id uuid not null references clubs);
    """,
    "supabase/migrations/002.sql": """
        alter table boats add column club_id uuid not null references clubs (id), add column color text;
        create table trips (id uuid primary key, boat_id uuid not null, foreign key (boat_id) references boats (id));
        create table ports (id uuid primary key);
        alter table boats add constraint boats_port foreign key (port_id) references ports (id);
        create table diaries (id uuid primary key, writer_id uuid not null references auth.users (id));
        drop table ships;
    """,
}

TYPES = {
    "types/database.ts": """
        export type Database = {
          public: {
            Tables: {
              users: {
                Row: {
                  id: string
                }
                Relationships: []
              }
              clubs: {
                Row: {
                  id: string
                }
                Relationships: []
              }
              seats: {
                Row: {
                  club_id: string
                  role: string
                  user_id: string
                }
                Relationships: [
                  {
                    foreignKeyName: "seats_club_id_fkey"
                    columns: ["club_id"]
                    isOneToOne: false
                    referencedRelation: "clubs"
                    referencedColumns: ["id"]
                  },
                  {
                    foreignKeyName: "seats_user_id_fkey"
                    columns: ["user_id"]
                    isOneToOne: false
                    referencedRelation: "users"
                    referencedColumns: ["id"]
                  },
                ]
              }
              boats: {
                Row: {
                  club_id: string
                  id: string
                  port_id: string | null
                }
                Relationships: [
                  {
                    foreignKeyName: "boats_club_id_fkey"
                    columns: ["club_id"]
                    isOneToOne: false
                    referencedRelation: "clubs"
                    referencedColumns: ["id"]
                  },
                  {
                    foreignKeyName: "boats_port_id_fkey"
                    columns: ["port_id"]
                    isOneToOne: false
                    referencedRelation: "ports"
                    referencedColumns: ["id"]
                  },
                ]
              }
              trips: {
                Row: {
                  boat_id: string
                  id: string
                }
                Relationships: [
                  {
                    foreignKeyName: "trips_boat_id_fkey"
                    columns: ["boat_id"]
                    isOneToOne: false
                    referencedRelation: "boats"
                    referencedColumns: ["id"]
                  },
                ]
              }
              ports: {
                Row: {
                  id: string
                }
                Relationships: []
              }
              diaries: {
                Row: {
                  id: string
                  writer_id: string
                }
                Relationships: [
                  {
                    foreignKeyName: "diaries_writer_id_fkey"
                    columns: ["writer_id"]
                    isOneToOne: false
                    referencedRelation: "users"
                    referencedColumns: ["id"]
                  },
                ]
              }
            }
          }
        }
    """
}

TYPEORM = {
    f"entities/{name.lower()}.ts": f"""
        import {{ Column, Entity, JoinColumn, ManyToOne, OneToMany, PrimaryGeneratedColumn }} from 'typeorm'
        import {{ Boat, Club, Port, Seat, Trip, User }} from '.'

        @Entity({{ name: '{name.lower()}s' }})
        export class {name} extends BaseEntity {{
          @PrimaryGeneratedColumn('uuid')
          id!: string
          {fields}
          describe(): string {{ return `${{this.id}}: {{` }}
        }}
    """
    for name, fields in {
        "User": "@OneToMany(() => Seat, (seat) => seat.user) seats: Seat[]",
        "Club": "@Column({ length: 80 }) name: string",
        "Seat": """
            @ManyToOne(() => Club, (club) => club.seats, { onDelete: 'CASCADE' })
            @JoinColumn({ name: 'club_id' })
            club: Club
            @ManyToOne('User', { nullable: false }) // who sits there
            user: Relation<User>
            @Column({ type: 'enum', enum: ['skipper', 'crew'], default: 'crew' }) role: string
        """,
        "Boat": """
            @Column() clubId: string
            @ManyToOne(() => Club) @JoinColumn({ name: 'clubId' }) readonly club: Club
            @ManyToOne(() => Port, { nullable: true }) port: Port | null
            @OneToMany(() => Trip, (trip) => trip.boat) trips: Trip[]
        """,
        "Trip": "@ManyToOne((type) => Boat, (boat) => boat.trips) boat: Boat",
        "Port": "@Column('text', { nullable: true }) name?: string",
        "Diary": "@ManyToOne(() => User, { nullable: false }) @JoinColumn({ name: 'writer_id' }) writer: User",
    }.items()
}

SEQUELIZE = {
    "models/index.ts": """
        import { DataTypes, Model, Sequelize } from 'sequelize'
        const sequelize = new Sequelize(process.env.DATABASE_URL!)
        const id = { type: DataTypes.UUID, primaryKey: true }
        export const User = sequelize.define('User', { id, name: DataTypes.STRING })
        export const Club = sequelize.define('Club', { id }, { tableName: 'clubs' })
        export class Seat extends Model {}
        Seat.init({
          clubId: { type: DataTypes.UUID, allowNull: false, references: { model: 'clubs', key: 'id' } },
          userId: { type: DataTypes.UUID, allowNull: false, references: { model: User, key: 'id' } },
          role: DataTypes.STRING,
        }, { sequelize, modelName: 'Seat' })
        export const Boat = sequelize.define('Boat', { id, portId: DataTypes.UUID })
        export const Port = sequelize.define('Port', { id })
        export const Trip = sequelize.define('Trip', { id, boatId: { type: DataTypes.UUID, allowNull: false } })
        export const Diary = sequelize.define('Diary', { id })
        Boat.belongsTo(Club, { foreignKey: { name: 'clubId', allowNull: false }, as: 'club' })
        Boat.belongsTo(Port, { foreignKey: 'portId' })
        Boat.hasMany(Trip, { foreignKey: 'boatId' })
        Diary.belongsTo(User, { as: 'writer' })
    """
}

CONVEX = {
    "convex/schema.ts": """
        import { defineSchema, defineTable } from 'convex/server'
        import { v } from 'convex/values'
        const trip = { boatId: v.id('boats'), at: v.number() }
        const ports = defineTable({ name: v.string() })
        export default defineSchema({
          users: defineTable({ name: v.string(), clubs: v.array(v.id('clubs')) }).index('by_name', ['name']),
          clubs: defineTable({ name: v.string() }),
          seats: defineTable({ clubId: v.id('clubs'), userId: v.id('users'), role: v.string() }),
          boats: defineTable({ clubId: v.id('clubs'), portId: v.optional(v.id('ports')) }).index('c', ['clubId']),
          trips: defineTable(v.object(trip)),
          ports,
          diaries: defineTable({ writer: v.id('users') }),
        })
    """
}

PAYLOAD = {
    f"collections/{slug}.ts": f"""
        import type {{ CollectionConfig }} from 'payload'
        export const {slug.title()}: CollectionConfig = {{
          slug: '{slug}',
          {more}
          fields: [{{ name: 'name', type: 'text' }}, {fields}],
        }}
    """
    for slug, more, fields in (
        ("users", "auth: true,", ""),
        ("clubs", "access: { read: () => true },", ""),
        (
            "seats",
            "",
            "{ name: 'club', type: 'relationship', relationTo: 'clubs', required: true },"
            "{ name: 'user', type: 'relationship', relationTo: 'users', required: true },",
        ),
        (
            "boats",
            "",
            "{ type: 'row', fields: [{ name: 'club', type: 'relationship', relationTo: 'clubs', required: true }] },"
            "{ name: 'port', type: 'relationship', relationTo: 'ports' },",
        ),
        ("trips", "", "{ name: 'boat', type: 'relationship', relationTo: ['boats'], required: true },"),
        ("ports", "", ""),
        ("diaries", "", "{ name: 'writer', type: 'relationship', relationTo: 'users', required: true },"),
    )
}

KYSELY = {
    "db/types.ts": """
        import type { ColumnType, Generated } from 'kysely'

        export interface Database {
          'public.user': User
          club: Club
          seat: SeatTable
          boat: Boat
          trip: Trip
          port: Port
          diary: Diary
        }
        export interface User { id: Generated<string>; name: string | null }
        export interface Club { id: Generated<string>; created_at: ColumnType<Date, string | undefined, never> }
        interface SeatTable { club_id: string; user_id: string; role: 'skipper' | 'crew' }
        export interface Boat {
          id: Generated<string>
          club_id: string // of which club
          port_id: string | null
        }
        export type Trip = { id: Generated<string>; boat_id: string; meta: { port_id: string } }
        export interface Port { id: Generated<string> }
        export interface Diary { id: Generated<string>; user_id: string }
    """
}

FIRESTORE = {
    "firestore.rules": """
        rules_version = '2';
        service cloud.firestore {
          match /databases/{database}/documents {
            function isMember(club) {
              return exists(/databases/$(database)/documents/clubs/$(club)/seats/$(request.auth.uid));
            }
            match /users/{userId} {
              allow read, write: if request.auth.uid == userId; // { only their own
            }
            match /clubs/{clubId} {
              allow read: if isMember(clubId);
              match /seats/{seatId} {
                allow read: if request.auth.uid == resource.data.userId || isMember(clubId);
              }
              match /boats/{boatId} {
                allow read, write: if isMember(clubId);
                match /trips/{tripId} { allow read, write: if isMember(clubId); }
              }
            }
            match /ports/{portId} { allow read: if true; allow write: if false; }
            match /diaries/{diaryId} {
              allow read, update, delete: if request.auth.uid == resource.data.writerId;
              allow create: if request.auth.uid == request.resource.data.writerId;
            }
          }
        }
    """
}

SCHEMAS = {
    "Prisma": PRISMA,
    "Drizzle": DRIZZLE,
    "Mongoose": MONGOOSE,
    "SQL": SQL,
    "Supabase's types": TYPES,
    "TypeORM": TYPEORM,
    "Sequelize": SEQUELIZE,
    "Convex": CONVEX,
    "Payload": PAYLOAD,
    "Kysely": KYSELY,
    "Firestore": FIRESTORE,
}


def read(files: dict[str, str]) -> Ownership:
    """Whose the rows of the tables of some files are."""
    return ownership_of(Project(MemoryFiles({path: textwrap.dedent(text) for path, text in files.items()})))


def owner(ownership: Ownership, name: str) -> tuple[str, int] | None:
    """What a table's rows belong to in the end, in lower case and of one, and over how many references."""
    table = ownership.tables.get(name)
    assert table is not None, name
    found = ownership.owner(table)
    return (found.table.name.lower().removesuffix("s"), len(found.by)) if found is not None else None


@pytest.mark.parametrize("files", SCHEMAS.values(), ids=SCHEMAS.keys())
def test_a_schema_says_whose_the_rows_of_its_tables_are(files: dict[str, str]) -> None:
    ownership = read(files)
    names = ("club", "boat", "trip", "port", "diary", "seat")
    assert {name: owner(ownership, name) for name in names} == {
        "club": ("club", 0),
        "boat": ("club", 1),
        "trip": ("club", 2),
        "port": None,
        "diary": ("user", 1),
        "seat": ("club", 1),
    }


@pytest.mark.parametrize("files", SCHEMAS.values(), ids=SCHEMAS.keys())
def test_a_schema_says_who_is_somebody(files: dict[str, str]) -> None:
    ownership = read(files)
    people = [t for t in ownership.tables.all if ownership.names_a_person(t)]
    assert {t.name.lower().removesuffix("s") for t in people} == {"user", "seat"}


def test_what_code_is_written_against_comes_before_what_migrations_leave_behind() -> None:
    ownership = read({**PRISMA, "prisma/migrations/1/migration.sql": "create table old_boats (id uuid primary key);"})
    assert ownership.tables.get("old_boats") is None


def test_a_tree_without_a_schema_has_no_tables() -> None:
    assert not read({"app/page.tsx": "export default () => null"}).tables


def test_a_table_is_found_by_all_its_names() -> None:
    tables = read(PRISMA).tables
    assert {tables.get(name) for name in ("Seat", "seat", "club_seats", "clubSeat", "public.club_seats")} == {
        tables.get("seats")
    }


NAMED = {
    "clubId": "Club",
    "homeClubId": "Club",
    "boat_id": "Boat",
    "boatIds": "Boat",
    "granted_boat_uuids": "Boat",
    "boatUuid": "Boat",
    "boatID": "Boat",
    "boat": None,
    "paid": None,
    "grid": None,
    "id": None,
    "stripeId": None,
}


@pytest.mark.parametrize(("column", "table"), NAMED.items(), ids=NAMED.keys())
def test_a_column_names_a_table_by_its_last_words(column: str, table: str | None) -> None:
    found = read(PRISMA).tables.named_by(column)
    assert (found.name if found is not None else None) == table


def with_more(models: str) -> Ownership:
    """The tables of `PRISMA`, and these."""
    return read({**PRISMA, "prisma/more.prisma": models})


def test_who_made_a_row_does_not_own_it() -> None:
    ownership = with_more(
        """
        model Rule {
          id          String @id
          createdBy   User   @relation(fields: [createdById], references: [id])
          createdById String
          approver    User   @relation("approved", fields: [approverId], references: [id])
          approverId  String
        }
        """
    )
    assert owner(ownership, "Rule") is None


def test_what_a_row_uses_does_not_own_it() -> None:
    ownership = with_more(
        """
        model Icon {
          id      String @id
          owner   User   @relation(fields: [ownerId], references: [id])
          ownerId String
        }
        model Kind {
          id     String @id
          icon   Icon   @relation(fields: [iconId], references: [id])
          iconId String
        }
        """
    )
    assert owner(ownership, "Icon") == ("user", 1)
    assert owner(ownership, "Kind") is None


def test_what_people_do_with_something_makes_them_no_members_of_it() -> None:
    ownership = with_more(
        """
        model Recipe {
          id String @id
        }
        model RecipeFavorite {
          recipe   Recipe @relation(fields: [recipeId], references: [id])
          recipeId String
          user     User   @relation(fields: [userId], references: [id])
          userId   String
        }
        """
    )
    assert owner(ownership, "Recipe") is None


def test_tables_that_refer_to_each_other_in_a_circle_have_no_owner() -> None:
    ownership = with_more(
        """
        model Egg {
          id    String @id
          hen   Hen    @relation(fields: [henId], references: [id])
          henId String
        }
        model Hen {
          id    String @id
          egg   Egg    @relation(fields: [eggId], references: [id])
          eggId String
        }
        """
    )
    assert owner(ownership, "Egg") is None


def test_a_tenant_within_a_tenant_belongs_to_it() -> None:
    ownership = with_more(
        """
        model Crew {
          id     String @id
          club   Club   @relation(fields: [clubId], references: [id])
          clubId String
        }
        model CrewMember {
          crew   Crew   @relation(fields: [crewId], references: [id])
          crewId String
          user   User   @relation(fields: [userId], references: [id])
          userId String
        }
        """
    )
    assert owner(ownership, "Crew") == ("club", 1)


def test_a_school_that_most_tables_name_is_a_tenant_though_no_table_of_accounts_is_there() -> None:
    models = "\n".join(
        f"model {name} {{\n  id String @id\n  schoolId String\n"
        "  school School @relation(fields: [schoolId], references: [id])\n}"
        for name in ("Pupil", "Lesson", "Room")
    )
    ownership = read({"schema.prisma": f"model School {{\n  id String @id\n}}\n{models}"})
    assert owner(ownership, "Lesson") == ("school", 1)


@pytest.mark.parametrize("tenants", ["businesses", "facilities", "companies", "agencies", "families", "clinics"])
def test_tenants_are_known_by_what_a_table_of_them_all_is_called(tenants: str) -> None:
    ownership = read(
        {
            "db/schema.ts": f"""
                import {{ pgTable, text }} from 'drizzle-orm/pg-core'
                export const tenants = pgTable('{tenants}', {{ id: text('id').primaryKey() }})
                export const users = pgTable('users', {{
                  id: text('id').primaryKey(),
                  tenantId: text('tenant_id').references(() => tenants.id),
                }})
                export const rooms = pgTable('rooms', {{
                  id: text('id').primaryKey(),
                  tenantId: text('tenant_id').notNull().references(() => tenants.id),
                }})
            """
        }
    )
    assert owner(ownership, "rooms") is not None


def test_accounts_are_known_by_the_variable_that_holds_their_table() -> None:
    ownership = read({"db/schema.ts": DRIZZLE["db/schema.ts"].replace("pgTable('user'", "pgTable('crm_user'")})
    assert owner(ownership, "diary") == ("crm_user", 1)


def test_a_schema_without_people_and_tenants_tells_nothing_of_owners() -> None:
    assert read(PRISMA).tells
    assert not read({"schema.prisma": "model Post {\n  id String @id\n}"}).tells


def in_drizzle(tables: str) -> Ownership:
    """The tables of a Drizzle schema."""
    head = "import { boolean, pgTable, text, uuid } from 'drizzle-orm/pg-core'\n"
    return read({"db/schema.ts": head + textwrap.dedent(tables)})


def test_a_profile_is_a_parent_although_its_name_ends_as_that_of_a_file() -> None:
    ownership = in_drizzle(
        """
        export const profiles = pgTable('profiles', { id: uuid('id').primaryKey() })
        export const digs = pgTable('digs', { id: uuid('id'), userId: uuid('user_id').notNull() })
        """
    )
    assert owner(ownership, "digs") == ("profile", 1)


def test_accounts_that_a_service_keeps_own_what_names_them() -> None:
    ownership = in_drizzle(
        """
        export const lists = pgTable('lists', { id: uuid('id'), clerkUserId: text('clerk_user_id').notNull() })
        export const items = pgTable('items', { id: uuid('id'), listId: uuid('list_id').notNull() })
        export const kinds = pgTable('kinds', { id: uuid('id'), ownerId: text('owner_id') })
        """
    )
    assert (owner(ownership, "lists"), owner(ownership, "items")) == (("user", 1), ("user", 2))
    assert owner(ownership, "kinds") is None


def test_people_of_whom_each_row_says_which_account_of_a_service_it_is_are_accounts() -> None:
    ownership = in_drizzle(
        """
        export const user = pgTable('user', { id: text('id').primaryKey() })
        export const employees = pgTable('employees', { id: uuid('id'), authId: text('auth_id').notNull() })
        export const leaves = pgTable('leaves', {
          id: uuid('id'),
          employeeId: uuid('employee_id').notNull().references(() => employees.id),
        })
        """
    )
    assert owner(ownership, "leaves") == ("employee", 1)


def test_a_row_that_goes_with_another_one_or_is_called_a_part_of_it_belongs_to_it() -> None:
    ownership = in_drizzle(
        """
        export const users = pgTable('users', { id: uuid('id').primaryKey() })
        export const homes = pgTable('homes', { id: uuid('id'), userId: uuid('user_id').notNull() })
        export const rents = pgTable('rents', {
          id: uuid('id'),
          homeId: uuid('home_id').references(() => homes.id, { onDelete: 'cascade' }),
        })
        export const homePhotos = pgTable('home_photos', {
          id: uuid('id'),
          homeId: uuid('home_id').references(() => homes.id),
        })
        export const trips = pgTable('trips', { id: uuid('id'), homeId: uuid('home_id').references(() => homes.id) })
        """
    )
    assert {name: owner(ownership, name) for name in ("rents", "home_photos", "trips")} == {
        "rents": ("user", 2),
        "home_photos": ("user", 2),
        "trips": None,
    }


def test_what_is_called_a_part_of_a_file_belongs_to_it_and_what_uses_one_does_not() -> None:
    ownership = in_drizzle(
        """
        export const users = pgTable('users', { id: uuid('id').primaryKey() })
        export const jobFiles = pgTable('job_files', { id: uuid('id'), userId: uuid('user_id').notNull() })
        export const keys = pgTable('job_file_keys', { id: uuid('id'), jobFileId: uuid('job_file_id').notNull() })
        export const kinds = pgTable('kinds', { id: uuid('id'), jobFileId: uuid('job_file_id').notNull() })
        """
    )
    assert (owner(ownership, "job_file_keys"), owner(ownership, "kinds")) == (("user", 2), None)


def test_a_tenant_that_a_row_may_leave_open_is_its_own_where_it_is_named() -> None:
    ownership = in_drizzle(
        """
        export const orgs = pgTable('organizations', { id: uuid('id').primaryKey() })
        export const contexts = pgTable('contexts', { id: uuid('id'), organizationId: uuid('organization_id') })
        export const follows = pgTable('follows', { followerId: uuid('follower_id').notNull() })
        """
    )
    assert (owner(ownership, "contexts"), owner(ownership, "follows")) == (("organization", 1), ("user", 1))


def test_a_column_names_the_table_that_ends_as_it_says() -> None:
    ownership = in_drizzle(
        """
        export const org = pgTable('org', { id: uuid('id').primaryKey() })
        export const orgDataSource = pgTable('org_data_source', { id: uuid('id'), orgId: uuid('org_id').notNull() })
        export const scans = pgTable('scans', { id: uuid('id'), dataSourceId: uuid('data_source_id').notNull() })
        """
    )
    assert owner(ownership, "scans") == ("org", 2)


def test_two_libraries_may_state_one_table() -> None:
    tables = read({**PRISMA, **TYPEORM}).tables
    assert len([table for table in tables.all if table.name == "Boat"]) == 1


def test_what_an_organization_is_said_to_have_made_is_its_own() -> None:
    ownership = in_drizzle(
        """
        export const users = pgTable('users', { id: uuid('id').primaryKey() })
        export const orgs = pgTable('organizations', { id: uuid('id').primaryKey() })
        export const courses = pgTable('courses', {
          id: uuid('id'),
          title: text('title'),
          createdById: uuid('created_by_id').notNull().references(() => users.id),
          createdByOrgId: uuid('created_by_org_id').notNull().references(() => orgs.id),
        })
        export const lessons = pgTable('lessons', { id: uuid('id'), courseId: uuid('course_id').notNull() })
        """
    )
    assert (owner(ownership, "courses"), owner(ownership, "lessons")) == (("organization", 1), ("organization", 2))


def test_profiles_are_accounts_although_nothing_says_that_each_user_has_one() -> None:
    ownership = in_drizzle(
        """
        export const users = pgTable('users', { id: uuid('id').primaryKey() })
        export const profiles = pgTable('profiles', { id: uuid('id'), userId: uuid('user_id').notNull() })
        export const notes = pgTable('notes', { id: uuid('id'), profileId: uuid('profile_id').notNull() })
        """
    )
    assert owner(ownership, "notes") == ("profile", 1)


def test_organizations_in_which_nothing_lies_are_no_tenants() -> None:
    ownership = in_drizzle(
        """
        export const users = pgTable('users', { id: uuid('id').primaryKey() })
        export const organizations = pgTable('organizations', { id: uuid('id').primaryKey(), name: text('name') })
        export const projects = pgTable('projects', { id: uuid('id'), userId: uuid('user_id').notNull() })
        export const sponsors = pgTable('projects_organizations', {
          projectId: uuid('project_id').notNull().references(() => projects.id),
          organizationId: uuid('organization_id').notNull().references(() => organizations.id),
        })
        """
    )
    table = ownership.tables.get("organizations")
    assert table is not None
    assert not ownership.is_tenant(table)
    assert owner(ownership, "projects") == ("user", 1)


def test_a_row_lies_in_none_of_what_it_lists() -> None:
    ownership = in_drizzle(
        """
        export const users = pgTable('users', { id: uuid('id').primaryKey() })
        export const homes = pgTable('homes', { id: uuid('id'), userId: uuid('user_id').notNull() })
        export const grants = pgTable('grants', {
          id: uuid('id'),
          userId: uuid('user_id').notNull(),
          homeIds: uuid('home_ids').array().notNull(),
        })
        """
    )
    grants = ownership.tables.get("grants")
    assert grants is not None
    assert [reference.columns for reference in grants.references] == [("userId",)]
    assert not ownership.only_joins(grants)


@pytest.mark.parametrize(
    ("name", "clubs", "people"),
    [
        ("users_to_clubs", "clubs", "users"),
        ("clubs_on_users", "clubs", "users"),
        ("club_user_map", "clubs", "users"),
        ("userClubs", "clubs", "users"),
        ("clubs_users_link", "clubs", "users"),
        ("user_has_club", "clubs", "users"),
    ],
)
def test_who_stands_in_a_table_that_is_called_by_both_is_a_member(name: str, clubs: str, people: str) -> None:
    """Also where each half may be empty, and only goes when what it names goes."""
    ownership = in_drizzle(
        f"""
        export const users = pgTable('{people}', {{ id: uuid('id').primaryKey() }})
        export const clubs = pgTable('{clubs}', {{ id: uuid('id').primaryKey() }})
        export const joined = pgTable('{name}', {{
          userId: uuid('user_id').references(() => users.id, {{ onDelete: 'cascade' }}),
          clubId: uuid('club_id').references(() => clubs.id, {{ onDelete: 'cascade' }}),
        }})
        export const boats = pgTable('boats', {{
          id: uuid('id'),
          clubId: uuid('club_id').notNull().references(() => clubs.id),
        }})
        """
    )
    assert owner(ownership, "boats") == ("club", 1)


@pytest.mark.parametrize("name", ["users_like_clubs", "club_user_visits", "user_club_orders", "clubs_seen_by_users"])
def test_a_word_between_both_says_what_people_do_there(name: str) -> None:
    ownership = in_drizzle(
        f"""
        export const users = pgTable('users', {{ id: uuid('id').primaryKey() }})
        export const clubs = pgTable('clubs', {{ id: uuid('id').primaryKey() }})
        export const joined = pgTable('{name}', {{
          id: uuid('id').primaryKey(),
          userId: uuid('user_id').notNull().references(() => users.id),
          clubId: uuid('club_id').notNull().references(() => clubs.id),
          said: text('said').notNull(),
        }})
        export const reefs = pgTable('reefs', {{
          id: uuid('id'),
          clubId: uuid('club_id').notNull().references(() => clubs.id),
        }})
        """
    )
    assert owner(ownership, "reefs") is None


def in_mongoose(models: str) -> Ownership:
    """The tables of Mongoose's models."""
    head = "import { Schema, model } from 'mongoose'\n"
    people = "const User = model('User', new Schema({ email: String }))\n"
    return read({"models/index.ts": head + people + textwrap.dedent(models)})


@pytest.mark.parametrize(
    "members",
    [
        "members: [{ type: Schema.Types.ObjectId, ref: 'User' }]",
        "members: [{ user: { type: Schema.Types.ObjectId, ref: 'User' }, role: String }]",
        "memberIds: [{ type: Schema.Types.ObjectId, ref: User }]",
        "collaborators: { type: [{ type: Schema.Types.ObjectId, ref: 'User' }], default: [] }",
        "teamMembers: [{ type: Schema.Types.ObjectId, ref: () => User }]",
    ],
)
def test_what_names_its_members_is_shared_by_them(members: str) -> None:
    ownership = in_mongoose(
        f"""
        const Project = model('Project', new Schema({{ name: String, {members} }}))
        const Ticket = model('Ticket', new Schema({{
          project: {{ type: Schema.Types.ObjectId, ref: 'Project', required: true }},
        }}))
        """
    )
    assert owner(ownership, "Ticket") == ("project", 1)


@pytest.mark.parametrize("listed", ["likes", "viewers", "speakers", "watchedBy", "attendees"])
def test_a_list_of_people_that_are_no_members_shares_nothing(listed: str) -> None:
    ownership = in_mongoose(
        f"""
        const Talk = model('Talk', new Schema({{ {listed}: [{{ type: Schema.Types.ObjectId, ref: 'User' }}] }}))
        const Slide = model('Slide', new Schema({{
          talk: {{ type: Schema.Types.ObjectId, ref: 'Talk', required: true }},
        }}))
        """
    )
    assert owner(ownership, "Slide") is None


@pytest.mark.parametrize("ref", ["'User'", "User", "User.modelName", "() => User", "() => 'User'"])
def test_a_reference_names_its_model_in_all_the_ways_that_mongoose_takes(ref: str) -> None:
    ownership = in_mongoose(
        f"""
        const Note = model('Note', new Schema({{
          of: {{ type: Schema.Types.ObjectId, ref: {ref}, required: true }},
        }}))
        """
    )
    assert owner(ownership, "Note") == ("user", 1)


def in_prisma(of_group: str, of_user: str, *, name: str = "Circle") -> Ownership:
    """A table that lists users, users that may list it, and what lies in it."""
    return read(
        {
            "prisma/schema.prisma": f"""
                model User {{
                  id    String @id
                  email String
                  {of_user}
                }}
                model {name} {{
                  id    String @id
                  title String
                  {of_group}
                  bills Bill[]
                }}
                model Bill {{
                  id       String  @id
                  amount   Int
                  circleId String?
                  circle   {name}? @relation(fields: [circleId], references: [id], onDelete: Cascade)
                }}
            """
        }
    )


@pytest.mark.parametrize(
    ("of_group", "of_user"),
    [
        ("users User[]", "circles Circle[]"),
        ('users User[] @relation("part")', 'circles Circle[] @relation("part")'),
        ("people User[]", "circles Circle[]"),
        ("users User[]", "memberOf Circle[]"),
        ("members User[]", "circles Circle[]"),
    ],
)
def test_what_lists_its_users_is_shared_by_those_who_are_in_several(of_group: str, of_user: str) -> None:
    assert owner(in_prisma(of_group, of_user), "Bill") == ("circle", 1)


@pytest.mark.parametrize(
    ("of_group", "of_user", "name"),
    [
        ("users User[]", "circleId String\n circle Circle @relation(fields: [circleId], references: [id])", "Circle"),
        ("likedBy User[]", "liked Circle[]", "Circle"),
        ("followers User[]", "follows Circle[]", "Circle"),
        ("users User[]", "roles UserRole[]", "UserRole"),
        ("", "", "Circle"),
    ],
)
def test_a_kind_of_users_or_what_they_like_is_not_shared_by_them(of_group: str, of_user: str, name: str) -> None:
    assert owner(in_prisma(of_group, of_user, name=name), "Bill") is None
