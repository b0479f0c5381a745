"""Which permission an action names where it asks for one."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.matrix import permissions_named, singular
from preship.analyzers.codebase import codebase_of
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Parsed
from tests.analyzers.running import files_of


def named_by(line: str, made_by: str = "") -> list[str]:
    """The permissions that an action with this line names: what of, and what it allows."""
    end = ")" if made_by else ""
    tree = codebase_of(
        MemoryFiles(
            files_of(f"""
                'use server'
                export const act = {made_by}async (id, role, user, ability) => {{
                  {line}
                }}{end}
            """)
        ),
        Parsed(),
    )
    (action,) = tree.actions("app/actions.ts")
    return [f"{p.resource}: {' '.join(sorted(p.operations))}" for p in permissions_named(action)]


DELETES = ["client: delete write"]


@pytest.mark.parametrize(
    "line",
    [
        "if (!MATRIX.admin.clients.includes('delete')) return",
        "if (!can(user, 'client:delete')) return",
        "await requirePermission('clients.delete')",
        "if (!hasPermission(role, 'delete_client')) return",
        "if (ability.cannot('delete', 'Client')) return",
        "await requirePermission(Permissions.CLIENT_DELETE)",
        "await auth.api.userHasPermission({ body: { permissions: { client: ['delete'] } } })",
        "throwIfNoPermission({ role, requiredPermissions: ['clients.delete'] })",
    ],
)
def test_a_permission_is_named_in_many_ways(line: str) -> None:
    assert named_by(line) == DELETES


def test_a_wrapper_is_given_the_permission() -> None:
    assert named_by("return id", "withPermission('clients.delete', ") == DELETES
    assert named_by("return id", "client.metadata({ permission: 'clients.delete' }).action(") == DELETES


@pytest.mark.parametrize(
    "line",
    [
        "revalidatePath('/clients/delete')",
        "await log('clients.delete')",
        "await checkout({ event: 'delete-client' })",
        "t('clients.delete')",
        "await requireRole('admin')",
        "if (!can(user, 'clients.read')) return",
    ],
)
def test_what_asks_for_no_change_names_none(line: str) -> None:
    assert named_by(line) == []


def test_what_a_wrapper_is_called_in_the_logs_is_no_permission() -> None:
    assert named_by("return id", "client.metadata({ name: 'delete-client' }).action(") == []


def test_one_table_has_many_spellings() -> None:
    assert {singular(name) for name in ("OAuthApp", "oauth_apps", "oAuthApps")} == {"oauthapp"}
    assert {singular(name) for name in ("categories", "Category")} == {"category"}
