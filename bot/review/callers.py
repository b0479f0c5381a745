"""Who gets through an action, who did before the change, and for whom it is there."""

from __future__ import annotations

from collections.abc import Sequence

from preship.analyzers.analysis import Answer, Item, JudgedAction, Meant
from preship.analyzers.rulebook import ITEMS
from preship.bot.review.links import Links
from preship.bot.review.markdown import cell, code, prose
from preship.bot.review.policy import is_new, is_told
from preship.bot.review.words import called, kind_of_all

HEAD = ("who gets through", "before this change", "meant for")
ABOUT = frozenset({Item.AUTHENTICATION, Item.OWNERSHIP})


def in_question(actions: Sequence[JudgedAction]) -> tuple[JudgedAction, ...]:
    """The actions of which the change makes it a question who gets through."""
    return tuple(action for action in actions if _is_opened(action) or _is_unseen(action))


def callers_table(actions: Sequence[JudgedAction], links: Links) -> str:
    """A row for each action."""
    head = (kind_of_all(actions), *HEAD)
    rows = [head, ("---",) * len(head), *(_row(action, links) for action in actions)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _is_opened(action: JudgedAction) -> bool:
    return any(is_new(f) and is_told(f) and ITEMS.get(f.rule) in ABOUT for f in action.findings)


def _is_unseen(action: JudgedAction) -> bool:
    return any(entry.answer is Answer.UNSEEN and entry.item in ABOUT for entry in action.checklist)


def _row(action: JudgedAction, links: Links) -> tuple[str, ...]:
    now = who_gets_through(action)
    before = who_gets_through(action.earlier) if action.earlier is not None else "– (new)"
    place = f"{called(action)} {links.line(action.path, action.line)}"
    said = (place, f"**{now}**" if _is_opened(action) else now, "the same" if before == now else before)
    return tuple(map(cell, (*said, _meant_for(action, links))))


def who_gets_through(action: JudgedAction) -> str:
    """In a few words, whom an action serves."""
    answers = {entry.item: entry for entry in action.checklist}
    known, owned = answers.get(Item.AUTHENTICATION), answers.get(Item.OWNERSHIP)
    match known.answer if known is not None else Answer.UNSEEN:
        case Answer.NO:
            return "anyone on the internet"
        case Answer.UNSEEN:
            return "could not see"
        case Answer.NOT_APPLICABLE:
            return "anyone"
    if action.needs:
        return f"who has {code(action.needs)}"
    if owned is not None and owned.answer is Answer.NO:
        return "any signed-in user, with anyone's records"
    is_own = owned is not None and owned.answer is Answer.YES
    return "signed-in users, with their own records" if is_own else "any signed-in user"


def _meant_for(action: JudgedAction, links: Links) -> str:
    if action.public:
        return f"anyone: {prose(action.public, 120)}"
    if action.role:
        return f"who has {code(action.role)}"
    meant = action.intended
    page, at = code(meant.page or ""), meant.guard
    match meant.who:
        case Meant.MEMBERS if at is not None:
            who = f"who has {code(meant.role)}" if meant.role else "signed-in users"
            return f"{who}: {page} asks for that ({links.line(at.path, at.line)})"
        case Meant.ANYBODY:
            return f"anyone: {page} is open"
        case Meant.SERVER_CODE:
            return "code of the server"
        case Meant.NOBODY:
            return "not known: nothing uses it"
        case _:
            return "not known"
