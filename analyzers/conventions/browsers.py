"""What code of browsers calls who is signed in there, and what it does with those who are not."""

from __future__ import annotations

from preship.analyzers.conventions.form import Case, Convention, Where

SESSION_HOOK = Convention(
    id="session-hook",
    means="Hooks that tell a component who is signed in.",
    pattern=r"use(\w*(Auth|Session)\w*|\w*Current_?(User|Member)|\w*(SignedIn|LoggedIn)\w*|User|Me|Viewer|Principal|Identity"
    r"|(Kinde|Firebase|Supabase|App|Auth|Session)User)",
    case=Case.AS_WRITTEN,
    examples=("useSession", "useAuth", "useSupabaseAuth", "useUser", "useCurrentUser"),
    others=("useUsers", "useForm", "useUserProfile"),
    used_in=("actions/browser_gates",),
)

HOOK_OF_DATA = Convention(
    id="hook-of-data",
    means="Hooks that give a component something other than who is signed in.",
    pattern=r"use(State|Reducer|Ref|Memo|Callback|Params|Search|Form|\w*Form|\w*Query|SWR|\w*Mutation|\w*Action\w*"
    r"|Optimistic|Transition|Loader|Data|Fetch|Router|Path|Watch|Field|Controller)\w*",
    case=Case.AS_WRITTEN,
    examples=("useState", "useParams", "useSuspenseQuery", "useSWR", "useActionState"),
    others=("useStore", "useContext", "useApp"),
    used_in=("actions/browser_gates",),
)

SIGNED_IN_NAME = Convention(
    id="signed-in-name",
    means="Variables of a component that hold who is signed in, or whether anybody is.",
    pattern=r"(current|auth|session|firebase|supabase|signed_?in|logged_?in|logged)?_?(user|viewer|member|session)(_?id)?|me|uid"
    r"|is_?(auth(enticated|ed)?|logged(_?in)?|signed(_?in)?)|(is_?)?authenticated|logged_?in|signed_?in",
    examples=("user", "currentUser", "session", "isAuthenticated", "isSignedIn", "userId"),
    others=("users", "profile", "customer", "username"),
    used_in=("actions/browser_gates",),
)

WAITING_NAME = Convention(
    id="waiting-name",
    means="Flags that tell that the browser still looks who is there, or has looked.",
    pattern=r"load|pending|ready|mount|init|hydrat|check|fetch|status|settled",
    where=Where.INSIDE,
    examples=("loading", "isLoaded", "isPending", "mounted", "authReady"),
    others=("token", "isAdmin"),
    used_in=("actions/browser_gates",),
)

BROWSER_SESSION_CALL = Convention(
    id="browser-session-call",
    means="Calls by which code of browsers learns who is signed in there.",
    pattern=r"on(Auth|Session|User|IdToken)\w*Change\w*|onIdTokenChanged|get(Session|(Current)?User|Me|CurrentSession|AuthUser)"
    r"|fetch(Me|CurrentUser|Session|AuthSession|UserAttributes)|currentAuthenticatedUser",
    case=Case.AS_WRITTEN,
    examples=("onAuthStateChanged", "onAuthStateChange", "getSession", "getCurrentUser", "fetchAuthSession"),
    others=("getUsers", "getUserById", "onChange"),
    used_in=("actions/browser_gates",),
)

STORED_SESSION = Convention(
    id="stored-session",
    means="Under what names browsers keep a session.",
    pattern=r"(\w*[-_. ])?(\w*token|jwt|session\w*|auth\w*|(current|logged)?_?user(_?id)?|is_?logged_?in)",
    examples=("token", "accessToken", "auth_token", "session", "currentUser"),
    others=("theme", "cart", "csrf"),
    used_in=("actions/browser_gates",),
)

LEAVING_CALL = Convention(
    id="leaving-call",
    means="Calls that send a visitor elsewhere, or to sign in.",
    pattern=r"push|replace|redirect|permanentRedirect|notFound|forbidden|unauthorized|navigate(To)?|assign"
    r"|signIn\w*|login\w*|redirectTo\w*|openSignIn|(require|show|open)(Login|SignIn|Auth)\w*",
    case=Case.AS_WRITTEN,
    examples=("push", "replace", "signIn", "redirectToSignIn", "loginWithRedirect"),
    others=("setUser", "fetch"),
    used_in=("actions/browser_gates",),
)

SIGN_IN_COMPONENT = Convention(
    id="sign-in-component",
    means="Components that offer to sign in, or send there.",
    pattern=r"\w*((sign|log)_?in|log_?on|auth_?(error|required|prompt|form|screen|page)|authenticat\w*|signed_?out|unauth\w*)\w*",
    examples=("SignInButton", "LoginForm", "RedirectToSignIn", "AuthError", "SignedOut"),
    others=("OrderForm", "Blog", "Catalogue"),
    used_in=("actions/browser_gates", "actions/bare_elements", "flow/expressions"),
)

SIGNED_IN_COMPONENT = Convention(
    id="signed-in-component",
    means="Components and wrappers of components that show something to who is signed in alone.",
    pattern=r"((require|with)_?(auth\w*|login|user|session|sign_?in|page_?auth\w*)|protected(_?\w+)?"
    r"|(auth(entication)?|session|login|private|members?)_?(guard|gate|route|only|required|boundary|wall)"
    r"|signed_?in|authenticated(_?template)?|logged_?in)",
    examples=("AuthGuard", "SignedIn", "withPageAuthRequired", "ProtectedRoute", "RequireAuth", "withAuth"),
    others=("AuthProvider", "SessionProvider", "withSentry", "PublicRoute"),
    used_in=("actions/rendering",),
)
