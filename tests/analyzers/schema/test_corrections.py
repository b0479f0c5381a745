"""What people say of their tables goes before what the schema shows."""

from __future__ import annotations

import textwrap

import pytest

from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Project
from preship.analyzers.schema.corrections import Correction, Rows
from preship.analyzers.schema.graph import Ownership
from preship.analyzers.schema.reading import ownership_of

SCHEMA = """
    model User {
      id String @id
    }
    model Guild {
      id String @id
    }
    model Kind {
      id      String @id
      ownerId String
      owner   User   @relation(fields: [ownerId], references: [id])
    }
    model Task {
      id      String @id
      kindId  String
      kind    Kind   @relation(fields: [kindId], references: [id])
      guildId String?
      guild   Guild? @relation(fields: [guildId], references: [id])
      groupId String?
    }
    model Wizard {
      id String @id
    }
"""


def corrected(*corrections: Correction) -> Ownership:
    return ownership_of(Project(MemoryFiles({"schema.prisma": textwrap.dedent(SCHEMA)})), corrections)


def owner(ownership: Ownership, name: str) -> tuple[str, tuple[str, ...]] | None:
    table = ownership.tables.get(name)
    assert table is not None
    found = ownership.owner(table)
    return (found.table.name, tuple(r.columns[0] for r in found.by)) if found is not None else None


@pytest.mark.parametrize(
    ("corrections", "expected"),
    [
        ((), ("User", ("kindId", "ownerId"))),
        ((Correction("kinds", Rows.REFERENCE),), None),
        ((Correction("Task", column="guildId"), Correction("Guild", Rows.TENANT)), ("Guild", ("guildId",))),
        ((Correction("Task", column="guild"), Correction("Guild", Rows.TENANT)), ("Guild", ("guildId",))),
        (
            (Correction("Task", column="groupId", of="Wizard"), Correction("Wizard", Rows.ACCOUNT)),
            ("Wizard", ("groupId",)),
        ),
        ((Correction("Task", column="nothing"),), ("User", ("kindId", "ownerId"))),
        ((Correction("Nothing", Rows.REFERENCE),), ("User", ("kindId", "ownerId"))),
    ],
)
def test_people_say_whose_the_rows_of_a_table_are(
    corrections: tuple[Correction, ...], expected: tuple[str, tuple[str, ...]] | None
) -> None:
    assert owner(corrected(*corrections), "Task") == expected


def test_what_people_call_published_may_be_for_everybody_and_stays_somebodys() -> None:
    ownership = corrected(Correction("Task", Rows.PUBLISHED))
    task = ownership.tables.get("Task")
    assert task is not None
    assert ownership.publication(task) == "the configuration"
    assert owner(ownership, "Task") == ("User", ("kindId", "ownerId"))


def test_who_is_no_account_is_none() -> None:
    user = (ownership := corrected(Correction("User", Rows.REFERENCE))).tables.get("User")
    assert user is not None
    assert not ownership.is_account(user)
    assert owner(ownership, "Task") is None
