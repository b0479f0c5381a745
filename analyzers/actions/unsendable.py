"""Arguments that no request can carry: a client, a transaction, a callback, the request itself.

Whoever calls over the network sends plain data in their place, and the first use of one fails.
https://react.dev/reference/rsc/use-server#serializable-parameters-and-return-values
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LIVE = re.compile(
    r"=>|\b(typeof\s+\w+|Function|AbortSignal|(Next)?Request|(Next)?Response"
    r"|(Transaction|Prisma|Supabase|Mongo|Pool|Redis)Client|ClientSession|PoolConnection|EntityManager|QueryRunner"
    r"|(Pg|MySql|SQLite)Transaction|(NodePg|PostgresJs|Neon|NeonHttp|LibSQL|MySql2?|BetterSQLite3|Pg)Database"
    r"|DrizzleD1Database|Kysely|Knex|Sequelize)\b"
)
"""Types of what only runs in the process that made it: functions, requests, and what drivers call their clients."""


def first_unsendable(parameters: Iterable[str]) -> str | None:
    """The first parameter, as it is called, in whose place no request can send what its type asks for."""
    for written in parameters:
        name, _, annotation = written.partition(":")
        is_left_out = name.rstrip().endswith("?") or "=" in annotation.replace("=>", "")
        if not is_left_out and LIVE.search(annotation):
            return name.strip()
    return None
