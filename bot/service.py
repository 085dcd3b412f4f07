"""The one door to the core: commands in, answers out."""

from __future__ import annotations

import threading

from bot.answers.answerer import Answerer
from bot.answers.assembly import build_answerer
from bot.corpus.knowledge import Knowledge
from bot.model import Answer, Ask


class Service:
    """Answers for every organisation of one knowledge folder; safe to call from several threads."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._answerers: dict[str, Answerer] = {}
        self._building = threading.Lock()

    def ask(self, command: Ask) -> Answer:
        """The answer to one question.

        Raises SettingsError for an unknown organisation, UsageError for a question that cannot be read.
        """
        return self.answerer(command.org).answer(command)

    def answerer(self, org: str) -> Answerer:
        """The organisation's answerer, built at its first question."""
        found = self._answerers.get(org)
        if found is None:
            with self._building:
                found = self._answerers.get(org)
                if found is None:
                    found = self._answerers[org] = build_answerer(self.knowledge, org)
        return found
