"""What a view remembers in its private_metadata: where it was opened, and for a draft which pictures go with it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from adapters.slack.payloads import ID


@dataclass(frozen=True, slots=True)
class Kept:
    """Never a word of a draft.

    `files`: ids of pictures to be checked; `left`: how many pictures cannot be. `length`: characters of a draft too
    long for the view, 0 for one that fits.
    """

    channel: str = ""
    files: tuple[str, ...] = ()
    left: int = 0
    length: int = 0

    def __str__(self) -> str:
        """As the view carries it: the channel alone where there is nothing else. Far below Slack's 3,000 characters."""
        if not (self.files or self.left or self.length):
            return self.channel
        given = {"channel": self.channel, "files": self.files, "left": self.left, "length": self.length}
        return json.dumps(given, separators=(",", ":"))

    @classmethod
    def parse(cls, text: str) -> Kept:
        """The reverse of `str()`; of anything else as much as can be read."""
        if ID.fullmatch(text):
            return cls(text)
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return cls()
        if not isinstance(found, dict):
            return cls()
        channel, listed = found.get("channel"), found.get("files")
        files = (
            [one for one in listed if isinstance(one, str) and ID.fullmatch(one)] if isinstance(listed, list) else []
        )
        named = channel if isinstance(channel, str) and ID.fullmatch(channel) else ""
        return cls(named, tuple(files), _count(found.get("left")), _count(found.get("length")))


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
