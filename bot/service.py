"""The one door to the core: commands in, answers out."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from bot.answers.answerer import Answerer
from bot.answers.assembly import build_answerer
from bot.corpus.knowledge import Knowledge
from bot.corpus.snapshot import built_once
from bot.model import Answer, Ask, Citation

OTHERS = 3
"""Other organisations shown at most, when they are asked for."""


class Service:
    """Answers for every organisation of one knowledge folder; safe to call from several threads."""

    def __init__(self, knowledge: Knowledge, cache: Path | None = None) -> None:
        """`cache`: a folder for built answerers, None to build them at every start."""
        self.knowledge = knowledge
        self._cache = cache
        self._answerers: dict[str, Answerer] = {}
        self._building = threading.Lock()

    def ask(self, command: Ask) -> Answer:
        """The answer to one question.

        Raises SettingsError for an unknown organisation, UsageError for a question that cannot be read.
        """
        answerer = self.answerer(command.org)
        dialogue = answerer.read(command)
        answer = answerer.reply(command, dialogue)
        question = answerer.asked_of_others(dialogue)
        return answer if question is None else self._with_others(answerer, answer, replace(command, question=question))

    def _with_others(self, answerer: Answerer, answer: Answer, command: Ask) -> Answer:
        """The answer with what other organisations' guidelines say, each in `related` under its own `org`."""
        found: list[tuple[str, Citation]] = []
        for org in self.knowledge.ids:
            if org != command.org:
                other = self.answerer(org)
                reply = other.answer(replace(command, org=org, history=(), account=None))
                if reply.status == "answered":
                    found.append((other.parts.organization.name, reply.citations[0]))
        return answerer.beside(answer, found[:OTHERS])

    def answerer(self, org: str) -> Answerer:
        """The organisation's answerer, built at its first question."""
        found = self._answerers.get(org)
        if found is None:
            with self._building:
                found = self._answerers.get(org)
                if found is None:
                    found = self._answerers[org] = self._build(org)
        return found

    def _build(self, org: str) -> Answerer:
        files = self.knowledge.files(org)
        return built_once(self._cache, org, files, lambda: build_answerer(self.knowledge, org))
