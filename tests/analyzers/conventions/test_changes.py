"""What a repository says of its names counts before the pattern of a convention does, for its own analysis alone."""

from __future__ import annotations

import pytest

from preship.analyzers.analysis import scan
from preship.analyzers.conventions.changes import Change, in_force
from preship.analyzers.conventions.contact import CONTACT_FIELD
from preship.analyzers.conventions.permissions import ROLE_COMPONENT
from preship.analyzers.conventions.tables import TENANT_TABLE
from preship.analyzers.policy import Policy
from preship.analyzers.project.memory import MemoryFiles

FORM = MemoryFiles(
    {
        "app/actions.ts": """
            'use server'
            import { PrismaClient } from '@prisma/client'
            const db = new PrismaClient()
            export async function contact(form: FormData) {
              await db.enquiry.create({ data: { rueckruf: String(form.get('rueckruf')) } })
            }
            export async function newsletter(email: string) {
              await db.subscriber.create({ data: { email: String(email) } })
            }
        """,
    }
)


def reported(*changes: Change) -> dict[str | None, bool]:
    found = scan(FORM, Policy(conventions=changes))
    return {each.name: any(f.rule == "missing-authentication" for f in each.findings) for each in found.actions}


def test_a_name_that_follows_a_convention_here_is_taken_for_what_it_means() -> None:
    assert reported() == {"contact": True, "newsletter": False}
    assert reported(Change("contact-field", also=("rueckruf",))) == {"contact": False, "newsletter": False}


def test_a_name_that_never_follows_a_convention_here_is_not_taken_for_it() -> None:
    assert reported(Change("contact-field", never=("e-mail",))) == {"contact": True, "newsletter": True}


def test_what_one_repository_says_is_gone_for_the_next() -> None:
    with in_force((Change("contact-field", also=("rueckruf",)),)):
        assert CONTACT_FIELD.matches("rueckruf")
    assert not CONTACT_FIELD.matches("rueckruf")


@pytest.mark.parametrize("name", ["mandant", "Mandant", "public.mandant", "man_dant", "man-dant"])
def test_case_and_what_parts_words_do_not_count(name: str) -> None:
    with in_force((Change("tenant-table", also=("Man_Dant",)),)):
        assert TENANT_TABLE.matches(name)


@pytest.mark.parametrize(("name", "follows"), [("praxisstandort", True), ("praxis", True), ("hauspraxis", False)])
def test_a_star_stands_for_any_letters(name: str, follows: bool) -> None:
    with in_force((Change("tenant-table", also=("praxis*",)),)):
        assert TENANT_TABLE.matches(name) is follows


def test_never_counts_before_also() -> None:
    with in_force((Change("tenant-table", also=("praxis*",), never=("praxisteam",)),)):
        assert not TENANT_TABLE.matches("praxisteam")


def test_a_component_of_ones_own_is_for_those_whom_its_name_says() -> None:
    with in_force((Change("role-component", also=("Leitung",), never=("StaffGuard",)),)):
        assert ROLE_COMPONENT.word_in("Leitung") == "Leitung"
        assert ROLE_COMPONENT.word_in("AdminOnly") == "Admin"
        assert ROLE_COMPONENT.word_in("StaffGuard") is None
