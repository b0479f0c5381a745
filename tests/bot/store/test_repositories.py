"""A repository is found under its name of now, and work for those that are lost is not done."""

from dataclasses import replace

from preship.bot.store.repositories import Address
from tests.bot.jobs.conftest import PUSHED


def states(store):
    return {record.guid: (record.state.value, record.reason) for record in store.deliveries.recent()}


def test_a_delivery_tells_what_its_repository_is_called(store):
    assert store.repositories.address(77) is None
    store.deliveries.accept(PUSHED)
    assert store.repositories.address(77) == Address("acme/shop", 5)


def test_a_repository_that_moved_is_found_where_it_is_now(store):
    store.deliveries.accept(PUSHED)
    store.repositories.moved(77, "umbrella/store", 6)
    assert store.repositories.address(77) == Address("umbrella/store", 6)
    store.repositories.moved(77, "umbrella/shop", None)
    assert store.repositories.address(77) == Address("umbrella/shop", 6)


def test_of_a_repository_that_nothing_was_heard_of_nothing_is_noted(store):
    store.repositories.moved(78, "acme/other", 5)
    assert store.repositories.address(78) is None


def test_an_installation_that_is_gone_takes_its_waiting_jobs_along(store):
    store.deliveries.accept(PUSHED)
    store.deliveries.accept(replace(PUSHED, guid="d-2", repository_id=78))
    store.deliveries.accept(replace(PUSHED, guid="d-3", repository_id=79, installation=6))
    assert store.repositories.lost(5, None, "the app was uninstalled") == 2
    gone = ("superseded", "the app was uninstalled")
    assert states(store) == {"d-1": gone, "d-2": gone, "d-3": ("queued", "")}
    assert store.queue() == {"todo": 1}


def test_a_repository_that_is_taken_away_leaves_the_others_their_jobs(store):
    store.deliveries.accept(PUSHED)
    store.deliveries.accept(replace(PUSHED, guid="d-2", repository_id=78))
    assert store.repositories.lost(5, (78,), "taken away") == 1
    assert states(store) == {"d-1": ("queued", ""), "d-2": ("superseded", "taken away")}
