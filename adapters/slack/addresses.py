"""Where a reply goes: the opaque address that a request carries through the inbox."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Literal


@dataclass(frozen=True, slots=True)
class Address:
    """A place and a way there.

    `post`: into `channel`, below `thread` where one is named. `respond`: to the one who asked, through `url` while
    Slack takes it (30 minutes), else as a message that only `user` sees. `direct`: into the user's direct chat.
    `echo`: show the question above its answer, because Slack does not.
    """

    kind: Literal["post", "respond", "direct"]
    channel: str = ""
    thread: str = ""
    user: str = ""
    url: str = ""
    echo: bool = False

    def __str__(self) -> str:
        """As the inbox keeps it."""
        given = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(given, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def parse(cls, text: str) -> Address:
        """The reverse of `str()`. Raises ValueError for anything else."""
        found = json.loads(text)
        names = {one.name for one in fields(cls)}
        if not isinstance(found, dict) or not found.keys() <= names or "kind" not in found:
            raise ValueError("not an address")
        return cls(**found)
