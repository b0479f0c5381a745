"""Columns and fields that say something of a record, of a mail, or of an answer."""

from __future__ import annotations

from preship.analyzers.conventions.form import Case, Convention

PUBLICATION_COLUMN = Convention(
    id="publication-column",
    means="Columns that say whether a record is for everybody.",
    pattern=r"(is_?)?(published|public|listed)|status|state|visibility|access",
    examples=("isPublished", "status", "visibility"),
    others=("title", "role"),
    used_in=("actions/excuses/published_read",),
)

OPENING_FLAG = Convention(
    id="opening-flag",
    means="Columns by which an owner opens something to visitors.",
    pattern=r"\w*(enabled|published|public|open|accepting\w*)|(is|accepts|allows)_?\w*(open|public|published|submissions?|bookings?)",
    examples=("portalEnabled", "isPublished", "form_enabled", "acceptsSubmissions"),
    others=("isActive", "verified"),
    used_in=("actions/excuses/opened_form",),
)

PUBLIC_ROW_COLUMN = Convention(
    id="public-row-column",
    means="Columns that say that a row may be for everybody.",
    pattern=r"(is)?(public|published|listed|visible)|visibility|publishedat|ispublicly\w*|publicaccess",
    case=Case.CANONICAL,
    examples=("ispublic", "published", "visibility"),
    others=("status", "title"),
    used_in=("schema/graph",),
)

TIMESTAMP_COLUMN = Convention(
    id="timestamp-column",
    means="Columns that say when a record was last touched.",
    pattern=r"(updated|modified|changed|last_?\w*)_?at",
    examples=("updatedAt", "last_login_at", "modified_at"),
    others=("createdAt", "updated"),
    used_in=("actions/benign", "actions/escalation", "actions/visitors", "actions/world"),
)

VIEW_COUNT_COLUMN = Convention(
    id="view-count-column",
    means="Columns that count how often something was looked at.",
    pattern=r"(total_?)?(view(s|ed|er)?|visit(s|ed|or|ors)?|clicks?|downloads?|hits?|impressions?|reads?|plays?|opens?)"
    r"(_?(count(er)?|total))?",
    examples=("views", "viewCount", "downloads"),
    others=("balance", "viewport"),
    used_in=("actions/visitors",),
)

RELATION_TO_MANY = Convention(
    id="relation-to-many",
    means="Names of relations that lead to many records, as those who write schemas name them.",
    pattern=r".*([^su]s|people|children)",
    examples=("posts", "people", "children"),
    others=("post", "status"),
    used_in=("knowledge/relations",),
)

REDIRECT_FIELD = Convention(
    id="redirect-field",
    means="Fields of an answer that say where the browser goes next.",
    pattern=r"redirect(_?(to|url|uri|path))?|(callback|return)_?(to|url|uri)|location",
    examples=("redirectTo", "callbackUrl", "location"),
    others=("url", "path"),
    used_in=("actions/sinks",),
)

MAIL_SUBJECT_FIELD = Convention(
    id="mail-subject-field",
    means="Fields with the subject of a mail, in the interfaces of the services that send them.",
    pattern=r"subject",
    examples=("subject", "Subject"),
    others=("title",),
    used_in=("actions/recipients",),
)

MAIL_BODY_FIELD = Convention(
    id="mail-body-field",
    means="Fields of a mail, in the interfaces of the services that take them.",
    pattern=r"(html|text|body)(_?(body|part|content))?|message|content",
    examples=("html", "textBody", "message"),
    others=("subject", "to"),
    used_in=("actions/recipients",),
)

MAIL_SENDER_FIELD = Convention(
    id="mail-sender-field",
    means="Fields of a mail that say whom it comes from.",
    pattern=r"from(_?(e_?mail|address))?|sender",
    examples=("from", "fromEmail", "sender"),
    others=("to",),
    used_in=("actions/recipients",),
)

EXPECTED_ERROR_FIELD = Convention(
    id="expected-error-field",
    means="Properties by which code marks the exceptions whose words are its own: `error.isPublic`, "
    "`error.cause.internal`.",
    source="https://github.com/jshttp/http-errors#error-properties",
    pattern=r"(?!\w*Error$)((is|has|was|should|can)[A-Z]\w*"
    r"|\w*([Ee]xpose|[Pp]ublic|[Ii]nternal|[Oo]perational|[Ff]riendly|[Ee]xpected)\w*)",
    case=Case.AS_WRITTEN,
    examples=("isPublic", "expose", "friendlyMessage"),
    others=("message", "code"),
    used_in=("flow/conditions",),
)

PUBLIC_STATE = Convention(
    id="public-state",
    means="What they hold where it is.",
    pattern=r"listed|live|public|published",
    examples=("published", "live", "PUBLIC"),
    others=("draft",),
    used_in=("actions/excuses/published_read",),
)

EXPIRED_STATE = Convention(
    id="expired-state",
    means="What a status column holds once the time of its record is over.",
    pattern=r"expired|lapsed|overdue|timed_out",
    examples=("expired", "overdue"),
    others=("active",),
    used_in=("actions/benign",),
)
