"""What code is called that asks for a right: components, functions and their options."""

from __future__ import annotations

from preship.analyzers.conventions.form import Case, Convention, Where

GATE_COMPONENT = Convention(
    id="gate-component",
    means="What a component is called that shows its children to some only.",
    pattern=r"\w*(guard|gate|protect|require|restrict|authori[sz]|permission|rolebased|accesscontrol|hasrole|forrole)\w*|can|rbac",
    examples=("RoleGuard", "Protect", "Can", "RequirePermission"),
    others=("Card", "CanvasX"),
    used_in=("actions/gate_elements",),
)

GATE_PROPERTY = Convention(
    id="gate-property",
    means="What a component that shows its children to some only is given to ask for.",
    source="https://casl.js.org/v6/en/package/casl-react",
    pattern=r"(any|all|allowed|required|requires?|needed|min(imum)?)?_?(permissions?|roles?|privileges?|capabilit(y|ies)|scopes?"
    r"|allow|I|an?|do|on|action|resource|subject)",
    examples=("permission", "allowedRoles", "I", "action"),
    others=("children", "title"),
    used_in=("actions/gate_elements",),
)

ROLE_COMPONENT = Convention(
    id="role-component",
    means="A component that says in its name for whom it is: `AdminOnly`.",
    pattern=r"(?:require|only|for)?(super_?admin|admin|owner|manager|staff|moderator)(?:s?only|guard|gate|route)?",
    examples=("AdminOnly", "RequireAdmin", "StaffGuard"),
    others=("Adminer", "UserOnly"),
    used_in=("actions/gate_elements",),
)

FALLBACK_COMPONENT = Convention(
    id="fallback-component",
    means="Components that stand where the page is not shown.",
    pattern=r"\w*(load|spin|skeleton|denied|forbidden|unauthori[sz]ed|redirect|not_?found)\w*",
    examples=("LoadingPage", "Spinner", "AccessDenied"),
    others=("Table",),
    used_in=("actions/bare_elements",),
)

ASKING_CALL = Convention(
    id="asking-call",
    means="How the name of a call begins that asks for a right.",
    pattern=r"(can|cannot|has|is|may|require|assert|ensure|check|verify|enforce|authori[sz]e|allow|guard|with|protect|throw"
    r"|permit|metadata|policy|includes|\w*permission)",
    where=Where.BEGINNING,
    examples=("canEdit", "requireRole", "checkPermission", "hasScope"),
    others=("getUser", "deletePost"),
    used_in=("actions/matrix",),
)

RIGHT_PROPERTY = Convention(
    id="right-property",
    means="Properties that say what right is asked for, among others that say what an action is called.",
    pattern=r"permission|privilege|scope|abilit|capabilit|require|access|statement|role",
    where=Where.INSIDE,
    examples=("permission", "requiredScopes", "roles"),
    others=("name", "title"),
    used_in=("actions/matrix",),
)

SERVED_WORD = Convention(
    id="served-word",
    means="Words of a path or a name for those whom an application serves, and for what they do themselves.",
    pattern=r"portal|public|guests?|visitors?|clients?|customers?|buyers?|students?|patients?|parents?|applicants?|subscribers?|users?"
    r"|members?|me|my|mine|own|self|profiles?|accounts?|auth|onboarding|signup|register|join|leave|accept|vote|follow|like",
    examples=("portal", "me", "customers", "signup"),
    others=("admin", "reports"),
    used_in=("actions/matrix",),
)

PORTAL_WORD = Convention(
    id="portal-word",
    means="Words that say without a doubt that a page is for those whom an application serves.",
    pattern=r"portal|public|me|my|mine|own|self",
    examples=("portal", "my", "self"),
    others=("customers", "admin"),
    used_in=("actions/matrix",),
)

OTHER_OPERATION = Convention(
    id="other-operation",
    means="Words of a permission that say which operation it allows, and change nothing.",
    pattern=r"all|any|can|export|get|list|own|read|see|show|view",
    case=Case.AS_WRITTEN,
    examples=("read", "export", "own"),
    others=("delete", "create"),
    used_in=("actions/matrix",),
)

ANSWER_PROPERTY = Convention(
    id="answer-property",
    means="What the yes or no is called in what a library for rights answers.",
    source="https://github.com/onury/accesscontrol#checking-roles-and-permissions",
    pattern=r"(is_?)?(granted|allowed|permitted|authori[sz]ed)|allow|permits?",
    examples=("granted", "isAllowed", "authorized"),
    others=("ok", "data", "denied"),
    used_in=("flow/members",),
)

REFUSAL_WORD = Convention(
    id="refusal-word",
    means="Words by which a note says that somebody was refused.",
    pattern=r"denied|refused|forbidden|unauthori[sz]ed|not_?allowed|blocked"
    r"|(auth|login|permission|access)\w*[._ -]?fail",
    where=Where.INSIDE,
    examples=("access_denied", "route.forbidden", "UNAUTHORIZED_ATTEMPT", "auth_failure"),
    others=("post_removed", "login", "failed_payment"),
    used_in=("actions/excuses/refusal_noted",),
)

USABLE_ELEMENT = Convention(
    id="usable-element",
    means="Elements of the browser that show or take something of the application's.",
    pattern=r"form|table|ul|ol|button|input|select|textarea",
    examples=("form", "table"),
    others=("div", "p", "a"),
    used_in=("actions/browser_gates", "flow/expressions"),
)

PANEL_COMPONENT = Convention(
    id="panel-component",
    means="Components that only frame words: what is made of them alone tells somebody that there is nothing for them.",
    pattern=r"(fragment|link|button|card|alert|panel|container|box|stack|flex|group|center|text|title|typography|heading|badge|paper"
    r"|\w*icon|(page|site)?_?(header|shell|layout|title)|empty(_?state)?)\w*"
    r"|\w*(load|spin|skeleton|denied|forbidden|unauthori[sz]ed|redirect|not_?found|lock|shield|alert|warning|ban)\w*",
    examples=("Card", "CardContent", "Link", "AccessDenied", "ShieldAlert", "EmptyState"),
    others=("UserTable", "List", "OrderForm"),
    used_in=("actions/browser_gates", "flow/expressions"),
)
