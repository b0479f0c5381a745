"""Columns that name a record or a person."""

from __future__ import annotations

from preship.analyzers.conventions.form import Case, Convention, Where

PERSON_COLUMN = Convention(
    id="person-column",
    means="Columns that name a person.",
    pattern=r"(.*_)?(user|author|owner|creator|customer|clerk|auth|sender|profile|account|member|membership|employee|student"
    r"|teacher|staff|person|people|patient|client|buyer|seller|applicant|candidate|recipient|assignee|doctor|physician"
    r"|nurse|therapist|coach|trainer|instructor|tutor|mentor|driver|courier|technician|freelancer|guardian|by)"
    r"(_?(id|email))?",
    examples=("userId", "author", "created_by", "customerEmail"),
    others=("postId", "title"),
    used_in=("actions/personal",),
)

ACTOR_COLUMN = Convention(
    id="actor-column",
    means="Fields that say whose a record is.",
    pattern=r"(user|author|owner|creator|customer|clerk|sender|created_?by)(_?(id|email))?",
    examples=("userId", "author", "createdBy", "clerkId"),
    others=("postId", "memberId"),
    used_in=("actions/excuses/own_doing", "actions/facts", "actions/foreign", "actions/one_time", "actions/world"),
)

PERSON_KEY_COLUMN = Convention(
    id="person-key-column",
    means="Columns by which a record says whom it is about.",
    pattern=r"(.*\.)?(user|member|profile|employee|person|player|student|account)_?(id|uuid)",
    examples=("userId", "orders.member_id", "playerId"),
    others=("authorId", "postId"),
    used_in=("actions/excuses/link_token", "actions/world", "flow/belonging"),
)

RECORD_KEY_COLUMN = Convention(
    id="record-key-column",
    means="Columns by which a record names itself or another one.",
    pattern=r"(id|slug|key|uuid|handle)$",
    where=Where.INSIDE,
    examples=("id", "postId", "slug", "handle"),
    others=("title", "identity"),
    used_in=("actions/unrelated_reads", "flow/belonging"),
)

OWN_KEY_COLUMN = Convention(
    id="own-key-column",
    means="Columns by which a record names itself.",
    pattern=r"(.*\.)?_?(id|slug|uuid|key)",
    examples=("id", "posts.id", "_id", "slug"),
    others=("postId", "title"),
    used_in=("actions/foreign", "actions/reserved", "actions/ties", "flow/belonging", "knowledge/rows"),
)

REFERENCE_COLUMN = Convention(
    id="reference-column",
    means="Fields that name another record.",
    pattern=r"(Id|_id|ID)$",
    where=Where.INSIDE,
    case=Case.AS_WRITTEN,
    examples=("postId", "post_id", "userID"),
    others=("paid", "id"),
    used_in=(
        "actions/excuses/address_left",
        "actions/excuses/guests_purchase",
        "actions/excuses/link_token",
        "actions/excuses/opened_form",
        "actions/excuses/whole",
        "actions/personal",
        "actions/world",
        "judgement/access",
    ),
)

RECORD_OPTION = Convention(
    id="record-option",
    means="Options that name the record to act on, in every such interface seen: `id`, `userId`, `organization_id`.",
    pattern=r"(^id|Id|_id|ID)$",
    where=Where.INSIDE,
    case=Case.AS_WRITTEN,
    examples=("id", "userId", "organization_id"),
    others=("paid", "title"),
    used_in=("knowledge/managed",),
)

LIST_COLUMN = Convention(
    id="list-column",
    means="Columns that hold a list: a row lies in none of what it lists.",
    pattern=r"([Ii]d|[Uu]u[Ii]d|ID)s$",
    where=Where.INSIDE,
    case=Case.AS_WRITTEN,
    examples=("memberIds", "userIDs"),
    others=("memberId", "tags"),
    used_in=("schema/reading",),
)

_AT_A_SERVICE = r"(auth|clerk|supabase|firebase|kinde|workos|cognito|auth0)(user)?(id|uid|uuid|sub)"
_PERSON = "owner|author|sender|recipient|follower|subscriber|applicant|requester|participant|voter"

SERVICE_ACCOUNT_COLUMN = Convention(
    id="service-account-column",
    means="Columns by which each row says which account of a service it is.",
    pattern=_AT_A_SERVICE,
    case=Case.CANONICAL,
    examples=("clerkid", "authuserid", "supabaseuid"),
    others=("userid", "clerk"),
    used_in=("schema/reading",),
)

ACCOUNT_COLUMN = Convention(
    id="account-column",
    means="Columns that name who a row belongs to.",
    pattern=rf"{_AT_A_SERVICE}|((app)?user|{_PERSON})(id|uid|uuid)",
    case=Case.CANONICAL,
    examples=("userid", "ownerid", "clerkid", "voteruid"),
    others=("postid", "user"),
    used_in=("schema/reading",),
)

SERVICE_COLUMN = Convention(
    id="service-column",
    means="How columns begin that name something at another service.",
    pattern=r"(stripe|paypal|paddle|lemon_?squeezy|razorpay|square|clerk|auth0|firebase|supabase|github|gitlab|google|microsoft"
    r"|azure|apple|facebook|meta|twitter|linkedin|slack|discord|telegram|whatsapp|twilio|shopify|hubspot|notion|jira"
    r"|airtable|zoom|xero|odoo|aws|s3|vercel|external|remote|provider|foreign|legacy)(?=[A-Z_])",
    where=Where.BEGINNING,
    case=Case.AS_WRITTEN,
    examples=("stripeCustomerId", "external_id", "googleId"),
    others=("stripe", "postId"),
    used_in=("schema/tables",),
)

PROVENANCE_COLUMN = Convention(
    id="provenance-column",
    means="Columns that say who did something to a row.",
    pattern=r".*(creat|updat|modif|invit|approv|add|upload|delet|review|assign|clos|request|verif|record|chang|edit|publish"
    r"|resolv|process|handl|refer|cancel|archiv|reject|grant|sign|issu)\w*(by[a-z]*|to(user|profile)?(id|uuid)?)"
    r"|(assignee|reporter|reviewer|inviter|approver|editor|actor|referrer|uploader)(user)?(id|uuid)?",
    case=Case.CANONICAL,
    examples=("createdby", "invitedbyid", "assigneeid", "uploaderuserid"),
    others=("userid", "ownerid"),
    used_in=("actions/excuses/provenance", "schema/graph"),
)

JOIN_TABLE_COLUMN = Convention(
    id="join-table-column",
    means="Columns of a join table that say no more than that there is a row.",
    pattern=r"id|uuid|(creat|updat|join|add|assign)ed(at|on|date)?|role|permissions?|status|order|position",
    case=Case.CANONICAL,
    examples=("id", "createdat", "role", "joinedat"),
    others=("userid", "title"),
    used_in=("schema/graph",),
)

ACCOUNT_REFERENCE = Convention(
    id="account-reference",
    means="Columns by which a new row is somebody's who signs in; a list of the team on a page has none.",
    pattern=r"(user|account|profile|member|clerk|auth)_?(id|uuid)|e?_?mail|user",
    examples=("userId", "email", "clerk_id"),
    others=("postId", "name"),
    used_in=("actions/granting",),
)

MEMBER_LIST_COLUMN = Convention(
    id="member-list-column",
    means="Lists of those who share a row.",
    pattern=r"(team)?(members|memberids|memberuids|collaborators|collaboratorids|teammates|teammateids)",
    case=Case.CANONICAL,
    examples=("memberids", "teammembers", "collaborators"),
    others=("memberid", "users"),
    used_in=("schema/graph",),
)

ONE_OF_EACH_COLUMN = Convention(
    id="one-of-each-column",
    means="Columns that hold something which no two people share.",
    pattern=r"(.*_)?(e?_?mail|user_?name|login|handle|slug)",
    examples=("email", "userName", "contact_email"),
    others=("name", "userId"),
    used_in=("knowledge/supabase_queries",),
)
