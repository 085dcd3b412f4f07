"""Follow-ups: whether a message hangs on the question before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answers.reading import MessageReader, Reading
from bot.model import Account
from bot.retrieval.query import Query, QueryBuilder

SHORT = 20
"""A message of at most this many characters hangs on the one before it when it names no social-media matter itself …"""

FEW_WORDS = 2
"""… and so does one of at most so many content words."""


TURNS = frozenset({"official", "private", "reason", "example"})
"""Aspects that leave the subject as it was."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message read: its query and what kind of message it is."""

    text: str
    query: Query
    reading: Reading


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The message to answer, with the one it hangs on (None when it stands alone) and the account meant."""

    message: Message
    context: Message | None
    account: Account | None


class DialogueReader:
    """Reads a question together with the earlier ones."""

    def __init__(self, queries: QueryBuilder, messages: MessageReader) -> None:
        self._queries = queries
        self._messages = messages

    def message(self, text: str) -> Message:
        """One message on its own."""
        query = self._queries.build(text)
        return Message(text, query, self._messages.read(query.text, query.cut))

    def read(self, question: str, history: Sequence[str], account: Account | None) -> Dialogue:
        """The question in its dialogue; the account said in this message wins over that of earlier ones."""
        message = self.message(question)
        context: Message | None = None
        said = account or message.reading.account or _turned_to(message)
        if history and self._hangs(message):
            for earlier in reversed(history):
                context = self.message(earlier)
                said = said or context.reading.account
                if not self._hangs(context):
                    break
        if context is not None and says_nothing_itself(message):
            message = replace(message, query=context.query)
        return Dialogue(message, context, said)

    def _hangs(self, message: Message) -> bool:
        return hangs(message) and not self._brings_its_own_subject(message)

    def _brings_its_own_subject(self, message: Message) -> bool:
        """Whether a short message speaks of something else: another office's business, or what no clause knows."""
        reading = message.reading
        if reading.outside is not None:
            return not reading.social
        return not (reading.opener or reading.aspects) and self._queries.strange(message.query)


def _turned_to(message: Message) -> Account | None:
    """The account that a follow-up such as じゃあ個人なら？ turns to."""
    aspects = set(message.reading.aspects) & {"official", "private"}
    if aspects == {"official"}:
        return "official"
    return "private" if aspects == {"private"} else None


def says_nothing_itself(message: Message) -> bool:
    """Whether a message only turns the question before it: じゃあ個人なら？ なぜ？ Its own words would mislead."""
    aspects = set(message.reading.aspects)
    return bool(aspects) and aspects <= TURNS and len(message.query.words) <= FEW_WORDS


def hangs(message: Message) -> bool:
    """Whether a message cannot be understood without the one before it."""
    reading = message.reading
    if reading.opener or len(message.query.words) <= FEW_WORDS:
        return True
    return len(message.text) <= SHORT and (bool(reading.aspects) or not reading.social)
