"""Names of what opens something: passwords, tokens, one-time codes."""

from __future__ import annotations

from preship.analyzers.conventions.form import Convention, Where

SECRET_COLUMN = Convention(
    id="secret-column",
    means="Columns that open something, in words joined by underscores: a password, a token, a key.",
    pattern=r"(.*_)?(pass(word|wd|phrase|code)|pwd|secret|salt|credentials?|otp|pin_?code|(api|private|secret|access|signing|encryption)_?key"
    r"|(access|refresh|id|auth|session|reset|verification|bearer|api|oauth|csrf|invite|magic|device|push|bot)_?token"
    r"|(recovery|backup|reset|verification|two_?factor|totp|mfa)_?(codes?|secret|token)|hashed_?password"
    r"|contrase(n|ñ|ni)a|senha|mot_?de_?passe|passwort|kennwort|wachtwoord|kata_?sandi)"
    r"(_?(hash(ed)?|digest|encrypted|salt))?|(password|pwd)_?\w*hash\w*|token(_?hash)?|hash",
    examples=("password", "api_key", "resetToken", "totp_secret", "password_Hash"),
    others=("name", "token_count", "keyboard"),
    used_in=("schema/private",),
)

SECRET_FIELD = Convention(
    id="secret-field",
    means="Columns that open something, and addresses that are secrets themselves.",
    source="https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/",
    pattern=r"secret|api_?key|token|passw|credential|hash|salt|private_?key|webhook_?url",
    where=Where.INSIDE,
    examples=("client_secret", "apiKey", "passwordHash", "webhookUrl"),
    others=("title", "email"),
    used_in=("actions/output", "flow/patterns"),
)

CREDENTIAL_FIELD = Convention(
    id="credential-field",
    means="Columns whose value only those know who may: who sends the same value has shown that they do.",
    pattern=r"(pin|password|passcode|token|secret|otp)$",
    where=Where.INSIDE,
    examples=("pin", "accessToken", "otp"),
    others=("pinned", "tokens"),
    used_in=("flow/operators",),
)

ACCESS_CODE_COLUMN = Convention(
    id="access-code-column",
    means="Columns of a record that close it to whoever does not know what they hold.",
    pattern=r"pin|pin_?code|passcode|password|access_?code",
    examples=("pin", "passcode", "accessCode"),
    others=("pinned", "code"),
    used_in=("flow/members",),
)

PASSWORD_COLUMN = Convention(
    id="password-column",
    means="Columns that hold what somebody signs in with, in the languages that schemas are written in.",
    pattern=r"(hash(ed)?_?)?(pass(word|wd|_?phrase|wort)?|contrase(n|ñ|ni)a|senha|mot_?de_?passe|mdp|kennwort|wachtwoord|has[lł]o|parola"
    r"|[sş]ifre|kata_?sandi|mat_?khau)(_?hash(ed)?|_?digest)?",
    examples=("password", "hashedPassword", "senha", "password_hash"),
    others=("passport", "passed"),
    used_in=("actions/granting", "actions/visitors"),
)

PASSWORD_FIELD = Convention(
    id="password-field",
    means="Fields with what only the one knows whose an account is.",
    pattern=r"pass_?(word|wd|phrase)|passcode|senha|contrase|mot_?de_?passe|kennwort|passwort",
    where=Where.INSIDE,
    examples=("password", "new_password", "passphrase", "senha"),
    others=("passport", "pass"),
    used_in=("actions/excuses/address_left",),
)

ONE_TIME_FIELD = Convention(
    id="one-time-field",
    means="Fields by which a one-time credential is looked up. The credential must be consumed as well.",
    pattern=r"(token|code|otp|secret|hash|nonce|signature)(_?hash)?$",
    where=Where.INSIDE,
    examples=("resetToken", "code", "otp", "tokenHash"),
    others=("tokens", "codename"),
    used_in=("actions/one_time",),
)

CODE_FIELD = Convention(
    id="code-field",
    means="Fields that hold a code, which may be one-time credential or not.",
    pattern=r"code(_?hash)?$",
    where=Where.INSIDE,
    examples=("code", "inviteCode", "code_hash"),
    others=("codes",),
    used_in=("actions/excuses/found_by_a_code", "actions/one_time"),
)

CREDENTIAL_CODE = Convention(
    id="credential-code",
    means="What makes a code a credential: categories and countries have codes as well.",
    pattern=r"verif|invit|token|otp|reset|challenge|confirm|magic|factor|mfa|recover|login|session|device|activat|redeem|claim"
    r"|auth|access|secret|pass",
    where=Where.INSIDE,
    examples=("verificationCode", "inviteCode", "loginCode"),
    others=("countryCode", "category"),
    used_in=("actions/one_time",),
)

SENT_SECRET_FIELD = Convention(
    id="sent-secret-field",
    means="Fields that by themselves choose nothing but what somebody was sent: a change by one of them consumes it.",
    pattern=r"(token|otp|secret)(_?hash)?$",
    where=Where.INSIDE,
    examples=("resetToken", "otp", "token_hash"),
    others=("code", "id"),
    used_in=("actions/one_time",),
)

RECOVERY_COLUMN = Convention(
    id="recovery-column",
    means="Columns that hold a one-time secret, or say how long it lives.",
    pattern=r"(token|code|otp|secret|hash|nonce|expir\w*|valid_?until|attempts?)(_?(hash|at|on))?$",
    where=Where.INSIDE,
    examples=("resetToken", "expiresAt", "code", "otp_expiry", "attempts"),
    others=("email", "name"),
    used_in=("actions/recovery",),
)

UNGUESSABLE_NAME = Convention(
    id="unguessable-name",
    means="Names of what only those know who were sent it: a column, or a segment of an address.",
    pattern=r"\w*(key|token|secret|signature)|(access|invit\w*|join|shar\w*)_?code",
    examples=("token", "shareKey", "invite_code"),
    others=("id", "slug"),
    used_in=("actions/audience", "actions/world"),
)

SENT_TO_ONE = Convention(
    id="sent-to-one",
    means="Columns of what was sent to one person, who shows to be that one by knowing it.",
    pattern=r"\w*(token|secret)|(access|invit\w*|join|shar\w*)_?(code|key)",
    examples=("inviteToken", "joinCode", "share_key"),
    others=("id", "key", "code", "email", "slug"),
    used_in=("actions/world",),
)

LINK_FIELD = Convention(
    id="link-field",
    means="Fields that hold what stands in a link: who has not been sent it does not guess it.",
    pattern=r"(token|otp|secret)(_?hash)?$|(access|invit\w*|shar\w*)_?code$",
    where=Where.INSIDE,
    examples=("shareToken", "accessCode", "token_hash"),
    others=("code", "tokens"),
    used_in=("actions/excuses/link_token",),
)
