"""Columns of SQL files that are called like a word of the language, and constraints that only look like columns."""

from __future__ import annotations

import pytest

from preship.analyzers.schema.sql import tables_of


def columns_of(body: str) -> tuple[str, ...]:
    (table,) = tables_of([("schema.sql", f"CREATE TABLE settings ({body});")])
    return table.columns


@pytest.mark.parametrize(
    ("body", "columns"),
    [
        ("key text primary key, value jsonb", ("key", "value")),
        ('"key" TEXT NOT NULL, "index" INTEGER, CONSTRAINT "pk" PRIMARY KEY ("key")', ("key", "index")),
        ("key varchar(255) not null, index numeric(10, 2)", ("key", "index")),
        ('"check" boolean, "like" int, "primary" boolean, "unique" text', ("check", "like", "primary", "unique")),
        ('key "SettingKey" not null', ("key",)),
        ("days int[] default array[2, 4], name text", ("days", "name")),
    ],
)
def test_a_column_may_be_called_like_a_word_of_the_language(body: str, columns: tuple[str, ...]) -> None:
    assert columns_of(body) == columns


@pytest.mark.parametrize(
    "constraint",
    [
        "key by_name (name)",
        "index (name)",
        "key by_name using btree (name)",
        "index by_start (name(20))",
        "unique key by_name (name)",
        "primary key (id, name)",
        "check (id > 0)",
        "unique (name)",
        "like other including all",
        "exclude using gist (name with =)",
    ],
)
def test_a_constraint_is_no_column(constraint: str) -> None:
    assert columns_of(f"id int, name text, {constraint}") == ("id", "name")


def test_a_column_called_key_is_added_later() -> None:
    (table,) = tables_of([("a.sql", 'create table t (id int); alter table t add column "key" text, add index (id)')])
    assert table.columns == ("id", "key")


def test_a_table_that_ends_in_the_middle_is_read_as_far_as_it_goes() -> None:
    (table,) = tables_of([("a.sql", "create table t (id int, key (")])
    assert table.columns == ("id",)
