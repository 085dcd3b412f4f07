"""The SDKs' loggers, silent below WARNING whatever level somebody sets: there they log every word people write."""

from __future__ import annotations

import logging

from adapters.quiet import quiet


class _Grave(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING


def hushed(name: str) -> logging.Logger:
    """A logger for an SDK."""
    logger = quiet(name)
    if not any(isinstance(one, _Grave) for one in logger.filters):
        logger.addFilter(_Grave())
    return logger
