"""Addresses and folders whose names say for whom they are."""

from __future__ import annotations

from preship.analyzers.conventions.form import Case, Convention, Where

OFFICE_ROUTE = Convention(
    id="office-route",
    means="Parts of an address under which nothing is for everybody.",
    pattern=r"/\(?(super_?)?(admin\w*|back-?office|staff|moderation)\)?/",
    where=Where.INSIDE,
    examples=("app/admin/page.tsx", "app/(staff)/x/page.tsx"),
    others=("app/blog/page.tsx", "admin.ts"),
    used_in=(
        "actions/audience",
        "actions/facts",
    ),
)

FOLDER_OUTSIDE_THE_APP = Convention(
    id="folder-outside-the-app",
    means="Folders whose modules no component imports, by the conventions of the frameworks.",
    pattern=r"(^|/)(pages/api|scripts?|prisma|drizzle|migrations|seeds?)/",
    where=Where.INSIDE,
    case=Case.AS_WRITTEN,
    examples=("scripts/run.ts", "src/pages/api/x.ts", "prisma/seed.ts"),
    others=("app/page.tsx", "descripts/x.ts"),
    used_in=("actions/exposure",),
)

SIGN_IN_ROUTE = Convention(
    id="sign-in-route",
    means="Addresses of pages on which a session begins: who is sent there, has none.",
    pattern=r"(https?://[^/]*)?(/\w\w(-\w\w)?)?(/[\w().-]+)?/((log|sign)[-_]?(in|on)|auth|authenticate|unauthori[sz]ed|einloggen|anmelden"
    r"|connexion|entrar|iniciar-?sesion|inloggen|logowanie|giris|masuk|accedi)(/(log|sign)[-_]?in)?/?([?#].*)?",
    examples=("/login", "/en/sign-in", "/auth/login?next=/", "https://x.test/auth"),
    others=("/dashboard", "/loginx"),
    used_in=("actions/protection",),
)

SIGN_UP_PLACE = Convention(
    id="sign-up-place",
    means="How files are called where people sign up, in the languages that were met.",
    pattern=r"(^|[/._-])(sign-?_?up|register|registration|registro|registrar(se)?|registrati|cadastr\w*|inscri\w*|kayit|daftar|dang-ky"
    r"|join|create-?_?account|onboarding|get-?started)([/._-]|$)",
    where=Where.INSIDE,
    examples=("app/sign-up/page.tsx", "app/(auth)/register/page.tsx", "lib/create-account.ts"),
    others=("app/posts/page.tsx", "app/design/page.tsx"),
    used_in=("actions/sign_ups",),
)
