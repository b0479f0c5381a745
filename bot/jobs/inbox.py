"""What becomes of an event: a delivery with its job, or a note in the store."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

from preship.bot.intake.events import (
    AccessLost,
    CheckRequested,
    Commanded,
    Event,
    Job,
    MergeGroupQueued,
    Ping,
    PullRequestChanged,
    RepositoryMoved,
)
from preship.bot.intake.signature import SignedDelivery
from preship.bot.store.deliveries import PUSH, Delivery
from preship.bot.store.store import Store

MERGE_GROUP = "merge_group"
"""The trigger of a review that a merge queue asks for."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody wrote in a comment."""

    comment_id: int
    thread_id: int | None
    """The first comment of its thread; None in the conversation."""

    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """What a merge queue wants to merge."""

    base_sha: str
    base_ref: str
    head_ref: str


ASKS = TypeAdapter(Ask)
GROUPS = TypeAdapter(Group)


def take(store: Store, signed: SignedDelivery, event: Event) -> bool:
    """Store a delivery with its job, or what it tells; False if it is known. Raises `StoreError`."""
    if isinstance(event, Ping):
        raise TypeError("a ping asks for nothing that could be stored")
    if isinstance(event, RepositoryMoved):
        store.repositories.moved(event.repository_id, event.repository, event.installation)
        return True
    if isinstance(event, AccessLost):
        store.repositories.lost(event.installation, event.repository_ids, event.reason)
        return True
    return store.deliveries.accept(delivery_of(signed, event))


def delivery_of(signed: SignedDelivery, event: Job) -> Delivery:
    """What the store keeps of a delivery."""
    return Delivery(
        guid=signed.guid,
        event=signed.event,
        action=event.action,
        repository_id=event.target.repository_id,
        repository=event.target.repository,
        installation=event.target.installation,
        number=event.target.number,
        head_sha=event.head_sha if isinstance(event, PullRequestChanged | MergeGroupQueued) else None,
        actor=event.actor,
        trigger=_trigger(event),
        request=_request(event),
    )


def _trigger(event: Job) -> str:
    match event:
        case PullRequestChanged():
            return PUSH
        case Commanded(thread_id=None):
            return f"comment:{event.comment_id}"
        case Commanded():
            # Comments in threads are numbered apart from those in conversations.
            return f"reply:{event.comment_id}"
        case CheckRequested():
            return event.name
        case MergeGroupQueued():
            return MERGE_GROUP


def _request(event: Job) -> str:
    match event:
        case Commanded():
            return ASKS.dump_json(Ask(event.comment_id, event.thread_id, event.text), ensure_ascii=True).decode()
        case MergeGroupQueued():
            return GROUPS.dump_json(Group(event.base_sha, event.base_ref, event.head_ref)).decode()
        case _:
            return ""
