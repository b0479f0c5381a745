"""Logs, errors, traces, figures, flags and limits: they watch the action, and change nothing that matters to others."""

from __future__ import annotations

from analyzers.flow.effects import EffectKind
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.values import (
    PLAIN,
    UNDEFINED_VALUE,
    Array,
    Closure,
    Library,
    Native,
    Promise,
    Value,
    obj,
    of,
    unite,
)
from analyzers.knowledge.rows import Handler, LibraryModel, gives, name_of, promises
from analyzers.knowledge.services import passed

WATCHER = "observability#client"


def logged(library: Library, given: Arguments, calling: Calling) -> Value:
    """A line of a log, an event of a figure."""
    calling.emit(EffectKind.LOG, "", name_of(library), data=of(Array(given.values, unite(PLAIN, *given.all()))))
    return of(Library(WATCHER))


def runs_callback(library: Library, given: Arguments, calling: Calling) -> Value:
    """A call that runs the last function it is given, here and now, and gives what it gives."""
    functions = [v for v in given.values if any(isinstance(a.shape, Closure | Native) for a in v.alternatives)]
    return calling.call(functions[-1], Arguments((of(Library(WATCHER)),))) if functions else PLAIN


def wrapped(library: Library, given: Arguments, calling: Calling) -> Value:
    """A call that gives a function back, watched."""
    functions = [v for v in given.values if any(isinstance(a.shape, Closure | Native) for a in v.alternatives)]
    return functions[-1] if functions else given.at(0)


def watcher(library: Library, given: Arguments, calling: Calling) -> Value:
    """Something that watches."""
    return of(Library(WATCHER))


LIMITED = obj(PLAIN, success=PLAIN, limit=PLAIN, remaining=PLAIN, reset=PLAIN, pending=of(Promise(UNDEFINED_VALUE)))
"""What a rate limiter answers: it counts, and knows nobody."""

FLAG = of(Native("flag", None, lambda calling, given: of(Promise(PLAIN))))
"""A feature flag, which tells of the feature and not of who is calling."""

RUNNERS = dict.fromkeys(
    (
        "withServerActionInstrumentation",
        "startSpan",
        "startActiveSpan",
        "startSpanManual",
        "startInactiveSpan",
        "withScope",
        "withIsolationScope",
        "withActiveSpan",
        "continueTrace",
        "runInContext",
        "runWithContext",
        "with",
        "trace",
        "suppressTracing",
        "withMonitor",
    ),
    runs_callback,
)

LOGS: dict[str, Handler] = dict.fromkeys(
    (
        *("log", "info", "warn", "error", "debug", "trace", "fatal", "silly", "verbose", "http", "success", "notice"),
        *("track", "capture", "captureException", "captureMessage", "captureEvent", "addBreadcrumb", "identify"),
        *("setUser", "setTag", "setContext", "setExtra", "recordException", "event", "logEvent", "ingest", "alias"),
    ),
    logged,
)

LOGGERS = frozenset(
    {
        *("pino", "winston", "bunyan", "loglevel", "log4js", "tslog", "consola", "signale", "debug", "npmlog", "roarr"),
        *("@logtail/next", "@logtail/node", "next-axiom", "next-logger", "@axiomhq/js", "@axiomhq/nextjs"),
        *("@axiomhq/logging", "@datadog/browser-logs", "@logdna/logger", "next-logger", "@sentry/nextjs"),
        *(
            "@sentry/node",
            "@sentry/core",
            "@bugsnag/js",
            "rollbar",
            "newrelic",
            "dd-trace",
            "@highlight-run/next/server",
        ),
        *("@opentelemetry/api", "@opentelemetry/sdk-node", "@vercel/otel", "@baselime/node-opentelemetry"),
        *("posthog-node", "posthog-js", "mixpanel", "@segment/analytics-node", "@amplitude/analytics-node"),
        *("@vercel/analytics", "@vercel/analytics/server", "@vercel/speed-insights/next", "@openpanel/nextjs"),
        *(
            "@openpanel/sdk",
            "@june-so/analytics-node",
            "plausible-tracker",
            "@dub/analytics",
            "langfuse",
            "prom-client",
        ),
        *("@logsnag/node", "@logsnag/next", "@hyperdx/node-opentelemetry", "node-statsd", "hot-shots"),
    }
)

FLAGS = frozenset(
    {
        *("flags", "flags/next", "@vercel/flags/next", "@vercel/edge-config", "@launchdarkly/node-server-sdk"),
        *("statsig-node", "@statsig/statsig-node-core", "unleash-client", "@unleash/nextjs", "@growthbook/growthbook"),
        *("@happykit/flags/server", "flagsmith-nodejs", "@openfeature/server-sdk", "@splitsoftware/splitio"),
    }
)

MODELS = (
    LibraryModel(
        LOGGERS,
        "https://docs.sentry.io/platforms/javascript/guides/nextjs/",
        methods={
            **LOGS,
            **RUNNERS,
            "wrapMethod": wrapped,
            "isFeatureEnabled": promises(PLAIN),
            "getFeatureFlag": promises(PLAIN),
            "flush": promises(PLAIN),
            "shutdown": promises(PLAIN),
        },
        maker=watcher,
        otherwise=watcher,
    ),
    LibraryModel(
        frozenset({WATCHER}),
        "https://getpino.io/#/docs/api",
        {(): watcher},
        methods={
            **LOGS,
            **RUNNERS,
            **dict.fromkeys(
                ("isFeatureEnabled", "getFeatureFlag", "getAllFlags", "flush", "shutdown"), promises(PLAIN)
            ),
        },
        otherwise=watcher,
    ),
    LibraryModel(
        frozenset({"@upstash/ratelimit"}),
        "https://upstash.com/docs/redis/sdks/ratelimit-ts/overview",
        makers={("Ratelimit",): gives(of(Library("ratelimit#client"))), ("MultiRegionRatelimit",): gives(PLAIN)},
        otherwise=gives(PLAIN),
    ),
    LibraryModel(
        frozenset({"ratelimit#client"}),
        "https://upstash.com/docs/redis/sdks/ratelimit-ts/methods",
        otherwise=promises(LIMITED),
    ),
    LibraryModel(
        frozenset({"rate-limiter-flexible", "express-rate-limit", "limiter", "@unkey/ratelimit"}),
        "https://github.com/animir/node-rate-limiter-flexible/wiki/API-methods",
        maker=gives(of(Library("ratelimit#client"))),
        otherwise=gives(of(Library("ratelimit#client"))),
    ),
    LibraryModel(
        FLAGS,
        "https://flags-sdk.dev/frameworks/next",
        {("flag",): gives(FLAG), ("default",): gives(FLAG)},
        maker=watcher,
        otherwise=passed,
    ),
)
