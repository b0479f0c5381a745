"""No text makes a reader of schemas fail, or take its time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Project
from preship.analyzers.schema.reading import ownership_of

BEGINNINGS = {
    "schema.prisma": "model A {",
    "db/1.sql": "create table a (",
    "db/schema.ts": "import { pgTable } from 'drizzle-orm/pg-core'\nexport const a = pgTable('a', {",
    "models/a.ts": "import mongoose from 'mongoose'\nexport const A = mongoose.model('A', new Schema({",
    "convex/schema.ts": "export default defineSchema({ a: defineTable({",
    "models/b.ts": "import { Model } from 'sequelize'\nexport const B = sequelize.define('B', {",
    "collections/a.ts": "export const A: CollectionConfig = { slug: 'a', fields: [{",
    "entities/a.ts": "@Entity()\nexport class A {\n  @ManyToOne(",
    "db/types.ts": "import { Generated } from 'kysely'\nexport interface A {",
    "firestore.rules": "service cloud.firestore { match /a/{b} {",
}
PARTS = (
    "match /a/{b} {",
    "interface A {",
    "@Entity() class A {",
    "@Column(",
    "a: B;",
    "{",
    "(",
    "'",
    "}",
    ")",
    "\n",
    ",",
)


@given(st.sampled_from(sorted(BEGINNINGS)), st.lists(st.sampled_from(PARTS), max_size=20))
def test_no_text_stops_a_reader(path: str, parts: list[str]) -> None:
    ownership_of(Project(MemoryFiles({path: BEGINNINGS[path] + " ".join(parts)})))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("path", ["db/types.ts", "entities/a.ts", "firestore.rules"])
def test_a_text_of_one_part_without_end_is_read_as_any_other(path: str, part: str) -> None:
    tables = ownership_of(Project(MemoryFiles({path: BEGINNINGS[path] + part * 20_000}))).tables
    assert len(tables.all) < 10
