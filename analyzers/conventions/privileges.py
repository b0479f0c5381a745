"""Columns that say what somebody may do, or how their account is."""

from __future__ import annotations

from preship.analyzers.conventions.form import Convention

PRIVILEGED_COLUMN = Convention(
    id="privileged-column",
    means="Columns that say whose something is, what somebody may do or has paid for: set by the program, and "
    "by no form.",
    pattern=r"(.*_)?(roles?|permissions?|privileges?|access_level|plan|tier|subscription(_\w+)?|credits?|balance|quota"
    r"|is_?(super_?)?(admin|staff|user|owner|verified|approved|featured|paid|premium|pro|active|banned)"
    r"|verified(_at)?|approved(_\w+)?|banned(_\w+)?"
    r"|(user|owner|author|creator|organi[sz]ation|org|team|tenant|workspace|company|account|customer|member|employee"
    r"|client|store|shop|school|clinic|landlord|clerk|auth|stripe_\w+)_?(id|uuid)|created_by|owner|author|creator)",
    examples=("role", "is_admin", "user_id", "plan", "owner"),
    others=("title", "description"),
    used_in=("schema/private",),
)

PRIVILEGE_COLUMN = Convention(
    id="privilege-column",
    means="Columns that say what somebody may do.",
    pattern=r"(.*\.)?((user|member|membership|org(ani[sz]ation)?|team|workspace|account|system|global)_?)?"
    r"(roles?|is_?(super_?)?admin|access_?level|permissions|privileges)",
    examples=("role", "isAdmin", "orgRole", "permissions"),
    others=("roleplay", "title"),
    used_in=("actions/escalation", "actions/excuses/opened_form"),
)

SINGLE_RIGHTS_COLUMN = Convention(
    id="single-rights-column",
    means="Columns of what somebody may do, thing by thing: none of it makes anybody one of the ranks that are "
    "asked for.",
    pattern=r"(.*[._])?(permissions|privileges)",
    examples=("permissions", "user.privileges"),
    others=("role", "permission"),
    used_in=("actions/escalation",),
)

ROLE_COLUMN = Convention(
    id="role-column",
    means="Columns that say what somebody may do.",
    pattern=r"((user|member|membership|org(ani[sz]ation)?|team|workspace|account|system|global|app)_?)?"
    r"(roles?|role_?(id|name)|is_?(super_?)?(admin|staff|moderator)|access_?level|permissions|privileges)",
    examples=("role", "roleId", "isAdmin", "accessLevel"),
    others=("roleplay", "plan"),
    used_in=("actions/excuses/own_doing", "actions/granting"),
)

STANDING_COLUMN = Convention(
    id="standing-column",
    means="Columns that say what an account has paid for or been found to be, where they stand in a row of the "
    "account.",
    pattern=r"(is_?)?(verified|approved|premium|pro|subscribed)|email_?verified|subscription_?status"
    r"|((current|active|account|billing|pricing|subscription|user|membership)_?)?(plan|tier)(_?(name|type))?"
    r"|((remaining|available)_?)?credits|((credit|wallet|account)_?)?balance",
    examples=("verified", "isPremium", "plan", "credits", "subscription_tier", "currentPlan", "remaining_credits"),
    others=("role", "name", "planning", "credits_seen", "trainingPlan"),
    used_in=("actions/granting",),
)

RIGHT_COLUMN = Convention(
    id="right-column",
    means="Columns and relations that say what somebody may do.",
    pattern=r"\w*(roles?|permissions?|privileges?|access_?level)(_?(name|key|type|slug|code|id)s?)?",
    examples=("role", "user_roles", "permissionKey", "access_level", "roleSlugs"),
    others=("title", "status"),
    used_in=("actions/escalation", "flow/operators", "knowledge/rights", "knowledge/supabase_queries", "schema/graph"),
)

RANK_COLUMN = Convention(
    id="rank-column",
    means="Columns that say as a number how high somebody stands, where whoever stands higher may do more.",
    pattern=r"((user|member|membership|org(ani[sz]ation)?|team|workspace|account|system|global|app|max|highest)[._]?)?"
    r"((role|access|permission|privilege|security|admin|authority|tier|trust)[._]?(level|rank|weight)|clearance([._]?level)?)",
    examples=("roleLevel", "access_level", "role.rank", "userRoleWeight", "clearance", "tierLevel"),
    others=("level", "userLevel", "rank", "age", "subscriptionTierLevel", "credits"),
    used_in=("flow/operators",),
)

STATE_COLUMN = Convention(
    id="state-column",
    means="Columns that tell how an account is, where it is or what it pays for: no right to the records of others.",
    pattern=r"((is|has)_?)?(active|enabled|banned|blocked|verified|email_?verified|confirmed|approved|onboarded|deleted|logged_?in"
    r"|status|state|plan|tier|pro|premium|paid|paying|subscri(bed|ber|ption)|trial|((sign_?in|auth)_?)?provider|locale|language|theme|country"
    r"|region|city|currency|time_?zone|gender|channel|priority|frequency|format|method|direction|source|stage|severity"
    r"|mode|((onboarding|setup|sign_?up|registration|profile)_?)?(step|complete|completed|done)"
    r"|(two_?factor|2fa|mfa|totp)(_?(enabled|verified|passed|active))?)",
    examples=("isActive", "status", "plan", "locale", "email_verified", "onboardingStep", "twoFactorEnabled"),
    others=("role", "isAdmin"),
    used_in=("flow/operators",),
)

DESCRIPTION_COLUMN = Convention(
    id="description-column",
    means="Columns that describe a person in words of their own: what these contain is no right.",
    pattern=r"(e?mail|(first|last|user|full)?_?name|image|picture|bio|url|phone)",
    examples=("email", "firstName", "image", "bio"),
    others=("role", "id"),
    used_in=("flow/operators",),
)

RIGHT_FLAG = Convention(
    id="right-flag",
    means="The language's convention for properties that answer yes or no, and words for those who may do more "
    "than others. A state of the session is no right.",
    pattern=r"(is|has|can|should|may|allow)"
    r"(?!_?(logged|signed|auth|active|verified|valid|expired|new|anonymous|onboard|email|load|pending|accept|agree|consent"
    r"|complet|finish|setup|set_up|seen|profile|password|phone|mfa|2fa|two_?factor|subscri|connected|linked|online))"
    r"(?-i:[A-Z]|_)\w*"
    r"|((super|site|app|global|system|platform|org)_?)?(admin|administrator|staff|superuser|root|moderator|owner|operator"
    r"|maintainer|editor|reviewer|curator|organi[sz]er|instructor|teacher|coach|employee|internal|privileged|permitted)",
    examples=("isAdmin", "canEdit", "staff", "is_owner"),
    others=("isActive", "isLoggedIn", "issue", "hasAcceptedTerms", "has_completed_profile"),
    used_in=("flow/members", "flow/operators", "knowledge/rights"),
)

RIGHTS_MAP = Convention(
    id="rights-map",
    means="Columns that hold what somebody may do, thing by thing: what is found under a name in one is a right.",
    pattern=r"((user|member|role|custom|effective)_?)?(permissions?|privileges|capabilities|abilities|rights|grants)(_?map)?",
    examples=("permissions", "capabilities", "rolePermissions", "permissionMap"),
    others=("role", "roles", "settings"),
    used_in=("flow/members",),
)
