"""The live inventory's job: counts when somebody asks, keeps what it counted, and stands behind every review."""

from dataclasses import replace

from preship.analyzers.analysis import Matrix
from preship.bot.git.errors import RemoteError, RemoteRefused
from preship.bot.jobs.contexts import CannotReview
from preship.bot.store.deliveries import State
from tests.bot.jobs.conftest import COUNTED, PUSHED, Context0
from tests.bot.jobs.test_worker import work_until

REPOSITORY = PUSHED.repository_id


def asked(context: Context0) -> str:
    assert context.store.deliveries.ask_for_inventory(REPOSITORY, "acme/shop", 5, "ada")
    return newest(context)


def newest(context: Context0) -> str:
    counting = context.store.inventories.counting(REPOSITORY)
    assert counting is not None
    return counting.guid


def raising(error: Exception):
    def fail():
        raise error

    return fail


def test_what_was_counted_is_kept_with_its_commit_and_nothing_is_written_to_the_forge(context):
    assert context.store.inventories.of(REPOSITORY) is None
    guid = asked(context)
    assert context.serve(guid) is None
    assert context.state(guid) == ("done", "counted at ccccccc: 1 that answers requests")
    row = context.store.inventories.of(REPOSITORY)
    assert (row.branch, row.commit_sha) == ("main", "c" * 40)
    assert '"removePost"' in row.matrix
    assert context.fake_forge.calls == []


def test_another_count_takes_the_place_of_the_one_before(context):
    context.serve(asked(context))
    context.counted = replace(COUNTED, commit_sha="d" * 40, matrix=Matrix((), ()))
    context.serve(asked(context))
    row = context.store.inventories.of(REPOSITORY)
    assert (row.commit_sha, row.matrix) == ("d" * 40, '{"entrances":[],"failures":[]}')


def test_what_is_asked_for_twice_is_counted_once(context):
    guid = asked(context)
    assert not context.store.deliveries.ask_for_inventory(REPOSITORY, "acme/shop", 5, "bob")
    assert context.store.deliveries.ask_for_inventory(78, "acme/other", 5, "bob")
    assert newest(context) == guid


def test_a_count_that_cannot_be_done_says_why_and_leaves_the_one_before(context):
    context.serve(asked(context))
    for error, cause in (
        (CannotReview("the analysis took longer than it may"), "cannot-review"),
        (RemoteRefused("the remote refused: 404"), "git"),
    ):
        context.counted = raising(error)
        guid = asked(context)
        assert context.serve(guid) is None
        assert context.state(guid) == ("failed", str(error))
        assert context.failures[-1] == ("inventory", cause)
    assert context.store.inventories.of(REPOSITORY).commit_sha == "c" * 40
    # Who refuses may know the repository by another name; nothing else is asked.
    assert context.fake_forge.calls == ["full_name"]


def test_a_remote_that_is_away_is_asked_again_and_given_up_in_the_end(context):
    context.counted = raising(RemoteError("the fetch failed: no route to host"))
    guid = asked(context)
    assert context.serve(guid) is not None
    assert context.serve(guid) is not None
    assert context.serve(guid) is None
    assert context.state(guid) == ("failed", "the fetch failed: no route to host (3 tries)")
    assert context.store.deliveries.retry(guid)
    context.counted = COUNTED
    assert context.serve(guid) is None
    assert context.state(guid)[0] == "done"


def test_reviews_that_wait_go_first_and_two_counts_never_run_together(context, database_url):
    deliveries, served, at_once = context.store.deliveries, list[str](), list[int]()
    for number in range(3):
        assert deliveries.ask_for_inventory(500 + number, f"acme/{number}", 5, "ada")
    for number in range(6):
        deliveries.accept(replace(PUSHED, guid=f"d-{number}", number=number + 1))

    rows, doing = context.store.database.rows, "FROM procrastinate_jobs WHERE status = 'doing'"

    def serve(guid: str) -> None:
        if guid.startswith("inventory"):
            at_once.append(len(rows(f"SELECT 1 {doing} AND lock = 'inventory'")))
        served.append(guid.split("-")[0])
        deliveries.finish(guid, State.DONE)

    work_until(database_url, serve, lambda: len(served) == 9)
    assert served[-1] == "inventory"
    assert served.index("inventory") >= 3
    assert at_once == [1, 1, 1]


def test_what_waits_for_an_installation_that_ended_is_not_counted(context):
    guid = asked(context)
    context.store.repositories.lost(5, None, "uninstalled")
    assert context.state(guid) == ("superseded", "uninstalled")
