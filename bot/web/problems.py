"""What a browser sees instead of a page: it is not there, not for this person, or cannot be made now."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from preship.bot.review.forge import ForgeError
from preship.bot.store.database import StoreError
from preship.bot.web.gate import Forbidden, NotFound, NotSignedIn, root
from preship.bot.web.rendering import page, redirect

_MISSING = (
    "There is no such page",
    "Nothing stands at this address, or nothing that you may see. If it is about a repository, look whether you can "
    "see that on GitHub, and whether the app is installed there.",
)


def handle_problems(app: FastAPI) -> None:
    """Answer what routes raise with pages."""

    @app.exception_handler(NotSignedIn)
    def not_signed_in(request: Request, _: Exception) -> Response:
        wanted = request.url.path.lstrip("/")
        to = f"?to={quote(wanted, safe='')}" if request.method == "GET" and wanted else ""
        return redirect(f"{root(request)}sign-in{to}")

    @app.exception_handler(Forbidden)
    def forbidden(request: Request, error: Exception) -> Response:
        return problem(request, 403, "Not like this", str(error))

    @app.exception_handler(StoreError)
    def away(request: Request, error: Exception) -> Response:
        return problem(request, 503, "Not now", "The database does not answer. Nothing is lost; try again in a moment.")

    @app.exception_handler(ForgeError)
    def forge(request: Request, error: Exception) -> Response:
        return problem(request, 502, "GitHub said no", f"{error}. What was asked for may not have happened.")

    @app.exception_handler(NotFound)
    @app.exception_handler(RequestValidationError)
    def missing(request: Request, _: Exception) -> Response:
        return problem(request, 404, *_MISSING)

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return problem(request, 404, *_MISSING)
        return problem(request, error.status_code, "Not like this", str(error.detail))


def problem(request: Request, status: int, title: str, says: str) -> Response:
    """A page that says what is wrong."""
    return page("problem.html", status, root=root(request), title=title, says=says)
