"""Parameters in whose place no request can send what their types ask for."""

from __future__ import annotations

import pytest

from tests.analyzers.running import run


def unsendable(*parameters: str) -> str | None:
    """What no request can send of the parameters of an action."""
    code = f"'use server'\nexport async function act({', '.join(parameters)}) {{}}"
    return run(code)["act"].unsendable


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        (("tx: Prisma.TransactionClient", "id: string"), "tx"),
        (("id: string", "db: PrismaClient"), "db"),
        (("supabase: SupabaseClient<Database>",), "supabase"),
        (("run: (id: string) => Promise<void>",), "run"),
        (("tx: PgTransaction<any, any, any>",), "tx"),
        (("client: typeof db",), "client"),
        (("supabase: Awaited<ReturnType<typeof createClient>>",), "supabase"),
        (("{ client, id }: { client: typeof db; id: string }",), "argument 1"),
        (("session: ClientSession",), "session"),
        (("request: NextRequest",), "request"),
    ],
)
def test_what_only_runs_where_it_was_made_cannot_be_sent(parameters: tuple[str, ...], name: str) -> None:
    assert unsendable(*parameters) == name


@pytest.mark.parametrize(
    "parameter",
    [
        "id: string",
        "tx?: Prisma.TransactionClient",
        "db: PrismaClient = prisma",
        "client: NewClient",
        "transaction: BankTransaction",
        "data: { name: string; at: Date }",
        "formData: FormData",
        "{ db }: { db: string }",
        "run: () => void = () => {}",
        "input",
        "input: z.infer<typeof customerSchema>",
        "input: Readonly<z.output<typeof customerSchema>> & { actor: string }",
        "input: v.InferInput<typeof CustomerSchema>[]",
        "values: typeof customers.$inferInsert",
        "values: InferSelectModel<typeof customers>",
        "role: (typeof ROLES)[number]",
        "status: keyof typeof STATUSES",
        "kind: (typeof KINDS)[keyof typeof KINDS]",
        "values: Prisma.CustomerGetPayload<typeof withOrders>",
        "found: Awaited<ReturnType<typeof getCustomer>>",
    ],
)
def test_data_can_and_what_may_be_left_out_need_not(parameter: str) -> None:
    assert unsendable(parameter) is None
