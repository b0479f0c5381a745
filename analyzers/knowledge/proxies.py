"""What code in front of the pages answers (middleware, proxy), and the libraries that write it.

An answer is a `Response`; one that lets the request pass has the field `PASSES`. A function of the library gives
`undefined` where it lets a request pass as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from preship.analyzers.flow.answers import ANSWER, PASSES, REQUEST, lets_pass
from preship.analyzers.flow.collections import spread_into
from preship.analyzers.flow.effects import EffectKind
from preship.analyzers.flow.facts import NO_FACTS
from preship.analyzers.flow.folding import found_in, pattern_of
from preship.analyzers.flow.library import Arguments, Calling
from preship.analyzers.flow.paths import matches
from preship.analyzers.flow.values import (
    FALSE_VALUE,
    PLAIN,
    TRUE_VALUE,
    UNDEFINED_VALUE,
    Array,
    Closure,
    Constant,
    Library,
    Native,
    Object,
    Value,
    assuming,
    choice,
    is_nullish,
    obj,
    of,
    text_of,
    under,
    unite,
    with_field,
)
from preship.analyzers.knowledge import authjs
from preship.analyzers.knowledge.rows import name_of, native, option, proof, session_or_null

COOKIES = ("cookies", of(Library("next/headers#cookies")))

PASSED = of(Object(((PASSES, TRUE_VALUE), ("status", of(Constant(200))), COOKIES), PLAIN, ANSWER))


def refused(status: int) -> Value:
    """An answer that does not let the request pass."""
    return of(Object((("status", of(Constant(status))), COOKIES), PLAIN, ANSWER))


# --- answers -------------------------------------------------------------------------------------------------------


def redirected(library: Library, given: Arguments, calling: Calling) -> Value:
    """`NextResponse.redirect(url)`, which only makes the answer."""
    calling.emit(EffectKind.REDIRECT, "", name_of(library), key=given.at(0))
    return refused(307)


def answered(library: Library, given: Arguments, calling: Calling) -> Value:
    """`NextResponse.json(body, init)`, `new NextResponse(body, init)`: keeps what it tells."""
    return of(Object((("status", option(given.at(1), "status")), ("body", given.at(0)), COOKIES), PLAIN, ANSWER))


def passed(library: Library, given: Arguments, calling: Calling) -> Value:
    return PASSED


def by_its_truth(answer: Value) -> Value:
    """What becomes of a request where a callback says yes or no, or gives an answer itself."""
    found: list[Value] = []
    for a in answer.alternatives:
        one = Value((a,))
        if isinstance(a.shape, Object) and a.shape.brand == ANSWER:
            found.append(one)
            continue
        for truthy, outcome in ((True, PASSED), (False, refused(307))):
            assumed = assuming(one, truthy=truthy)
            if assumed is not None:
                found.append(under(outcome, assumed[1]))
    return unite(*found)


# --- patterns of paths ---------------------------------------------------------------------------------------------


def any_matches(patterns: Value, address: str) -> bool | None:
    """Whether one of some patterns is one of an address; None where nobody can tell."""
    unsure = False
    for one in listed(patterns):
        text, written = text_of(one), pattern_of(one)
        if written is not None:
            found: bool | None = found_in(written, address)
        else:
            found = matches(text, address) if text is not None else None
        if found:
            return True
        unsure = unsure or found is None
    return None if unsure else False


def listed(value: Value) -> Sequence[Value]:
    """The items of a list that is written out, or the one thing itself."""
    shape = value.alternatives[0].shape if len(value.alternatives) == 1 else None
    if isinstance(shape, Array):
        return shape.items if shape.items is not None else (shape.element,)
    return (value,)


def address_of(request: Value, calling: Calling) -> str | None:
    """The path that a request asks for."""
    return text_of(calling.member(calling.member(request, "nextUrl"), "pathname"))


def path_matcher(library: Library, given: Arguments, calling: Calling) -> Value:
    """`match(pattern)`, which is asked about a path; `{/*path}` is what stands there or not.

    https://github.com/pillarjs/path-to-regexp#match
    """
    patterns = given.at(0)

    def asked(inner: Calling, address: Arguments) -> Value:
        text = text_of(address.at(0))
        found = any_matches(patterns, text) if text is not None else None
        return PLAIN if found is None else TRUE_VALUE if found else FALSE_VALUE

    return native("match", asked)


# --- Clerk ---------------------------------------------------------------------------------------------------------


class Matcher:
    """`createRouteMatcher(patterns)`; equal to another of the same, so that summaries are found again.

    https://clerk.com/docs/reference/nextjs/clerk-middleware#create-route-matcher
    """

    __slots__ = ("patterns",)

    def __init__(self, patterns: Value) -> None:
        self.patterns = patterns

    def __call__(self, calling: Calling, given: Arguments) -> Value:
        """Whether a request is for one of the patterns."""
        address = address_of(given.at(0), calling)
        found = any_matches(self.patterns, address) if address is not None else None
        return PLAIN if found is None else TRUE_VALUE if found else FALSE_VALUE

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Matcher) and self.patterns == other.patterns

    def __hash__(self) -> int:
        return hash(self.patterns)


def route_matcher(library: Library, given: Arguments, calling: Calling) -> Value:
    patterns = given.at(0)
    if any(isinstance(a.shape, Closure) for a in patterns.alternatives):
        return patterns
    return native("matcher", Matcher(patterns))


CLERK_AUTH = of(Library("@clerk/nextjs/server", ("auth",)))


def clerk_middleware(library: Library, given: Arguments, calling: Calling) -> Value:
    """`clerkMiddleware(handler)` asks nobody by itself.

    https://clerk.com/docs/reference/nextjs/clerk-middleware
    """
    handlers = Value(tuple(a for a in given.at(0).alternatives if isinstance(a.shape, Closure)))

    def handle(inner: Calling, request: Arguments) -> Value:
        if not handlers.alternatives:
            return PASSED
        return inner.settle(inner.call(handlers, Arguments((CLERK_AUTH, *request.values))))

    return native("middleware", handle)


def auth_middleware(library: Library, given: Arguments, calling: Calling) -> Value:
    """`authMiddleware({ publicRoutes })` of version 4 protects all other pages.

    https://clerk.com/docs/references/nextjs/auth-middleware
    """
    options = given.at(0)

    def handle(inner: Calling, request: Arguments) -> Value:
        address = address_of(request.at(0), inner)
        lists = [option(options, "publicRoutes"), option(options, "ignoredRoutes")]
        answers = [any_matches(each, address) for each in lists if address is not None and not _is_missing(each)]
        if True in answers or address in _CLERK_PAGES:
            return PASSED
        if None in answers or address is None:
            return PLAIN
        proven = proof("Clerk", inner)
        return choice(("Clerk", True), (PASSED, proven), (refused(307), NO_FACTS))

    return native("middleware", handle)


_CLERK_PAGES = ("/sign-in", "/sign-up")


def _is_missing(value: Value) -> bool:
    return all(is_nullish(a.shape) for a in value.alternatives)


# --- Auth.js -------------------------------------------------------------------------------------------------------


def with_auth(library: Library, given: Arguments, calling: Calling) -> Value:
    """`withAuth(middleware, { callbacks: { authorized } })`, and the module's default export as the middleware itself.

    https://next-auth.js.org/configuration/nextjs#middleware
    """
    request = given.at(0)
    if _is_request(request):
        return _authorized(request, PLAIN, UNDEFINED_VALUE, calling)
    handlers = [value for value in given.values if _is_code(value)]
    options = next((value for value in given.values if not _is_code(value)), UNDEFINED_VALUE)

    def handle(inner: Calling, asked: Arguments) -> Value:
        return _authorized(asked.at(0), options, handlers[0] if handlers else UNDEFINED_VALUE, inner)

    return native("middleware", handle)


def _authorized(request: Value, options: Value, handler: Value, calling: Calling) -> Value:
    """Ask the callback, by default whether there is a token, and then the middleware behind it."""
    token = session_or_null(authjs.PROVIDER, calling)
    callback = option(option(options, "callbacks"), "authorized") if options != PLAIN else UNDEFINED_VALUE
    if _is_code(callback):
        said = calling.settle(calling.call(callback, Arguments((obj(token=token, req=request),))))
    else:
        said = token
    answer = by_its_truth(said)
    if not _is_code(handler):
        return answer
    with_token = of(with_field(spread_into(Object(()), request), "nextauth", obj(token=token)))
    behind = calling.settle(calling.call(handler, Arguments((with_token,))))
    refusals = Value(tuple(a for a in answer.alternatives if not lets_pass(a)))
    passing = Value(tuple(a for a in answer.alternatives if lets_pass(a)))
    common = frozenset.intersection(*(a.under for a in passing.alternatives)) if passing.alternatives else NO_FACTS
    return unite(refusals, under(behind, common)) if passing.alternatives else refusals


def authjs_in_front(library: Library, given: Arguments, calling: Calling) -> Value:
    """`auth` as the middleware itself: asks the callback of its configuration, if there is one.

    https://authjs.dev/reference/nextjs#authorized
    """
    request = given.at(0)
    if not _is_request(request):
        return authjs.auth(library, given, calling)
    configuration = next((each for each in library.state if isinstance(each, Value)), UNDEFINED_VALUE)
    callback = option(option(configuration, "callbacks"), "authorized")
    if not _is_code(callback):
        return PASSED
    asked = obj(auth=session_or_null(authjs.PROVIDER, calling), request=request)
    return by_its_truth(calling.settle(calling.call(callback, Arguments((asked,)))))


def _is_code(value: Value) -> bool:
    return any(isinstance(a.shape, Closure | Native) for a in value.alternatives)


def _is_request(value: Value) -> bool:
    return any(isinstance(a.shape, Object) and a.shape.brand == REQUEST for a in value.alternatives)


# --- others --------------------------------------------------------------------------------------------------------


def translating(library: Library, given: Arguments, calling: Calling) -> Value:
    """A library for translations: it sends visitors to the pages in their language, and asks nobody who they are."""
    return of(Native("middleware", None, _passing))


def _passing(calling: Calling, given: Arguments) -> Value:
    return PASSED


def authkit(library: Library, given: Arguments, calling: Calling) -> Value:
    """`authkitMiddleware({ middlewareAuth: { enabled, unauthenticatedPaths } })`.

    https://github.com/workos/authkit-nextjs#middleware-auth
    """
    options = option(given.at(0), "middlewareAuth")

    def handle(inner: Calling, request: Arguments) -> Value:
        if text_of(option(options, "enabled")) is None and option(options, "enabled") != TRUE_VALUE:
            return PASSED
        address = address_of(request.at(0), inner)
        public = option(options, "unauthenticatedPaths")
        found = any_matches(public, address) if address is not None and not _is_missing(public) else False
        if found is None:
            return PLAIN
        if found:
            return PASSED
        return choice(("WorkOS", True), (PASSED, proof("WorkOS", inner)), (refused(307), NO_FACTS))

    return native("middleware", handle)


def kinde(library: Library, given: Arguments, calling: Calling) -> Value:
    """`withAuth(request, { publicPaths })`, or around a handler.

    https://docs.kinde.com/developer-tools/sdks/backend/nextjs-sdk/#protect-routes-using-middleware
    """

    def asked(inner: Calling, request: Value, options: Value) -> Value:
        address = address_of(request, inner)
        public = option(options, "publicPaths")
        if address is not None and any(text_of(one) == address for one in listed(public)):
            return PASSED
        return choice(("Kinde", True), (PASSED, proof("Kinde", inner)), (refused(307), NO_FACTS))

    if _is_request(given.at(0)):
        return asked(calling, given.at(0), given.at(1))
    options = given.at(1)
    return native("middleware", lambda inner, request: asked(inner, request.at(0), options))


def without_gate(library: Library, given: Arguments, calling: Calling) -> Value:
    """A middleware that refuses nobody."""
    return PASSED
