"""What tables are called: of people, of tenants, of rights, of what is kept besides."""

from __future__ import annotations

from preship.analyzers.conventions.form import Case, Convention, Where

ACCOUNT_TABLE = Convention(
    id="account-table",
    means="Tables of those who sign in.",
    pattern=r"(app|auth|custom|platform|site)?users?|auths?users?|people|persons?",
    case=Case.CANONICAL,
    examples=("users", "appuser", "people"),
    others=("accounts", "profiles"),
    used_in=("actions/excuses/names_a_person", "actions/facts", "actions/foreign", "schema/graph", "schema/reading"),
)

PEOPLE_TABLE = Convention(
    id="people-table",
    means="Account tables that hold whom the users deal with, where there are users beside them.",
    pattern=r"people|persons?",
    case=Case.CANONICAL,
    examples=("people", "persons"),
    others=("users",),
    used_in=("schema/graph",),
)

PROFILE_TABLE = Convention(
    id="profile-table",
    means="Tables that hold more of a user, of whom each row names one.",
    pattern=r".*(profile|account|member|employee|staff|worker)s?",
    case=Case.CANONICAL,
    examples=("profiles", "useraccount", "employees"),
    others=("users", "posts"),
    used_in=("actions/facts", "schema/graph"),
)

MEMBERSHIP_TABLE = Convention(
    id="membership-table",
    means="Tables that say who belongs to what.",
    pattern=r".*(member|membership|seat|staff|employee|collaborator|teammate|coach)s?",
    case=Case.CANONICAL,
    examples=("orgmember", "memberships", "seats"),
    others=("members_only", "posts"),
    used_in=("actions/excuses/names_a_person", "actions/facts", "schema/graph"),
)

TENANT_TABLE = Convention(
    id="tenant-table",
    means="What groups of people who share their data are called.",
    pattern=r"(organi[sz]ation|org|tenant|workspace|compan(y|ies)|team|school|clinic|hospital|agency|agencies|business(es)?|firm"
    r"|institution|facilit(y|ies)|club|studio|store|shop|restaurant|franchise|council|client|household|famil(y|ies))s?",
    case=Case.CANONICAL,
    examples=("organization", "companies", "clinic"),
    others=("users", "posts"),
    used_in=("actions/excuses/written_id", "actions/foreign", "schema/graph", "schema/reading"),
)

CERTAIN_TENANT_TABLE = Convention(
    id="certain-tenant-table",
    means="Tenants that no application calls anything else by, whether it keeps its members itself or at a provider.",
    pattern=r"(organi[sz]ation|org|tenant|workspace)s?",
    case=Case.CANONICAL,
    examples=("organisation", "workspace", "tenants"),
    others=("team", "company"),
    used_in=("actions/founding", "schema/graph"),
)

PARTICIPATION_TABLE = Convention(
    id="participation-table",
    means="What people do with things that are not theirs, in their own name.",
    pattern=r".*(like|favou?rite|bookmark|vote|upvote|follow|follower|subscription|enrol|enrolment|enrollment|join|request"
    r"|application|applicant|booking|reservation|appointment|order|review|rating|comment|reply|replies|message|report"
    r"|attendance|attendee|rsvp|registration|view|visit|progress|reaction|answer|submission|response|feedback|cart|item"
    r"|wishlist|purchase|payment|donation|ticket|investment|claim|read|notification|referral|participant|participation"
    r"|history|attempt|result|completion|dismissal|interest|bid|offer|watch|redemption|checkin|score|save|saved|log)s?",
    case=Case.CANONICAL,
    examples=("likes", "orderitem", "bookings", "eventrsvp"),
    others=("users", "posts"),
    used_in=("schema/graph",),
)

MEMBER_HISTORY_TABLE = Convention(
    id="member-history-table",
    means="What is kept of what members do, and shown to them: nobody does it in a tenant that is not theirs.",
    pattern=r".*(log|history|histories|notification|activity|activities)s?",
    case=Case.CANONICAL,
    examples=("auditlog", "activities", "notification"),
    others=("orders",),
    used_in=("schema/graph",),
)

LOOKUP_TABLE = Convention(
    id="lookup-table",
    means="What rows of every kind use, in canonical names: no parent of them.",
    pattern=r".*(image|file|media|icon|avatar|asset|upload|logo|photo|picture|currency|currencies|country|countries|language"
    r"|locale|city|cities|state|region|timezone|role|plan|tier|statu|status|type)s?",
    case=Case.CANONICAL,
    examples=("mediafile", "country", "avatars", "planstatus"),
    others=("posts", "users"),
    used_in=("schema/graph",),
)

SINGLE_PROFILE_TABLE = Convention(
    id="single-profile-table",
    means="Tables of which each user has one row, whether the schema says so or not.",
    pattern=r"(user)?profiles?",
    case=Case.CANONICAL,
    examples=("profiles", "userprofile"),
    others=("employees",),
    used_in=("schema/graph",),
)

SIGN_IN_TABLE = Convention(
    id="sign-in-table",
    means="Tables of a library for signing in, whose names stand in columns for other things.",
    pattern=r"(auth)?(session|account|verification|verificationtoken|authenticator|passkey|token)s?",
    case=Case.CANONICAL,
    examples=("session", "verificationtoken", "accounts"),
    others=("users",),
    used_in=("schema/tables",),
)

RIGHTS_HOLDER_TABLE = Convention(
    id="rights-holder-table",
    means="Tables of those who may do something, or are to. The persons of something, of an event, are those "
    "who it is about.",
    pattern=r"user|member|invit|account|^(people|persons?)$|staff|employee|collaborator|admin|profile|owner",
    where=Where.INSIDE,
    examples=("user", "orgMember", "invitations", "staff"),
    others=("posts", "event_people"),
    used_in=("actions/escalation",),
)

ACCOUNT_OR_MEMBER_TABLE = Convention(
    id="account-or-member-table",
    means="Tables of those who have accounts, of what they are members of, and of those who are invited.",
    pattern=r"(.*[^A-Za-z])?(app_?)?(users?|accounts?|profiles?|user_?profiles?|(org(ani[sz]ation)?|team|workspace|project)?_?"
    r"(members?|memberships?|invit(es?|ations?)))(_?tables?)?",
    examples=("users", "public.profiles", "team_members", "invitations"),
    others=("posts",),
    used_in=("actions/granting",),
)

OWN_ROW_TABLE = Convention(
    id="own-row-table",
    means="Tables in which an account has its one row.",
    pattern=r"(.*[^A-Za-z])?(app_?)?(users?|profiles?|user_?profiles?)(_?tables?)?",
    examples=("users", "user_profiles", "profile"),
    others=("team_members", "accounts"),
    used_in=("actions/granting",),
)

_MEMBERS = (
    r"(.*[^A-Za-z])?(user_?)?(team|org(ani[sz]ation)?|workspace|project|company|group|club|tenant|account|space)?_?"
    r"(members?|memberships?|collaborators?|role_?assignments?|user_?roles?)(_?tables?)?"
)

TENANT_MEMBER_TABLE = Convention(
    id="tenant-member-table",
    means="Tables that say who belongs to a tenant, and as what.",
    pattern=_MEMBERS,
    examples=("team_members", "user_roles", "memberships"),
    others=("users", "posts"),
    used_in=("actions/habits",),
)

ENTRY_RIGHT_TABLE = Convention(
    id="entry-right-table",
    means="Tables that say who may come in: those of members, and what makes somebody one of them.",
    pattern=rf"{_MEMBERS}|(.*[^A-Za-z])?([a-z]+_?)?(invit(e|ee|ation)s?|api_?keys?)(_?tables?)?",
    examples=("team_members", "apiKeys", "invitations"),
    others=("users", "posts"),
    used_in=("actions/habits",),
)

LOG_TABLE = Convention(
    id="log-table",
    means="Tables in which actions note what they do besides.",
    pattern=r"(.*_)?(logs?|audits?|audit_?(logs?|events?|trails?)|activit(y|ies)|histor(y|ies)|notifications?|events?|metrics?"
    r"|analytics|views?|sessions?)|.*(Logs?|Audits?|Activit(y|ies)|Histor(y|ies)|Notifications?)",
    case=Case.AS_WRITTEN,
    examples=("audit_logs", "activityLog", "ActivityLogs", "notifications"),
    others=("catalogs", "posts"),
    used_in=("actions/notes",),
)

CACHE_TABLE = Convention(
    id="cache-table",
    means="Tables of answers that a program keeps, and makes again from its other records when they are gone.",
    pattern=r".*cached?(s|entry|entries|item|items|result|results|response|responses)?",
    case=Case.CANONICAL,
    examples=("dashboardcache", "cacheentries", "searchcaches"),
    others=("posts", "caches_of_gold"),
    used_in=("actions/benign",),
)

PUSH_TABLE = Convention(
    id="push-table",
    means="Tables of the browsers and devices that take messages, each by an address that only it knows.",
    source="https://www.rfc-editor.org/rfc/rfc8030#section-8.3",
    pattern=r"(web)?push(subscriptions?|subscribers?|devices?|tokens?|endpoints?)|(fcm|device|notification)tokens?",
    case=Case.CANONICAL,
    examples=("pushsubscription", "webpushsubscriptions", "fcmtokens", "devicetoken"),
    others=("subscriptions", "pushes", "webhooks"),
    used_in=("actions/benign",),
)

PUSH_ADDRESS_COLUMN = Convention(
    id="push-address-column",
    means="Columns with the address at which one browser or device takes messages.",
    source="https://www.rfc-editor.org/rfc/rfc8030#section-8.3",
    pattern=r"(push_?)?(endpoint|token)(_?(url|hash))?|(fcm|device|registration)_?token",
    examples=("endpoint", "fcmToken", "push_token"),
    others=("id", "userId", "url"),
    used_in=("actions/benign",),
)

ONE_TIME_CREDENTIAL_TABLE = Convention(
    id="one-time-credential-table",
    means="Tables of one-time credentials: the id of a row is the credential where it is looked up by nothing else.",
    pattern=r"(token|otp|nonce|challenge|magic_?link|one_?time_?(code|password)|(password|email)_?(reset|verification)"
    r"|(reset|verification|recovery)_?(code|request|link)|reset)s?",
    examples=("passwordReset", "token", "verification_code"),
    others=("users", "countries"),
    used_in=("actions/one_time",),
)

CHALLENGE_TABLE = Convention(
    id="challenge-table",
    means="Tables of what a caller has to sign or solve before anybody knows them.",
    pattern=r"(nonce|challenge|captcha)s?",
    examples=("nonce", "challenges", "captcha"),
    others=("tokens",),
    used_in=("actions/excuses/challenge_issued",),
)

GRANT_TABLE = Convention(
    id="grant-table",
    means="Tables whose rows give a right to whoever they name: the last word says it. `early_access` aside, "
    "which is a waiting list.",
    pattern=r"(?:^|[_.]|(?<=[a-z])(?=[A-Z]))(?:owner(?:ship)?|membership|role|permission|privilege|grant|admin|collaborator|editor"
    r"|(?<=[_a-z])member|(?<=[_a-z])share|access)s?$",
    where=Where.INSIDE,
    examples=("projectMember", "user_roles", "documentShare", "team_access"),
    others=("member", "posts"),
    used_in=("actions/excuses/address_left",),
)

WAITING_LIST_TABLE = Convention(
    id="waiting-list-table",
    means="Tables whose names speak of access that somebody waits for.",
    pattern=r"early|beta|request|wait",
    where=Where.INSIDE,
    examples=("earlyAccess", "beta_access", "accessRequest"),
    others=("projectAccess",),
    used_in=("actions/excuses/address_left",),
)

VOUCHER_TABLE = Convention(
    id="voucher-table",
    means="Tables of what is worth something to whoever holds its code.",
    pattern=r"gift_?(card|voucher|certificate)|voucher|coupon|promo(tion)?(_?code|s|$)|discount(_?code|s|$)"
    r"|referral(_?(code|reward)|s|$)",
    where=Where.INSIDE,
    examples=("giftCard", "coupons", "discount_codes", "promoCode", "referralReward"),
    others=("orders", "discountedProduct", "promotedPost"),
    used_in=("actions/excuses/found_by_a_code",),
)

SUBSCRIBER_TABLE = Convention(
    id="subscriber-table",
    means="Tables of addresses to which news is sent.",
    pattern=r"newsletter|mailing_?list|subscriber|(e?mail|news)_?subscription|unsubscribe",
    where=Where.INSIDE,
    examples=("newsletterSubscription", "subscribers", "mailing_list", "email_subscriptions"),
    others=("subscription", "mail"),
    used_in=("actions/excuses/address_left", "actions/visitors"),
)

CHOICE_TABLE = Convention(
    id="choice-table",
    means="Tables from which forms fill their lists: their rows tell nothing of anybody.",
    pattern=r"(.*_)?(categor(y|ies)|types?|tags?|labels?|status(es)?|stages?|houses?|class(es)?|sections?|subjects?|departments?"
    r"|(academic_?)?(sessions?|years?|terms?)|units?|sizes?|colou?rs?|brands?|countr(y|ies)|cit(y|ies)|regions?"
    r"|currenc(y|ies)|languages?|levels?|grades?|positions?|locations?|rooms?|holidays?|calendars?|settings?|features?)"
    r"|.*(Categor(y|ies)|Types?|Tags?|Labels?|Status(es)?|Stages?|Session|Year|Settings?)",
    examples=("categories", "order_status", "BlogTags", "rooms"),
    others=("users", "orders"),
    used_in=("actions/reach", "actions/reserved"),
)

CONFIDENTIAL_TABLE = Convention(
    id="confidential-table",
    means="Tables of those one deals with, of money and of letters: no visitor's business.",
    pattern=r"(customers?|clients?|patients?|employees?|contacts?|leads?|orders?|invoices?|payments?|payment_?methods?"
    r"|transactions?|expenses?|subscriptions?|messages?|conversations?|chats?|api_?keys?|invitations?|audit_?logs?)"
    r"(_?tables?)?",
    examples=("customers", "invoice", "apiKeys", "audit_logs"),
    others=("posts", "products"),
    used_in=("actions/returned",),
)

PEOPLE_RECORD_TABLE = Convention(
    id="people-record-table",
    means="Tables of people who have accounts, or of whom records are kept: their whole rows hold how to reach them.",
    pattern=r"(app_?)?(users?|accounts?|members?|profiles?|persons?|people|students?|teachers?|staff|employees?|admins?)(_?tables?)?",
    examples=("users", "students", "staff", "employee"),
    others=("posts", "customers"),
    used_in=(
        "actions/facts",
        "actions/returned",
    ),
)

STATE_TABLE = Convention(
    id="state-table",
    means="Tables of what a tenant or a user has chosen, bought or done: what stands there is no right either.",
    pattern=r"settings?$|preferences?$|config(uration)?s?$|features?$|feature_?flags?$|subscriptions?$|plans?$|licen[cs]es?$"
    r"|billing|payments?$|invoices?$|orders?$|onboarding|usage|messages?$|notifications?$|reminders?$",
    where=Where.INSIDE,
    examples=("user_settings", "subscriptions", "billing_accounts"),
    others=("users", "roles"),
    used_in=("flow/operators",),
)

SETTINGS_TABLE = Convention(
    id="settings-table",
    means="Tables of what was set up for the application as a whole.",
    pattern=r"\w*(settings?|config(uration)?s?|options|parameters)",
    examples=("siteConfig", "app_settings", "options"),
    others=("users", "projects", "option"),
    used_in=("flow/operators",),
)

PRIVILEGED_TABLE = Convention(
    id="privileged-table",
    means="Tables in which only those stand who may do more than others.",
    pattern=r"\w*(admin(istrator)?s?|superusers?|moderators?|staff|allow_?list|white_?list"
    r"|(allowed|authori[sz]ed|whitelisted)_?(users?|members?|e?mails?))(_?(users?|members?|accounts?|profiles?|e?mails?))?",
    examples=("admins", "platform_admins", "allowed_emails"),
    others=("users", "members"),
    used_in=("flow/operators", "knowledge/rights"),
)

PERSONAL_TABLE = Convention(
    id="personal-table",
    means="Tables whose rows hold what others should not see.",
    pattern=r"user|account|member|customer|profile|patient|employee|credential|session|token|secret|api_?key|invit|payment",
    where=Where.INSIDE,
    examples=("user", "customers", "payments", "apiKey"),
    others=("posts",),
    used_in=("actions/output",),
)

SECRET_TABLE = Convention(
    id="secret-table",
    means="Tables whose rows hold what even the one they are about does not see.",
    pattern=r"(user|account|credential|session|token|secret|api_?key)",
    where=Where.INSIDE,
    examples=("user", "api_key", "Session"),
    others=("post",),
    used_in=("actions/output",),
)

JOINING_WORD = Convention(
    id="joining-word",
    means="Words between, or behind, the two names that a join table is called by.",
    pattern=r"to|and|on|of|in|has|x|2|join|link|map|mapping|relation|rel|table",
    case=Case.AS_WRITTEN,
    examples=("to", "map", "rel"),
    others=("user", "tom"),
    used_in=("schema/graph",),
)

LOGIN_TABLE = Convention(
    id="login-table",
    means="Tables of the sessions of who signs in.",
    pattern=r"(user|auth|login)_?sessions?",
    examples=("userSessions", "auth_session"),
    others=("session", "lessonSession"),
    used_in=("actions/validation",),
)

PENDING_TABLE = Convention(
    id="pending-table",
    means="Tables of what is to be confirmed first.",
    pattern=r"pending|unverified|unconfirmed|temp(orary)?_?(user|account)|(sign_?up|registration)_?request",
    where=Where.INSIDE,
    examples=("pendingUser", "temp_account", "signup_requests"),
    others=("user", "request"),
    used_in=("actions/excuses/address_left",),
)

LIST_FOR_ALL_TABLE = Convention(
    id="list-for-all-table",
    means="Tables with lists that every visitor may see: rooms, sessions and states are of somebody's business.",
    pattern=r"(.*_)?(categor(y|ies)|types?|tags?|labels?|sizes?|colou?rs?|brands?|countr(y|ies)|cit(y|ies)|regions?"
    r"|currenc(y|ies)|languages?|settings?|features?|configs?)"
    r"|.*(Categor(y|ies)|Types?|Tags?|Labels?|Sizes?|Brands?|Settings?|Configs?)",
    examples=("categories", "productTypes", "site_config"),
    others=("rooms", "sessions", "status"),
    used_in=("actions/reserved",),
)

LOG_ENTRY_TABLE = Convention(
    id="log-entry-table",
    means="Tables in which something is kept of what has happened.",
    pattern=r"(?!.*(b|cata|dia)logs?$).*(logs?|log_?entr(y|ies)|log_?events?)",
    examples=("auditLogs", "log_entries"),
    others=("blogs", "catalogs", "dialogs", "users"),
    used_in=("actions/world",),
)

PROGRAM_LOG_TABLE = Convention(
    id="program-log-table",
    means="Tables in which the program keeps what has gone wrong in it.",
    pattern=r"((system|error|app|application|server|crash|exception|failure)_?(logs?|log_?entr(y|ies)|events?|reports?))"
    r"|exceptions?|(application|server|runtime)_?errors?",
    examples=("error_logs", "exceptions", "systemLog"),
    others=("audit_logs", "users"),
    used_in=("actions/world",),
)

DEALT_WITH_TABLE = Convention(
    id="dealt-with-table",
    means="Tables of those whom a business deals with: who they are is its own affair.",
    pattern=r".*(client|customer|contact|patient|supplier|vendor|lead|prospect|employee|staff|guest|student|resident)s?",
    case=Case.CANONICAL,
    examples=("clients", "clubguest", "patients"),
    others=("posts", "users"),
    used_in=("actions/reach",),
)
