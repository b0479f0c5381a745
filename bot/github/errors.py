"""What GitHub's failures mean for the job that met them.

GitHub says "slow down" in five ways (403 or 429, with `Retry-After`, with an exhausted quota, in prose, or as a
GraphQL error in a 200): https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from github.GithubException import BadAttributeException, GithubException
from github.Requester import Requester
from requests.exceptions import RequestException, SSLError

from preship.bot.review.forge import ForgeError, Gone, RateLimited, Refused, Unavailable

# "wait for at least one minute before retrying" where GitHub names no time (same page as above).
PAUSE_WITHOUT_ADVICE = timedelta(seconds=60)

# No limit of GitHub's lasts longer than an hour; a day keeps a broken clock from parking a job for good.
LONGEST_PAUSE = timedelta(days=1)

REASON_LIMIT = 500


@contextmanager
def forge_errors() -> Iterator[None]:
    """Turn whatever PyGithub and the network raise into a `ForgeError`."""
    try:
        yield
    except ForgeError:
        raise
    except GithubException as error:
        raise meaning_of(error.status, error.headers or {}, error.data, datetime.now(UTC)) from error
    except (BadAttributeException, KeyError, TypeError, AttributeError) as error:
        # PyGithub takes the shape of an answer for granted.
        raise Unavailable("GitHub's answer does not have the documented shape") from error
    except SSLError as error:
        advice = "REQUESTS_CA_BUNDLE names the file of certificate authorities, where they are your own"
        raise Unavailable(f"GitHub could not be spoken to by TLS: {advice}") from error
    except RequestException as error:
        # Only the kind: the text of such an error quotes the URL and the socket, which help nobody.
        raise Unavailable(f"GitHub did not answer ({type(error).__name__})") from error
    except ValueError as error:
        raise Unavailable("GitHub's answer is not JSON") from error
    except RuntimeError as error:
        # PyGithub refuses to follow a redirect to another host or protocol.
        raise Refused(301, str(error)) from error


def meaning_of(status: int, headers: Mapping[str, Any], body: Any, now: datetime) -> ForgeError:
    """What an answer of GitHub's that is no success means."""
    names = {name.lower(): str(value) for name, value in headers.items()}
    message = str(body.get("message") or "") if isinstance(body, Mapping) else ""
    if _asks_to_wait(status, names, message):
        return _limit(names, now)
    if status >= 500 or status == 408:
        return Unavailable(f"GitHub answered {status}")
    reason = _reason(message, body)
    return Gone(status, reason) if status in (404, 410) else Refused(status, reason)


def graphql_error(errors: Sequence[Mapping[str, Any]], headers: Mapping[str, Any], now: datetime) -> ForgeError:
    """What the `errors` of a GraphQL answer mean; they come with HTTP 200."""
    names = {name.lower(): str(value) for name, value in headers.items()}
    kinds = {str(error.get("type", "")) for error in errors}
    reason = "; ".join(str(error.get("message", "")) for error in errors)[:REASON_LIMIT]
    if kinds & {"RATE_LIMITED", "RATE_LIMIT"} or Requester.isRateLimitError(reason):
        return _limit(names, now)
    if kinds & {"INTERNAL", "SERVICE_UNAVAILABLE"} or "Something went wrong while executing your query" in reason:
        return Unavailable(reason)
    return Gone(200, reason) if kinds == {"NOT_FOUND"} else Refused(200, reason)


def _asks_to_wait(status: int, headers: Mapping[str, str], message: str) -> bool:
    if status == 429:
        return True
    if status != 403:
        return False
    if "retry-after" in headers or Requester.isRateLimitError(message):
        return True
    return headers.get("x-ratelimit-remaining") == "0"


def _limit(headers: Mapping[str, str], now: datetime) -> RateLimited:
    """`Retry-After` first, then the reset of an exhausted quota, then a minute."""
    advised = _retry_after(headers.get("retry-after"), now) or _quota_reset(headers)
    if advised is None:
        return RateLimited(now + PAUSE_WITHOUT_ADVICE, is_advised=False)
    return RateLimited(min(max(advised, now), now + LONGEST_PAUSE))


def _retry_after(value: str | None, now: datetime) -> datetime | None:
    """Seconds or an HTTP date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after."""
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        return now + timedelta(seconds=min(int(value[:9]), LONGEST_PAUSE.total_seconds()))
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _quota_reset(headers: Mapping[str, str]) -> datetime | None:
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") != "0" or not (reset.isascii() and reset.isdigit() and len(reset) < 12):
        return None
    # A second more: the header does not say when within that second the quota returns.
    return datetime.fromtimestamp(int(reset) + 1, UTC)


def _reason(message: str, body: Any) -> str:
    """GitHub's message, with the `errors` that name the field, where it sends them."""
    details = body.get("errors") if isinstance(body, Mapping) else None
    return f"{message} {details}"[:REASON_LIMIT] if details else message[:REASON_LIMIT]
