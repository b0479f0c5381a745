"""All conventions, in the order of their ids."""

from __future__ import annotations

from preship.analyzers.conventions import (
    browsers,
    contact,
    fields,
    keys,
    permissions,
    privileges,
    requests,
    roles,
    routes,
    secrets,
    sessions,
    settings,
    tables,
)
from preship.analyzers.conventions.form import Convention

_MODULES = (
    browsers,
    contact,
    fields,
    keys,
    permissions,
    privileges,
    requests,
    roles,
    routes,
    secrets,
    sessions,
    settings,
    tables,
)

CONVENTIONS = {
    each.id: each
    for each in sorted(
        (value for module in _MODULES for value in vars(module).values() if isinstance(value, Convention)),
        key=lambda convention: convention.id,
    )
}
"""By their ids."""
