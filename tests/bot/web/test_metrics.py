"""The figures stay as few as they are, whatever is sent."""

from preship.bot.web.metrics import Metrics


def test_made_up_events_do_not_fill_the_memory() -> None:
    metrics = Metrics()
    for number in range(1000):
        metrics.answered(f"event-{number}", 204)
    text = metrics.text().decode()
    assert text.count("preship_webhooks_total{") == 101
    assert 'preship_webhooks_total{event="other",status="204"} 900.0' in text


def test_an_event_that_was_counted_before_keeps_its_name() -> None:
    metrics = Metrics()
    for number in range(1000):
        metrics.answered(f"event-{number}", 204)
    metrics.answered("event-7", 202)
    assert 'preship_webhooks_total{event="event-7",status="202"} 1.0' in metrics.text().decode()


def test_jobs_that_were_given_up_are_counted_by_event_and_cause() -> None:
    metrics = Metrics()
    metrics.failed("pull_request", "git")
    assert b'preship_failures_total{cause="git",event="pull_request"} 1.0' in metrics.text()
