"""What a probe prints: the requests that it would send, and what they proved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from preship.bot.options import Exit
from preship.bot.probe.build import named
from preship.bot.probe.run import Plan, Planned, Proven
from preship.bot.probe.verdict import Outcome, counted

CLEAN = frozenset({Outcome.REFUSED, Outcome.MEANT})


def dry_lines(plans: Iterable[Plan]) -> Iterator[str]:
    """Every request, as it would be sent; cookies by their names."""
    for plan in plans:
        yield named(plan.target.built, plan.target.action)
        if plan.why_not:
            yield f"  not called: {plan.why_not}"
        for call in plan.calls:
            yield from _request(call)
        if plan.with_records_of:
            tables = " or ".join(plan.with_records_of)
            yield f"  as another user, then as the first: the same with the key of a record of the first's in {tables}"


def _request(call: Planned) -> Iterator[str]:
    tried = f" ({call.tried})" if call.tried else ""
    yield f"  as {call.caller}{tried}: POST {call.request.url}"
    shown = call.request.shown
    yield from (f"    {name}: {shown[name]}" for name in ("Next-Action", "Cookie") if name in shown)
    yield from (f"    {line}" for line in call.request.body.text.splitlines())


def proven_line(proven: Proven) -> str:
    """What is proven of one action."""
    verdict = proven.verdict
    who = f" to {verdict.caller}" if verdict.caller is not None and verdict.outcome is not Outcome.REFUSED else ""
    of = named(proven.target.built, proven.target.action)
    return f"{of}  {verdict.outcome}{who if verdict.outcome is Outcome.OPEN else ''}: {verdict.reason}"


def closing(proven: Sequence[Proven]) -> str:
    """How it went, in one line."""
    number = f"{len(proven)} action{'' if len(proven) == 1 else 's'}"
    return " · ".join([number, *counted(each.verdict.outcome for each in proven)])


def exit_of(proven: Sequence[Proven]) -> Exit:
    """1 where an action is open, 3 where something was not tried or proves nothing, else 0."""
    outcomes = {each.verdict.outcome for each in proven}
    if Outcome.OPEN in outcomes:
        return Exit.FINDINGS
    return Exit.CLEAN if outcomes <= CLEAN else Exit.INCOMPLETE
