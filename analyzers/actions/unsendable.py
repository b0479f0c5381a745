"""Arguments that no request can carry: a client, a transaction, a callback, the request itself.

Whoever calls over the network sends plain data in their place, and the first use of one fails.
https://react.dev/reference/rsc/use-server#serializable-parameters-and-return-values
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from preship.analyzers.actions.parameters import DeclaredParameter
from preship.analyzers.conventions.requests import LIVE_VALUE

LIVE = re.compile(
    r"=>|\b(Function|AbortSignal|(Next)?Request|(Next)?Response"
    r"|(Transaction|Prisma|Supabase|Mongo|Pool|Redis)Client|ClientSession|PoolConnection|EntityManager|QueryRunner"
    r"|(Pg|MySql|SQLite)Transaction|(NodePg|PostgresJs|Neon|NeonHttp|LibSQL|MySql2?|BetterSQLite3|Pg)Database"
    r"|DrizzleD1Database|Kysely|Knex|Sequelize)\b"
)
"""Types of what only runs in the process that made it: functions, requests, and what drivers call their clients."""

TYPE_OF = re.compile(r"(?<!keyof )\btypeof\s+(\w+)\b(?!\s*\.)")
"""A value whose type is meant. What a schema, a table or a list describes is data, and so is what stands in one."""


def first_unsendable(parameters: Iterable[DeclaredParameter]) -> str | None:
    """The first parameter, as it is called, in whose place no request can send what its type asks for."""
    for declared in parameters:
        if not declared.may_be_left_out and is_live(declared.type_text):
            return declared.label
    return None


def is_live(annotation: str) -> bool:
    """Whether a type is of what only runs in the process that made it."""
    return LIVE.search(annotation) is not None or any(map(LIVE_VALUE.matches, TYPE_OF.findall(annotation)))
