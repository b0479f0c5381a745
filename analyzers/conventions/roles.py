"""What roles are called: of those whom an application serves, and of those who may do more."""

from __future__ import annotations

from preship.analyzers.conventions.form import Case, Convention, Where

ORDINARY_ROLE = Convention(
    id="ordinary-role",
    means="Roles of those whom an application serves: each gets one with the account.",
    pattern=r"(org:|role_)?((normal|regular|basic|standard|default|free|registered)_?)?(user|member|guest|viewer|visitor|customer|client|buyer"
    r"|student|learner|pupil|parent|guardian|patient|applicant|candidate|subscriber|reader|participant|free|basic"
    r"|authenticated|public|active|enabled|verified|approved|confirmed|accepted|complete|completed|paid)s?",
    examples=("user", "ROLE_MEMBER", "students", "verified"),
    others=("admin", "editor"),
    used_in=("actions/demand",),
)

SERVED_ROLE = Convention(
    id="served-role",
    means="Roles of those whom an application serves: each of them gets one with the account.",
    pattern=r"(role_?)?((normal|regular|basic|standard|default|free|registered)_?)?(user|customer|client|buyer|shopper|student"
    r"|learner|pupil|parent|guardian|patient|applicant|candidate|subscriber|reader|guest|login|sign_?in|logged_?in"
    r"|signed_?in|authenticated|registered)s?",
    examples=("user", "customer", "registered_user", "patients", "authenticated"),
    others=("member", "admin"),
    used_in=("flow/facts",),
)

LEAST_ROLE = Convention(
    id="least-role",
    means="Roles that come with an account and are the least: whoever is left where they are refused has more.",
    pattern=r"(org:|role_?)?((normal|regular|basic|standard|default|free|registered)_?)?(user|member|viewer|customer|client"
    r"|buyer|shopper|student|learner|pupil|parent|guardian|patient|applicant|candidate|subscriber|reader|participant)s?",
    examples=("user", "STUDENT", "ROLE_MEMBER", "customers"),
    others=("guest", "admin", "teacher"),
    used_in=("flow/facts", "flow/operators"),
)

EVERYBODYS_ROLE = Convention(
    id="everybodys-role",
    means="What those are called who have no further right.",
    pattern=r"guest|member|reader|user|viewer",
    case=Case.AS_WRITTEN,
    examples=("member", "user", "viewer"),
    others=("admin",),
    used_in=("actions/weakened",),
)

CONVERSATION_ROLE = Convention(
    id="conversation-role",
    means="Roles in a conversation, and the one that everybody has.",
    pattern=r"ai|assistant|function|human|model|system|tool|user",
    case=Case.AS_WRITTEN,
    examples=("assistant", "user", "tool"),
    others=("admin",),
    used_in=("knowledge/rights",),
)

HIGHEST_ROLE = Convention(
    id="highest-role",
    means="Roles above which there is none.",
    pattern=r"(super|root|sys(tem)?|site|global|platform)?[-_ ]?(admin(istrator)?|owner|root|superuser)",
    examples=("admin", "super_admin", "owner", "root"),
    others=("editor",),
    used_in=("actions/escalation", "actions/excuses/own_doing"),
)

PLATFORM_ROLE = Convention(
    id="platform-role",
    means="Roles of those who run the application, by the usual names in canonical form.",
    pattern=r"super(?!vis|intend)|platform|system|sysadmin|global|root|saas|(app|site)admin",
    where=Where.INSIDE,
    case=Case.CANONICAL,
    examples=("superadmin", "platformowner", "sysadmin"),
    others=("admin", "supervisor"),
    used_in=("actions/excuses/role_everywhere",),
)

POWER_WORD = Convention(
    id="power-word",
    means="Words for more than an account: what somebody must have been given.",
    pattern=r"admin|owner|root|super|staff|manager|moderator|editor|operator|maintainer|developer|support|premium|pro\b|paid"
    r"|enterprise|business|verified|approved|active",
    where=Where.INSIDE,
    examples=("admin", "staff", "premium", "super_user"),
    others=("guest", "visitor"),
    used_in=("actions/granting",),
)

RIGHT_WORD = Convention(
    id="right-word",
    means="What code says that asks for a right, and not how an account is.",
    pattern=r"role|permission|privilege|admin|owner|manager|staff|moderator|editor|super_?user|scope|capabilit|access_?level"
    r"|polic(y|ies)|\bcan[A-Z]",
    where=Where.INSIDE,
    examples=("user.role", "isAdmin", "canEdit", "permissions"),
    others=("isActive", "verified"),
    used_in=("actions/demand", "knowledge/supabase_queries"),
)
