"""Logs as JSON, one object a line, on standard error; for us and for the libraries alike."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog


def log_as_json() -> None:
    """Set logging up for this process."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    # `add_logger_name` needs a stdlib logger, which only records of libraries have.
    foreign = [structlog.stdlib.add_logger_name, *shared]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processor=structlog.processors.JSONRenderer(), foreign_pre_chain=foreign)
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
