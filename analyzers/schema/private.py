"""Which columns nobody but the program should read, or nobody but their owner, by what they are called."""

from __future__ import annotations

import re

SECRET = re.compile(
    r"(.*_)?(pass(word|wd|phrase|code)|pwd|secret|salt|credentials?|otp|pin_?code|(api|private|secret|access|signing|encryption)_?key"
    r"|(access|refresh|id|auth|session|reset|verification|bearer|api|oauth|csrf|invite|magic|device|push|bot)_?token"
    r"|(recovery|backup|reset|verification|two_?factor|totp|mfa)_?(codes?|secret|token)|hashed_?password"
    r"|contrase(n|ñ|ni)a|senha|mot_?de_?passe|passwort|kennwort|wachtwoord|kata_?sandi)"
    r"(_?(hash(ed)?|digest|encrypted|salt))?|(password|pwd)_?\w*hash\w*|token(_?hash)?|hash",
    re.IGNORECASE,
)
"""Columns that open something, in words joined by underscores: a password, a token, a key."""

PERSONAL = re.compile(
    r"(.*_)?(e_?mail(_?address)?|phone(_?(number|no))?|mobile|telephone|whatsapp|birth_?(date|day)|date_?of_?birth|dob"
    r"|ssn|national_?id|passport(_?number)?|tax_?id|iban|salary|home_?address|street(_?address)?"
    r"|(stripe|paddle|lemon_?squeezy)_?(customer|subscription)_?id|ip(_?address)?)",
    re.IGNORECASE,
)
"""Columns that only their owner and who runs the application should read: how to reach somebody, and what they earn."""

PRIVILEGED = re.compile(
    r"(.*_)?(roles?|permissions?|privileges?|access_level|plan|tier|subscription(_\w+)?|credits?|balance|quota"
    r"|is_?(super_?)?(admin|staff|user|owner|verified|approved|featured|paid|premium|pro|active|banned)"
    r"|verified(_at)?|approved(_\w+)?|banned(_\w+)?"
    r"|(user|owner|author|creator|organi[sz]ation|org|team|tenant|workspace|company|account|customer|member|employee"
    r"|client|store|shop|school|clinic|landlord|clerk|auth|stripe_\w+)_?(id|uuid)|created_by|owner|author|creator)",
    re.IGNORECASE,
)
"""Columns that say whose something is, what somebody may do or has paid for: set by the program, and by no form."""


def opens_something(column: str) -> bool:
    """Whether a column holds a password, a token or a key."""
    return SECRET.fullmatch(_in_words(column)) is not None


def is_about_a_person(column: str) -> bool:
    """Whether a column says how to reach somebody, or what only they should know."""
    return PERSONAL.fullmatch(_in_words(column)) is not None


def is_privileged(column: str) -> bool:
    """Whether a column says whose a row is, or what somebody may do or has paid for."""
    return PRIVILEGED.fullmatch(_in_words(column)) is not None


def _in_words(name: str) -> str:
    """`passwordHash` as `password_Hash`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
