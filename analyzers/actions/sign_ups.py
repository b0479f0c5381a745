"""Whether anybody can make an account of an application, as far as its code shows: else accounts are given to staff.

Where they are given, who is signed in is somebody whom the application's owner knows.
"""

from __future__ import annotations

import re

from preship.analyzers.conventions.routes import SIGN_UP_PLACE
from preship.analyzers.project.project import Project

WORDS = re.compile(
    rb"\bsignUp|\bsign_up|SignUp\b|\bsignInWithOAuth|\bsignInWithOtp|[Rr]egister(User|Account|Action)|\bcreateAccount"
    rb"|createUserWithEmail|providers/(?!credentials)[a-z]+['\"]|GoogleProvider|GitHubProvider|socialProviders|emailAndPassword"
    rb"|@clerk/|@kinde-oss/|@auth0/|@workos-inc/|@stackframe/|@descope/|@logto/|supertokens|getPayload|Appwrite|pocketbase"
    rb"|magicLink\(|iron-session.*wallet|siwe\b|wagmi"
)
"""What code says that lets people make accounts: calls, providers that know everybody, services with pages for it."""


def lets_anybody_in(project: Project) -> bool:
    """Whether something of a repository may give an account to whoever asks for one."""
    if any(SIGN_UP_PLACE.matches(path) for path in project.files.paths()):
        return True
    return bool(project.files.matching(says_so, project.compiled))


def says_so(content: bytes) -> bool:
    """Whether a file may let people make accounts."""
    return WORDS.search(content) is not None
