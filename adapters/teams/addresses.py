"""Where an answer goes: the opaque address that the core carries and keeps for us."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace


@dataclass(frozen=True, slots=True)
class Address:
    """A conversation of a tenant at a service. `bot` and `user` are id and name; `activity` is what is replied to."""

    service_url: str
    tenant: str
    kind: str
    conversation: str
    activity: str
    bot: tuple[str, str]
    user: tuple[str, str]

    def dumps(self) -> str:
        """As text."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def place(self) -> Address:
        """The conversation itself, without what is replied to and, in a channel, without the thread."""
        where = self.conversation.partition(";")[0] if self.kind == "channel" else self.conversation
        return replace(self, conversation=where, activity="")

    def channel(self, channel: str) -> Address:
        """A channel (or another conversation) of the same tenant at the same service."""
        kind = "channel" if "@thread.tacv2" in channel or "@thread.skype" in channel else "groupChat"
        return replace(self, kind=kind, conversation=channel, activity="", user=("", ""))


def parse(text: str) -> Address | None:
    """The reverse of `dumps`; None for anything else."""
    try:
        found = json.loads(text)
        return Address(**{**found, "bot": tuple(found["bot"]), "user": tuple(found["user"])})
    except (ValueError, TypeError, KeyError):
        return None
