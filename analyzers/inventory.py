"""What else of an application answers requests, beside its actions and handlers of requests: pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from preship.analyzers.actions.demand import Demand
from preship.analyzers.actions.protection import Protection
from preship.analyzers.actions.world import READS, WRITES, is_keyed_by_a_credential, is_known, touches_the_world
from preship.analyzers.codebase import Codebase
from preship.analyzers.flow.effects import Effect
from preship.analyzers.judgement.access import doing_of, keeps_the_session, kept_by, names_others, words_asked
from preship.analyzers.project.routes import Entry, RouterFile
from preship.analyzers.results import ANONYMOUS, MEMBER, OTHER_MEMBER, Access, Answer, Entrance
from preship.analyzers.rule import Step


def pages_of(tree: Codebase, chosen: Collection[str]) -> Iterator[Entrance]:
    """The pages, with what they and the layouts around them read, and what keeps whom out."""
    for entry in _entries(tree, chosen, RouterFile.PAGE):
        effects = [e for path in tree.protections.files_to(entry) for e in tree.renderings.of(path).effects]
        access = _access(tree.protections.of(entry), tree.protections.demand_on(entry), effects)
        yield Entrance("page", entry.path, 1, entry.route, tuple(access))


def _entries(tree: Codebase, chosen: Collection[str], kind: RouterFile) -> Iterator[Entry]:
    entries = tree.renderings.routes.entries
    return (entries[path] for path in sorted(set(chosen) & entries.keys()) if entries[path].kind is kind)


def _access(protection: Protection, demand: Demand | None, effects: Iterable[Effect]) -> Iterator[Access]:
    """What a page shows to whom; whose rows it shows is not judged where an address names them."""
    touching = [
        e for e in effects if touches_the_world(e) and not (is_keyed_by_a_credential(e) or keeps_the_session(e))
    ]
    gate = protection.gate
    by = Step(gate.at.path, gate.at.line, gate.asks) if gate is not None else None
    is_open = {True: Answer.NO, False: Answer.YES, None: Answer.UNSEEN}[protection.is_protected]
    yield _entry(ANONYMOUS, is_open, [e for e in touching if not is_known(e)], by)
    asked = Step(demand.at.path, demand.at.line, _asks(demand)) if demand is not None else by
    member = Answer.NO if demand is not None else Answer.YES if is_open is not Answer.UNSEEN else Answer.UNSEEN
    doings = [doing_of(e, e.facts, e.target) for e in touching]
    for_all = [each.effect for each in doings if each.role is None]
    yield _entry(MEMBER, member, for_all, asked)
    yield _of_others(for_all, is_open, member, asked)
    demanded = demand.words if demand is not None and not demand.is_refusal else ()
    for word in demanded:
        yield _entry(word, Answer.YES, touching, asked)
    for word in words_asked(doings):
        if word not in demanded:
            may = [each.effect for each in doings if each.role is None or word in each.roles]
            yield _entry(word, member, may, asked)


def _of_others(touching: Sequence[Effect], is_open: Answer, member: Answer, by: Step | None) -> Access:
    """What of others any signed-in user is shown."""
    if member is not Answer.YES:
        return _entry(OTHER_MEMBER, member, touching, by)
    others = [e for e in touching if kept_by(e) is None]
    if is_open is Answer.YES or not touching:
        return _entry(OTHER_MEMBER, Answer.YES, [e for e in others if not is_known(e)], by)
    if any(map(names_others, others)):
        return _entry(OTHER_MEMBER, Answer.UNSEEN, others, by)
    return _entry(OTHER_MEMBER, Answer.YES if others else Answer.NO, others, by)


def _entry(caller: str, answer: Answer, effects: Sequence[Effect], by: Step | None) -> Access:
    reads, changes = (_targets(e for e in effects if e.kind in kinds) for kinds in (READS, WRITES))
    if answer is Answer.YES:
        return Access(caller, answer, reads, changes, by=by)
    return Access(caller, answer, unseen=(*reads, *changes) if answer is Answer.UNSEEN else (), by=by)


def _asks(demand: Demand) -> str:
    words = " or ".join(demand.words) or "a role or permission"
    return f"refuses `{words}`" if demand.is_refusal else f"needs `{words}`"


def _targets(effects: Iterable[Effect]) -> tuple[str, ...]:
    return tuple(sorted({effect.target or effect.what for effect in effects}))
