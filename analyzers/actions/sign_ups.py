"""Whether anybody can make an account of an application, as far as its code shows: else accounts are given to staff.

Where they are given, who is signed in is somebody whom the application's owner knows.
"""

from __future__ import annotations

import re

from preship.analyzers.project.project import Project

PLACE = re.compile(
    r"(^|[/._-])(sign-?_?up|register|registration|registro|registrar(se)?|registrati|cadastr\w*|inscri\w*|kayit|daftar|dang-ky"
    r"|join|create-?_?account|onboarding|get-?started)([/._-]|$)",
    re.IGNORECASE,
)
"""How files are called where people sign up, in the languages that were met."""

WORDS = re.compile(
    rb"\bsignUp|\bsign_up|SignUp\b|\bsignInWithOAuth|\bsignInWithOtp|[Rr]egister(User|Account|Action)|\bcreateAccount"
    rb"|createUserWithEmail|providers/(?!credentials)[a-z]+['\"]|GoogleProvider|GitHubProvider|socialProviders|emailAndPassword"
    rb"|@clerk/|@kinde-oss/|@auth0/|@workos-inc/|@stackframe/|@descope/|@logto/|supertokens|getPayload|Appwrite|pocketbase"
    rb"|magicLink\(|iron-session.*wallet|siwe\b|wagmi"
)
"""What code says that lets people make accounts: calls, providers that know everybody, services with pages for it."""


def lets_anybody_in(project: Project) -> bool:
    """Whether something of a repository may give an account to whoever asks for one."""
    if any(PLACE.search(path) for path in project.files.paths()):
        return True
    return bool(project.files.matching(says_so, project.compiled))


def says_so(content: bytes) -> bool:
    """Whether a file may let people make accounts."""
    return WORDS.search(content) is not None
