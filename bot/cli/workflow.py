"""`preship workflow`: a review by a run of a workflow of GitHub's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from preship.bot.cli.complaints import plainly
from preship.bot.options import Complaint, FailOn, Format
from preship.bot.output import Wanted, hand_over, progress, verdict, write


def workflow(
    token: Annotated[str, typer.Option("--token", envvar="GITHUB_TOKEN", help="The token of the run.")] = "",
    comment: Annotated[
        bool, typer.Option("--comment/--no-comment", envvar="PRESHIP_COMMENT", help="Post on the pull request.")
    ] = True,
    sarif: Annotated[
        Path | None, typer.Option("--sarif", envvar="PRESHIP_SARIF", metavar="FILE", help="Write SARIF as well.")
    ] = None,
    fail_on: Annotated[
        FailOn | None, typer.Option("--fail-on", envvar="PRESHIP_FAIL_ON", help="The mildest severity that fails.")
    ] = None,
) -> None:
    """Review the pull request for which a workflow of GitHub's runs, and post the review there."""
    import os

    from preship.bot.git.errors import GitError
    from preship.bot.local import Wishes
    from preship.bot.report.sarif_format import as_sarif
    from preship.bot.review.forge import ForgeError
    from preship.bot.workflow import NoPullRequest, event_of, review_and_post, say_where_it_stands

    if not token:
        raise Complaint("there is no token: `env: {GITHUB_TOKEN: ${{ github.token }}}` gives it to the step")
    try:
        event = event_of(os.environ)
        with plainly(), progress(is_quiet=False) as watch:
            posted = review_and_post(event, os.environ, token, Wishes(fail_on), watch, posts=comment)
    except NoPullRequest as error:
        raise Complaint(str(error)) from error
    except (ForgeError, GitError) as error:
        raise Complaint(f"the pull request could not be read: {error}") from error
    if sarif is not None:
        write(sarif, as_sarif(posted.report))
    # Comments say it already: annotations would say it twice.
    hand_over(posted.report, Wanted(Format.TEXT if posted.is_posted else Format.GITHUB))
    say_where_it_stands(posted, posts=comment)
    raise typer.Exit(verdict(posted.report, Wanted(allows_unseen=True)))
