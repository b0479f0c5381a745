"""What a review may cost: hostile code ends in time, says so, and takes nothing from what stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from preship.analyzers.analysis import Analysis, Answer, FileChange, JudgedAction, Policy, review, scan
from preship.analyzers.codebase import codebase_of, deep_recursion
from preship.analyzers.flow.interpreter import LEAST_STEPS, STEPS_OF_AN_ACTION
from preship.analyzers.flow.values import MOST_PARTS
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Parsed

HEAD = "'use server'\nimport { db } from '../lib/db'\nimport { track } from 'tracker'\n\n"
LIBRARY = {"lib/db.ts": "import { PrismaClient } from '@prisma/client'\nexport const db = new PrismaClient()\n"}
WIPE = "export async function wipe(id: string) {\n  await db.post.delete({ where: { id } })\n}\n"


def lines(*parts: str) -> str:
    """Statements, each on its line."""
    return "\n".join(parts)


BRANCHING = lines(
    *(
        lines(
            f"const step{n} = (x: any) => {{",
            f"  const p = step{n + 1}([x, form])",
            f"  return p ? step{n + 1}({{ x }}) : p",
            "}",
        )
        for n in range(25)
    ),
    "let last: any",
    "const step25 = (x: any) => (last = [last, x])",
    "step0(form)",
)
"""A hundred lines, of which each function runs the next one twice, and the last keeps what it is given."""

MACHINE = lines(
    "let state: any = form.state, out: any = form",
    "for (const event of form.events) for (const part of event) for (const word of part) {",
    "switch (state) {",
    *(
        f"case 's{n}': for (const c of word) {{ state = c.k{n} ? 's{n + 1}' : state; out = [out, {{ out, c }}] }}"
        for n in range(400)
    ),
    "}",
    "}",
)
"""A state machine within loops."""


def action(name: str, body: str) -> str:
    """One action that is sent a form."""
    return f"export async function {name}(form: any) {{\n{body}\n}}\n"


def added(files: Mapping[str, str], most_steps: int = 40_000) -> Analysis:
    """The review of a change that adds these files."""
    changes = [FileChange(path, None, added=tuple(range(1, text.count("\n") + 2))) for path, text in files.items()]
    after = MemoryFiles({**LIBRARY, **files})
    return review(MemoryFiles(LIBRARY), after, changes, Policy(), most_steps=most_steps)


def rules(found: Analysis, name: str) -> list[str]:
    """The rules that report the action of this name."""
    return [finding.rule for judged in found.actions if judged.name == name for finding in judged.findings]


def without_an_answer(judged: JudgedAction) -> bool:
    """Whether it says that the steps did not suffice, and no question of the checklist is answered with a yes."""
    whys = [unseen.why for unseen in judged.unseen]
    return whys == ["the budget of steps is used up"] and Answer.YES not in {e.answer for e in judged.checklist}


@pytest.mark.parametrize("heavy", [BRANCHING, MACHINE], ids=["branching", "machine"])
@pytest.mark.parametrize("paths", [("app/a.ts", "app/z.ts"), ("app/z.ts", "app/a.ts")], ids=["before", "behind"])
def test_a_file_full_of_heavy_actions_takes_nothing_from_the_file_beside_it(heavy: str, paths: tuple[str, str]) -> None:
    many = HEAD + "".join(action(f"heavy{n}", heavy) for n in range(12))
    found = added({paths[0]: many, paths[1]: HEAD + WIPE})
    assert "missing-authentication" in rules(found, "wipe")
    assert (len(found.actions), found.unjudged, found.failures) == (13, (), ())
    assert all(without_an_answer(judged) for judged in found.actions if judged.name != "wipe")


@pytest.mark.parametrize("is_first", [True, False])
def test_heavy_actions_take_nothing_from_the_action_beside_them(is_first: bool) -> None:
    many = "".join(action(f"heavy{n}", BRANCHING) for n in range(40))
    found = added({"app/a.ts": HEAD + (WIPE + many if is_first else many + WIPE)})
    assert "missing-authentication" in rules(found, "wipe")


def test_heavy_actions_that_a_change_only_reaches_take_nothing_from_those_it_edits_and_vice_versa() -> None:
    shared = "export const limit = 1\n"
    reading = HEAD + "import { limit } from '../lib/limit'\n"
    many = reading + "".join(action(f"heavy{n}", f"track(limit)\n{BRANCHING}") for n in range(40))
    light = (
        reading
        + "export async function wipe(id: string) {\n  track(limit)\n  await db.post.delete({ where: { id } })\n}\n"
    )
    for edited, reached in ((many, light), (light, many)):
        before = {**LIBRARY, "lib/limit.ts": shared, "app/reached.ts": reached}
        after = {**before, "lib/limit.ts": shared.replace("1", "2"), "app/edited.ts": edited}
        changes = [
            FileChange("app/edited.ts", None, added=tuple(range(1, edited.count("\n") + 1))),
            FileChange("lib/limit.ts", "lib/limit.ts", added=(1,), removed=(1,), seams=(0,)),
        ]
        found = review(MemoryFiles(before), MemoryFiles(after), changes, Policy(), most_steps=40_000)
        assert "missing-authentication" in rules(found, "wipe")


def test_a_scan_judges_what_stands_behind_heavy_actions() -> None:
    many = HEAD + "".join(action(f"heavy{n}", BRANCHING) for n in range(5)) + WIPE
    found = scan(MemoryFiles({**LIBRARY, "app/a.ts": many, "app/z.ts": HEAD + WIPE}), Policy())
    assert [judged.path for judged in found.actions if judged.name == "wipe" and judged.findings] == [
        "app/a.ts",
        "app/z.ts",
    ]


def test_what_happened_before_the_steps_were_used_up_is_reported() -> None:
    helper = "async function erase(id: any) {\n  await db.post.delete({ where: { id } })\n" + BRANCHING + "\n}\n"
    helper = helper.replace("form", "id")
    found = added({"app/a.ts": HEAD + helper + action("wipe", "await erase(form.id)")})
    assert "missing-authentication" in rules(found, "wipe")
    assert [u.why for judged in found.actions for u in judged.unseen] == ["the budget of steps is used up"]


def test_what_needs_more_than_its_share_gets_what_others_left() -> None:
    busy = lines("let total: any = form", *(f"total = track(total, form.k{n})" for n in range(3000)))
    found = added({"app/a.ts": HEAD + action("busy", busy + "\nawait db.post.deleteMany()"), "app/z.ts": HEAD + WIPE})
    assert "missing-authentication" in rules(found, "busy")


def test_a_module_that_is_too_heavy_for_one_action_is_not_taken_for_known_by_the_next() -> None:
    heavy = f"export const limits = (() => {{\nconst form: any = process.argv\n{MACHINE}\nreturn {{ most: 3 }}\n}})()\n"
    reading = HEAD + "import { limits } from '../lib/limits'\n"
    text = reading + "".join(action(f"read{n}", "return limits.most") for n in range(2))
    found = added({"lib/limits.ts": heavy, "app/a.ts": text})
    assert [[u.why for u in judged.unseen] for judged in found.actions] == [["the budget of steps is used up"]] * 2


def test_actions_for_which_no_step_is_left_are_named_one_by_one() -> None:
    both = {"app/a.ts": HEAD + action("heavy", BRANCHING), "app/z.ts": HEAD + WIPE}
    found = added(both, most_steps=400)
    assert [(judged.path, judged.name) for judged in found.actions] == []
    assert [(u.path, u.name, u.line, u.reason) for u in found.unjudged] == [
        ("app/a.ts", "heavy", 5, "the budget of steps is used up"),
        ("app/z.ts", "wipe", 5, "the budget of steps is used up"),
    ]


DEAR = {
    "objects that hold the last one twenty times": lines(
        "let o: any = form", *["o = { " + ", ".join(f"f{n}: o" for n in range(20)) + " }"] * 12
    ),
    "lists that hold the last one": lines("let o: any = form", *["o = [" + "o, " * 100 + "o]"] * 8),
    "two variables that swallow each other": lines(
        "let o: any = form, v: any = form.v",
        *(f"if (o.x{n}) {{ o = [v, o] }} else {{ v = {{ o, v }} }}" for n in range(100)),
    ),
    "texts that double": lines("let o: any = 'abcdefgh'", *["o = o + o"] * 40),
    "templates that double": lines("let o: any = 'abcdefgh'", *["o = `${o}${o}`"] * 40),
    "conditions of a query inside one another": lines(
        "let o: any = { id: form }", *["o = { OR: [o, o], AND: [o, { NOT: o }] }"] * 40
    ),
    "promises that hold the last one": lines("let o: any = track(form)", *["o = o.then((x: any) => [x, o])"] * 40),
}


@pytest.mark.parametrize("body", DEAR.values(), ids=DEAR.keys())
def test_few_steps_cannot_make_values_that_take_long_to_look_at(body: str) -> None:
    text = HEAD + action("wipe", f"{body}\nawait db.post.delete({{ where: {{ id: form.id }}, data: o }})\nreturn o")
    found = scan(MemoryFiles({**LIBRARY, "app/a.ts": text}), Policy())
    assert "missing-authentication" in rules(found, "wipe")


def test_a_value_is_no_larger_than_can_be_looked_at_and_keeps_where_it_came_from() -> None:
    text = HEAD + action("grow", DEAR["objects that hold the last one twenty times"] + "\nreturn o")
    tree = codebase_of(MemoryFiles({"app/a.ts": text}), Parsed())
    with deep_recursion():
        facts = tree.executed(tree.actions("app/a.ts")[0])
    assert facts.result.size <= MOST_PARTS
    assert [str(origin) for origin in facts.result.origins] == ["Input(parameter='form', path=())"]


def steps_of(body: str) -> int:
    """How many steps an action takes."""
    tree = codebase_of(MemoryFiles({**LIBRARY, "app/a.ts": HEAD + action("one", body)}), Parsed())
    with deep_recursion():
        tree.executed(tree.actions("app/a.ts")[0])
    return tree.interpreter.spent


def test_copying_many_variables_and_joining_large_values_counts_as_steps() -> None:
    few, many = (
        steps_of(lines(*(f"let v{n}: any" for n in range(count)), *(f"if (form.a{n}) track()" for n in range(100))))
        for count in (10, 3000)
    )
    assert many > few + 2000
    small, large = (
        steps_of(
            lines(
                "let v: any = form",
                *(f"if (form.a{n}) v = form.b{n if grows else 0}" for n in range(200)),
            )
        )
        for grows in (False, True)
    )
    assert large > small + 50


def constant_table(rows: int) -> str:
    """An object with so many rows, of which the caller chooses one."""
    made = (f"k{n}: {{ name: 'n{n}', parts: ['a{n}', 'b{n}'], next: {{ id: {n} }} }}," for n in range(rows))
    return lines("const table: any = {", *made, "}", "track(table[form.kind])")


def state_machine(states: int) -> str:
    """A loop over what is sent, and a `switch` with so many states."""
    cases = (
        f"case 's{n}': if (event.k{n}) {{ state = 's{n * 7 % states}'; out.push(event) }} else out.push(state); break"
        for n in range(states)
    )
    start = "let state: any = form.state\nconst out: any[] = []\nfor (const event of form.events) {\nswitch (state) {"
    return lines(start, *cases, "}", "}", "track(out)")


def generated_client(operations: int) -> str:
    """A client with so many operations, of which one is called."""
    call = "(await fetch(`https://api.example.com${path}`, { body })).json()"
    request = f"const request = async (path: any, body: any) => {call}"
    made = (f"async op{n}(body: any) {{ return request('/op{n}', body) }}," for n in range(operations))
    return lines(request, "const client = {", *made, "}", "track(await client.op3(form))")


def instrumentation(depth: int) -> str:
    """Spans inside one another, each around a function of its own."""
    body = "track(form)"
    for n in range(depth):
        body = f"await span('s{n}', async (s{n}: any) => {{ s{n}.set('k', form.k{n})\n{body} }})"
    begun = "const s = tracer.start(name)\ntry { const r = await run(s); s.ok(); return r }"
    ended = "catch (e) { s.fail(e); throw e } finally { s.end() }"
    return lines(f"const span = async (name: any, run: any) => {{ {begun} {ended} }}", body)


def nested_loops(depth: int) -> str:
    """Loops inside one another."""
    body = "track(form)"
    for n in range(depth):
        body = f"for (const x{n} of form.list{n}) {{ {body} }}"
    return body


def nested_handlers(depth: int) -> str:
    """A `try` inside each other, each of which throws on what it does not know."""
    body = "await track(form)"
    for n in range(depth):
        body = f"try {{ if (form.a{n}) {{ {body} }} }} catch (e{n}) {{ if (form.b{n}) throw e{n}; track(e{n}) }}"
    return body


@pytest.mark.parametrize(
    ("code", "size"),
    [
        (constant_table, 300),
        (state_machine, 30),
        (generated_client, 100),
        (instrumentation, 5),
        (nested_handlers, 8),
    ],
)
def test_code_that_is_twice_as_large_takes_about_twice_as_many_steps(code: Callable[[int], str], size: int) -> None:
    assert steps_of(code(2 * size)) <= 2.5 * steps_of(code(size))


def test_loops_inside_one_another_do_not_double_the_steps_with_each() -> None:
    assert steps_of(nested_loops(16)) <= 5 * steps_of(nested_loops(8))


def recursive_descent(rules: int) -> str:
    """A parser of which each rule tries the next one, and the last one the first again."""
    start = "let at = 0\nconst eat = (c: any) => { if (form.text[at] !== c) throw new Error(c); at = at + 1 }"
    made = (
        f"function rule{n}(): any {{ const left = rule{(n + 1) % rules}(); "
        f"while (form.text[at] === 'o{n}') {{ eat('o{n}'); rule{(n + 1) % rules}() }} "
        f"return {{ left, kind: {n} }} }}"
        for n in range(rules)
    )
    return lines(start, *made, "track(rule0())")


def test_a_parser_whose_rules_call_one_another_ends_with_its_budget_and_says_so() -> None:
    text = HEAD + action("parse", recursive_descent(16)) + WIPE
    found = scan(MemoryFiles({**LIBRARY, "app/a.ts": text}), Policy())
    assert [[unseen.why for unseen in judged.unseen] for judged in found.actions] == [
        ["calls nested too deeply", "the budget of steps is used up"],
        [],
    ]
    assert "missing-authentication" in rules(found, "wipe")


def test_calling_again_what_has_many_effects_counts_as_steps() -> None:
    helper = "async function all(id: any) {\n" + lines(
        *(f"await db.t{n}.delete({{ where: {{ id }} }})" for n in range(80))
    )
    text = HEAD + helper + "\n}\n" + action("one", lines(*["await all(form)"] * 50))
    tree = codebase_of(MemoryFiles({**LIBRARY, "app/a.ts": text}), Parsed())
    with deep_recursion():
        tree.executed(tree.actions("app/a.ts")[0])
    assert tree.interpreter.spent > 50 * 10


def test_the_same_effects_on_another_way_to_them_are_not_too_many() -> None:
    deletes = lines(*(f"await db.t{n}.delete({{ where: {{ id }} }})" for n in range(397)))
    text = (
        HEAD + "async function all(id: any) {\n" + deletes + "\n}\n" + action("wipe", lines(*["await all(form)"] * 3))
    )
    found = scan(MemoryFiles({**LIBRARY, "app/a.ts": text}), Policy())
    assert [judged.unseen for judged in found.actions] == [()]


def test_a_function_that_is_too_heavy_for_one_action_takes_the_least_steps_of_all_others_that_call_it() -> None:
    heavy = "export async function render(form: any) {\n" + BRANCHING + "\n}\n"
    calling = HEAD + "import { render } from '../lib/render'\n"
    text = calling + "".join(action(f"draw{n}", f"await render(form.part{n})") for n in range(20)) + WIPE
    tree = codebase_of(MemoryFiles({**LIBRARY, "lib/render.ts": heavy, "app/a.ts": text}), Parsed())
    with deep_recursion():
        taken = [tree.execute(each, STEPS_OF_AN_ACTION) for each in tree.actions("app/a.ts")]
        cut_off = [each.name for each in tree.actions("app/a.ts") if tree.is_cut_off(each)]
    assert cut_off == [f"draw{n}" for n in range(20)]
    assert taken[0] == STEPS_OF_AN_ACTION
    assert max(taken[1:]) < LEAST_STEPS + 100


def test_the_same_code_takes_the_same_steps() -> None:
    assert steps_of(DEAR["promises that hold the last one"]) == steps_of(DEAR["promises that hold the last one"])
    assert steps_of(BRANCHING) == STEPS_OF_AN_ACTION


def test_places_that_could_not_be_seen_do_not_push_out_what_was() -> None:
    body = lines(*(f"await track(form.k{n})" for n in range(1500)), "await db.post.delete({ where: { id: form.id } })")
    found = scan(MemoryFiles({**LIBRARY, "app/a.ts": HEAD + action("wipe", body)}), Policy())
    assert "missing-authentication" in rules(found, "wipe")
