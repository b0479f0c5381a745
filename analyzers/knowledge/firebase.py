"""Firebase: who is calling, by the Admin SDK's verified tokens, and the administration of users."""

from __future__ import annotations

from analyzers.flow.effects import Client, EffectKind
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.values import NULL_VALUE, PLAIN, Library, Promise, Value, of
from analyzers.knowledge.managed import managed
from analyzers.knowledge.rows import LEAVES, LibraryModel, effect, gives, made, promises, proof
from analyzers.knowledge.tokens import claims

PROVIDER = "Firebase"
ADMIN = "firebase-admin#auth"
BEGINS = (
    "signInWithEmailAndPassword",
    "createUserWithEmailAndPassword",
    "signInWithPopup",
    "signInWithRedirect",
    "signInWithCredential",
    "signInWithCustomToken",
    "signInAnonymously",
    "signInWithEmailLink",
    "sendSignInLinkToEmail",
    "sendPasswordResetEmail",
    "confirmPasswordReset",
    "applyActionCode",
)


def verified(library: Library, given: Arguments, calling: Calling) -> Value:
    """`verifyIdToken(token)`, `verifySessionCookie(cookie)`: the claims, or a throw."""
    found, facts = claims(given.at(0), calling, is_verified=True)
    return of(Promise(found, facts and proof(PROVIDER, calling), PLAIN))


MODELS = (
    LibraryModel(
        frozenset({"firebase-admin/auth"}),
        "https://firebase.google.com/docs/auth/admin/verify-id-tokens",
        {("getAuth",): made(ADMIN)},
    ),
    LibraryModel(
        frozenset({"firebase-admin"}),
        "https://firebase.google.com/docs/auth/admin/verify-id-tokens",
        {
            ("auth",): made(ADMIN),
            ("default", "auth"): made(ADMIN),
            **{(*start, "app"): gives(PLAIN) for start in ((), ("default",))},
        },
        methods={"initializeApp": lambda library, given, calling: of(Library("firebase-admin", ("default",)))},
    ),
    LibraryModel(
        frozenset({ADMIN}),
        "https://firebase.google.com/docs/reference/admin/node/firebase-admin.auth.baseauth",
        {
            ("verifyIdToken",): verified,
            ("verifySessionCookie",): verified,
            ("createSessionCookie",): effect(EffectKind.IDENTIFY, "the caller's session"),
            ("createCustomToken",): effect(EffectKind.WRITE, "the session of a user", key=0, data=1),
            ("setCustomUserClaims",): effect(EffectKind.WRITE, "users", key=0, data=1, client=Client.SERVER),
        },
        otherwise=managed("users", Client.SERVER),
    ),
    LibraryModel(
        frozenset({"firebase/auth"}),
        "https://firebase.google.com/docs/reference/js/auth",
        {
            ("getAuth",): made("firebase#auth"),
            ("initializeAuth",): made("firebase#auth"),
            **{(name,): effect(EffectKind.IDENTIFY, "the caller's session", data=1) for name in BEGINS},
            ("signOut",): LEAVES,
        },
        otherwise=promises(PLAIN),
    ),
    LibraryModel(
        frozenset({"firebase#auth"}),
        "https://firebase.google.com/docs/reference/js/auth.auth",
        {("signOut",): LEAVES},
        # On the server nobody is signed in to the client SDK.
        members={("currentUser",): NULL_VALUE},
        otherwise=promises(PLAIN),
    ),
)
