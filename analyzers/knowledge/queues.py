"""Queues and background jobs: what a call hands to code that runs later."""

from __future__ import annotations

from analyzers.flow.effects import EffectKind
from analyzers.flow.facts import authenticated
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.values import PLAIN, Library, Promise, Value, of
from analyzers.knowledge.rows import LibraryModel, gives
from analyzers.knowledge.services import at, field, part, passed, remote, sdk

SEND = EffectKind.SEND
QUEUED = remote(SEND, "a job", key=at(0), data=at(1))
EVENT = remote(SEND, "an event", key=field("name"), data=at(0))


def verified(library: Library, given: Arguments, calling: Calling) -> Value:
    """`receiver.verify({ signature, body })` throws unless the queue itself has sent it."""
    return of(Promise(PLAIN, authenticated("the signature of the queue", calling.span), PLAIN))


def task(library: Library, given: Arguments, calling: Calling) -> Value:
    """`task({ id, run })`, which runs elsewhere."""
    return of(Library("@trigger.dev/sdk#task", (), given.all()[:0]))


MODELS = (
    *sdk(
        ("inngest",),
        "https://www.inngest.com/docs/reference/events/send",
        {"send": EVENT, "createFunction": gives(PLAIN)},
        names=("Inngest",),
    ),
    *sdk(
        ("@upstash/qstash",),
        "https://upstash.com/docs/qstash/sdks/ts/overview",
        {
            **dict.fromkeys(
                ("publishJSON", "publish", "batchJSON", "enqueueJSON", "batch"),
                remote(SEND, "a job", key=field("url"), data=at(0)),
            ),
            "queue": part,
            "verify": verified,
            **dict.fromkeys(("create", "delete"), remote(SEND, "a schedule", key=at(0))),
        },
        names=("Client", "Receiver"),
    ),
    LibraryModel(
        frozenset({"@trigger.dev/sdk", "@trigger.dev/sdk/v3", "@trigger.dev/sdk/v4"}),
        "https://trigger.dev/docs/triggering",
        {
            **dict.fromkeys((("task",), ("schemaTask",), ("schedules", "task")), task),
            **dict.fromkeys(
                (("tasks", "trigger"), ("tasks", "batchTrigger"), ("tasks", "triggerAndWait"), ("client", "sendEvent")),
                QUEUED,
            ),
            **dict.fromkeys(
                (("runs", "cancel"), ("runs", "replay"), ("schedules", "create"), ("schedules", "del")),
                remote(SEND, "a job", key=at(0)),
            ),
            ("runs", "retrieve"): remote(EffectKind.READ, "a job", key=at(0)),
        },
        otherwise=passed,
    ),
    LibraryModel(
        frozenset({"@trigger.dev/sdk#task"}),
        "https://trigger.dev/docs/triggering",
        methods=dict.fromkeys(
            ("trigger", "batchTrigger", "triggerAndWait", "batchTriggerAndWait"), remote(SEND, "a job", data=at(0))
        ),
        otherwise=gives(PLAIN),
    ),
    *sdk(
        ("bullmq", "bull", "bee-queue", "pg-boss", "graphile-worker"),
        "https://docs.bullmq.io/",
        {
            **dict.fromkeys(("add", "addBulk", "send", "addJob", "publish", "upsertJobScheduler"), QUEUED),
            "createJob": part,
            "save": QUEUED,
            "getJob": remote(EffectKind.READ, "a job", key=at(0)),
        },
        names=("Queue", "FlowProducer", "Worker", "QueueEvents"),
    ),
    *sdk(
        ("kafkajs", "amqplib", "@google-cloud/pubsub", "@google-cloud/tasks", "@temporalio/client", "nats"),
        "https://kafka.js.org/docs/producing",
        {
            **dict.fromkeys(("producer", "topic", "createChannel"), part),
            **dict.fromkeys(
                ("send", "publish", "sendToQueue", "publishMessage", "createTask", "start"),
                remote(SEND, "a message", key=at(0), data=at(1)),
            ),
        },
        names=("Kafka", "connect", "PubSub", "CloudTasksClient", "Client"),
    ),
)
