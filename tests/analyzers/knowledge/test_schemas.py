"""Schema libraries: what parsing keeps, drops and proves."""

from __future__ import annotations

import pytest

from tests.analyzers.knowledge.shown import shown
from tests.analyzers.running import effects, run

PRISMA = """
    import { PrismaClient } from '@prisma/client'
    export const prisma = new PrismaClient()
"""


def written(code: str) -> str:
    """The data that the action `save` writes."""
    actions = run({"lib/prisma.ts": PRISMA, "app/actions.ts": code})
    return shown(actions["save"].touching_effects()[-1].data)


def action(imports: str, schema: str, parse: str) -> str:
    """An action that parses its input and writes what came of it."""
    return f"""
'use server'
{imports}
import {{ prisma }} from '../lib/prisma'
{schema}
export async function save(input) {{
  {parse}
  await prisma.post.create({{ data: post }})
}}
"""


Z = "import { z } from 'zod'"


@pytest.mark.parametrize(
    ("schema", "data"),
    [
        ("z.object({ title: z.string() })", "{title: input.title!}"),
        ("z.strictObject({ a: z.coerce.number() })", "{a: input.a!}"),
        ("z.object({ title: z.string() }).passthrough()", "{title: input.title!, ...input}"),
        ("z.looseObject({ title: z.string() }).strip()", "{title: input.title!}"),
        ("z.object({ a: z.any() }).extend({ b: z.enum(['x']) })", "{a: input.a!, b: input.b!}"),
        ("z.object({ a: z.string(), role: z.string() }).omit({ role: true })", "{a: input.a!}"),
        ("z.object({ a: z.string(), b: z.string() }).pick({ b: true }).partial()", "{b: input.b!}"),
        ("z.object({ a: z.string() }).refine((v) => v.a)", "{a: input.a!}"),
        ("z.object({ tags: z.array(z.object({ id: z.string() })) })", "{tags: [{id: input.tags.id!}]}"),
        ("z.object({ a: z.string().transform((v) => ({ slug: v })) })", "{a: {slug: input.a!}}"),
        ("z.object({ on: z.boolean().default(false) })", "{on: False | input.on!}"),
        ("z.object({ a: z.object({ b: z.string() }).optional() })", "{a: undefined | {b: input.a.b!}}"),
        ("z.object({ a: z.string() }).and(z.object({ b: z.string() }))", "{a: input.a!, b: input.b!}"),
        ("z.union([z.object({ a: z.string() }), z.object({ b: z.date() })])", "{a: input.a!} | {b: input.b!}"),
        ("z.record(z.string(), z.any())", "input!"),
        ("z.preprocess((v) => ({ a: v }), z.object({ a: z.string() }))", "{a: input!}"),
    ],
)
def test_zod_keeps_the_keys_that_a_schema_names(schema: str, data: str) -> None:
    assert written(action(Z, f"const S = {schema}", "const post = S.parse(input)")) == data


@pytest.mark.parametrize(
    ("imports", "schema", "parse", "data"),
    [
        (
            "import * as v from 'valibot'",
            "const S = v.pipe(v.object({ a: v.pipe(v.string(), v.email()), b: v.optional(v.date(), 1) }), v.check(f))",
            "const post = v.parse(S, input)",
            "{a: input.a!, b: 1 | input.b!}",
        ),
        (
            "import * as yup from 'yup'",
            "const S = yup.object({ a: yup.string().required() })",
            "const post = await S.validate(input)",
            "{a: input.a!, ...input}",
        ),
        (
            "import { object, string } from 'yup'",
            "const S = object().shape({ a: string().required() })",
            "const post = await S.validate(input, { stripUnknown: true })",
            "{a: input.a!}",
        ),
        (
            "import Joi from 'joi'",
            "const S = Joi.object({ a: Joi.string().min(3).required() })",
            "const { error, value: post } = S.validate(input); if (error) return",
            "{a: input.a!}",
        ),
        (
            "import { object, string, create } from 'superstruct'",
            "const S = object({ a: string() })",
            "const post = create(input, S)",
            "{a: input.a!}",
        ),
        (
            "import { type } from 'arktype'",
            "const S = type({ a: 'string', 'b?': 'number' })",
            "const post = S(input); if (post instanceof type.errors) return",
            "{a: input.a!, b: input.b!, ...input}",
        ),
        (
            "import { Type } from '@sinclair/typebox'; import { Value } from '@sinclair/typebox/value'",
            "const S = Type.Object({ a: Type.String() })",
            "const post = Value.Parse(S, input)",
            "{a: input.a!}",
        ),
        (
            "import { parseWithZod } from '@conform-to/zod'; import { z } from 'zod'",
            "const S = z.object({ a: z.string() })",
            "const sent = parseWithZod(input, { schema: S }); if (sent.status !== 'success') return sent.reply()\n"
            "  const post = sent.value",
            "{a: input.a!}",
        ),
        (
            "import { zfd } from 'zod-form-data'; import { z } from 'zod'",
            "const S = zfd.formData({ a: zfd.text(z.string().max(9)), n: zfd.numeric() })",
            "const post = S.parse(input)",
            "{a: input.a!, n: input.n!}",
        ),
        (
            "import { createInsertSchema } from 'drizzle-zod'; import { posts } from '../lib/schema'",
            "const S = createInsertSchema(posts).pick({ title: true })",
            "const post = S.parse(input)",
            "{title: input.title!}",
        ),
        (
            "import { createInsertSchema } from 'drizzle-zod'; import { posts } from '../lib/schema'",
            "const S = createInsertSchema(posts)",
            "const post = S.parse(input)",
            "input!",
        ),
    ],
)
def test_other_libraries_keep_what_they_keep(imports: str, schema: str, parse: str, data: str) -> None:
    assert written(action(imports, schema, parse)) == data


def test_what_was_not_taken_from_the_result_is_not_checked() -> None:
    code = action(
        Z, "const S = z.object({ a: z.string() })", "if (!S.safeParse(input).success) return; const post = input"
    )
    assert written(code) == "input"


def test_a_failed_parse_that_goes_on_is_no_check() -> None:
    actions = run(
        {
            "lib/prisma.ts": PRISMA,
            "app/actions.ts": """
                'use server'
                import { z } from 'zod'
                import { prisma } from '../lib/prisma'
                const S = z.object({ id: z.string() })
                export async function careful(form: FormData) {
                  const parsed = S.safeParse(Object.fromEntries(form))
                  if (!parsed.success) return { errors: z.flattenError(parsed.error) }
                  await prisma.post.delete({ where: { id: parsed.data.id } })
                }
                export async function careless(form: FormData) {
                  const parsed = S.safeParse(Object.fromEntries(form))
                  if (!parsed.success) console.error(parsed.error)
                  await prisma.post.delete({ where: { id: form.get('id') } })
                }
            """,
        }
    )
    assert effects(actions["careful"]) == ["delete post: Valid"]
    assert effects(actions["careless"]) == ["delete post"]


def test_a_refinement_that_asks_the_database_is_seen() -> None:
    actions = run(
        {
            "lib/prisma.ts": PRISMA,
            "app/actions.ts": """
                'use server'
                import { z } from 'zod'
                import { prisma } from '../lib/prisma'
                const S = z.object({
                  slug: z.string().refine(async (slug) => !(await prisma.post.findUnique({ where: { slug } }))),
                })
                export async function save(input: unknown) {
                  const data = await S.parseAsync(input)
                  await prisma.post.create({ data })
                }
            """,
        }
    )
    assert effects(actions["save"]) == ["read post", "insert post: Valid"]


def test_a_schema_reads_what_the_getters_of_an_instance_give() -> None:
    code = """
        'use server'
        import { PrismaClient } from '@prisma/client'
        import { z } from 'zod'
        const prisma = new PrismaClient()
        const schema = z.object({ team: z.object({ isOpen: z.function().args(z.string()) }) })
        class Access { get team() { return { isOpen: (id: string) => id === 'open' } } }

        export async function remove(id: string) {
          const access = schema.parse(new Access())
          if (!access.team.isOpen(id)) throw new Error('no')
          await prisma.post.delete({ where: { id } })
        }
    """
    assert [e.target for e in run(code)["remove"].touching_effects()] == ["post"]
