"""Other people's logs without what is nobody's business: no bodies, no addresses with tickets in them, no tracebacks.

For the SDKs', and for aiohttp's, which prints the raw line of a malformed request, tokens and questions included.
"""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(r"(?:wss?|https?)://\S+|x(?:ox\w|app)-[\w-]+")


class _Redacting(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the sentence, with secrets and what an exception carries left out; nothing below WARNING, ever."""
        if record.levelno < logging.WARNING:  # whatever level somebody sets: there, all that people write is logged
            return False
        kind = record.exc_info[0] if record.exc_info else None
        record.msg = _SECRET.sub("…", record.getMessage().partition("\n")[0]) + (f" [{kind.__name__}]" if kind else "")
        record.args, record.exc_info, record.exc_text = (), None, None
        return True


def quiet(name: str) -> logging.Logger:
    """A logger that is not ours, made quiet. Below WARNING, SDKs log what people have written."""
    logger = logging.getLogger(name)
    logger.setLevel(logging.WARNING)
    if not any(isinstance(one, _Redacting) for one in logger.filters):
        logger.addFilter(_Redacting())
    return logger
