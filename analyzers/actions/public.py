"""Which actions need no session by what they do: they begin one, end one, or are called with something unguessable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from preship.analyzers.actions.excuses import (
    address_left,
    captcha,
    challenge_issued,
    guests_cookie,
    link_token,
    mailed_secret,
    one_time_credential,
    opened_form,
    session_begun,
    session_ended,
)
from preship.analyzers.actions.excuses.form import Excuse, Excused, excuse_of, weighed
from preship.analyzers.actions.excuses.whole import Whole
from preship.analyzers.actions.openness import Public
from preship.analyzers.flow.effects import Effect

EXCUSES: tuple[Excuse[Whole], ...] = (
    session_begun.EXCUSE,
    session_ended.EXCUSE,
    captcha.EXCUSE,
    challenge_issued.EXCUSE,
    one_time_credential.EXCUSE,
    link_token.EXCUSE,
    guests_cookie.EXCUSE,
    mailed_secret.EXCUSE,
    opened_form.EXCUSE,
    address_left.EXCUSE,
)
"""Why an action needs no session, in the order in which they are asked."""


def public_by_design(effects: Sequence[Effect]) -> Public | None:
    """Why an action with these effects needs no session; None where it does."""
    excuse = excuse_of(Whole(effects), EXCUSES)
    return Public(excuse.why, excuse=excuse.id) if excuse is not None else None


def almost_public(effects: Sequence[Effect]) -> Iterator[Excused]:
    """The excuses near an action that needs a session, each with what is missing."""
    return (each for each in weighed(Whole(effects), EXCUSES) if each.missing is not None)


def is_excused_by(opened: Public | None, excuse: Excuse[Whole]) -> bool:
    """Whether an action needs no session for this excuse."""
    return opened is not None and opened.excuse == excuse.id
