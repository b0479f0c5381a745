"""Genkit: a flow parses what it is given, and does what its function does."""

from __future__ import annotations

from preship.analyzers.actions.facts import ActionFacts
from tests.analyzers.flow.test_guards import LIBRARY
from tests.analyzers.running import effects, run

GENKIT = "import { genkit } from 'genkit'\nexport const ai = genkit({ plugins: [] })"


def advise(flow: str) -> ActionFacts:
    """The action that calls a flow with what it was sent."""
    code = f"""
        'use server'
        import {{ z }} from 'genkit'
        import {{ ai }} from '../lib/ai'
        import {{ prisma }} from '../lib/prisma'

        {flow}
        export async function advise(input) {{ return adviseFlow(input) }}
    """
    return run({"app/actions.ts": code, "lib/ai.ts": GENKIT, **LIBRARY})["advise"]


def test_a_flow_parses_its_input_and_runs_its_function() -> None:
    facts = advise("""
        const adviseFlow = ai.defineFlow(
          {
            name: 'advise',
            inputSchema: z.object({ userId: z.string() }),
            outputSchema: z.object({ text: z.string() }),
          },
          async (input) => {
            const user = await prisma.user.findUnique({ where: { id: input.userId } })
            const { output } = await ai.generate({ prompt: user.name })
            return output
          },
        )
    """)
    assert effects(facts) == ["read user: Valid", "fetch a language model: Valid"]
    assert list(facts.unvalidated()) == []
    assert list(facts.raw_records()) == []


def test_a_flow_without_a_schema_takes_what_comes() -> None:
    facts = advise("""
        const adviseFlow = ai.defineFlow('advise', async (id) => prisma.user.findUnique({ where: { id } }))
    """)
    assert [str(found.inputs[0].parameter) for found in facts.unvalidated()] == ["input"]


def test_a_prompt_asks_the_model_with_what_its_schema_admits() -> None:
    facts = advise("""
        const prompt = ai.definePrompt({ name: 'p', input: { schema: z.object({ question: z.string() }) }, prompt: '' })
        const adviseFlow = ai.defineFlow({ name: 'advise' }, async (input) => {
          const { output } = await prompt(input)
          return output
        })
    """)
    assert effects(facts) == ["fetch a language model: Valid"]
    assert list(facts.unvalidated()) == []
