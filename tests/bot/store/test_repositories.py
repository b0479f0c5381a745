"""A repository is found under its name of now, and work for those that are lost is not done."""

from dataclasses import replace

from preship.bot.store.repositories import Address
from preship.bot.store.retention import Terms
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


def test_a_delivery_from_before_a_rename_does_not_bring_the_old_name_back(store):
    store.deliveries.accept(PUSHED)
    store.repositories.moved(77, "acme/store", None)
    store.deliveries.accept(replace(PUSHED, guid="d-2"))
    assert store.repositories.address(77) == Address("acme/store", 5)


def test_a_delivery_from_before_a_transfer_does_not_bring_the_old_owner_back(store):
    store.deliveries.accept(PUSHED)
    store.repositories.moved(77, "umbrella/shop", 6)
    store.deliveries.accept(replace(PUSHED, guid="d-2"))
    assert store.repositories.address(77) == Address("umbrella/shop", 6)


def test_of_several_names_the_last_one_stays(store):
    store.deliveries.accept(PUSHED)
    for name in ("acme/store", "acme/market", "acme/store"):
        store.repositories.moved(77, name, None)
    for number, late in enumerate(("acme/shop", "acme/market")):
        store.deliveries.accept(replace(PUSHED, guid=f"late-{number}", repository=late))
    assert store.repositories.address(77) == Address("acme/store", 5)


def test_a_name_that_nobody_told_us_of_is_learned_from_a_delivery(store):
    store.deliveries.accept(PUSHED)
    store.deliveries.accept(replace(PUSHED, guid="d-2", repository="acme/store"))
    assert store.repositories.address(77) == Address("acme/store", 5)


def test_a_former_name_counts_again_when_no_delivery_can_be_so_late(store):
    store.deliveries.accept(PUSHED)
    store.repositories.moved(77, "acme/store", None)
    store.database.rows("UPDATE former_names SET left_at = now() - interval '4 days'")
    store.deliveries.accept(replace(PUSHED, guid="d-2"))
    assert store.repositories.address(77) == Address("acme/shop", 5)


def test_what_a_repository_was_called_is_forgotten_with_it(store):
    store.deliveries.accept(PUSHED)
    store.repositories.moved(77, "acme/store", None)
    store.repositories.lost(5, None, "the app was uninstalled")
    store.retention.forget(Terms(lost=0))
    assert store.database.rows("SELECT * FROM former_names") == []
