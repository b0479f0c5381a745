"""Logs on standard error, for us and for the libraries alike: sentences at a terminal, else JSON, one object a line."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

import structlog


def log_for_the_reader() -> None:
    """Set logging up for this process."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, _renderer()],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    # `add_logger_name` needs a stdlib logger, which only records of libraries have.
    foreign = [structlog.stdlib.add_logger_name, _plainly_named, *shared]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=_renderer(), foreign_pre_chain=foreign))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)


def _plainly_named(logger: Any, method: str, entry: Any) -> Any:
    """What uvicorn calls `uvicorn.error` is all that it says of itself."""
    entry["logger"] = entry["logger"].removesuffix(".error")
    return entry


def _renderer() -> Any:
    if sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer(colors="NO_COLOR" not in os.environ, pad_event_to=0)
    return structlog.processors.JSONRenderer()
