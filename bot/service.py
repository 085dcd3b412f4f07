"""The one door to the core: commands in, answers out."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from bot.answers.answerer import Answerer
from bot.answers.assembly import build_answerer
from bot.corpus.knowledge import Knowledge
from bot.corpus.snapshot import built_once
from bot.drafts.assembly import build_checker, build_rules
from bot.drafts.checker import Checker, Passed
from bot.drafts.pictures import Pictures
from bot.drafts.ruleset import RuleSet
from bot.model import Answer, Ask, CheckDraft, CheckReport, Citation

OTHERS = 3
"""Other organisations shown at most, when they are asked for."""

_BODY = re.compile(r"[\u4e00-\u9fffヶケ々]{1,6}[市町村区県]")
"""What may be the name of a municipality."""

_JOINED = r"(?:の場合(?:は|だと)?|だったら|だと|なら|では|でも|って|には|は|の|で|、)?"
"""What joins a name to the question behind it."""


class Service:
    """Answers for every organisation of one knowledge folder; safe to call from several threads."""

    def __init__(self, knowledge: Knowledge, cache: Path | None = None) -> None:
        """`cache`: a folder for built answerers, None to build them at every start."""
        self.knowledge = knowledge
        self._cache = cache
        self._answerers: dict[str, Answerer] = {}
        self._checkers: dict[str, Checker] = {}
        self._rules: RuleSet | None = None
        self._building = threading.Lock()

    def ask(self, command: Ask) -> Answer:
        """The answer to one question.

        Raises SettingsError for an unknown organisation, UsageError for a question that cannot be read.
        """
        answerer = self.answerer(command.org)
        named = self._named(command)
        if named:  # 美唄市だと…: without the name it is a question like any other
            command = replace(command, question=_without(command.question, named.values()))
        dialogue = answerer.read(command)
        answer = answerer.reply(command, dialogue)
        asked = command.question if named else answerer.asked_of_others(dialogue)
        if asked is None or answer.status == "smalltalk":
            return answer
        others = [org for org in named or self.knowledge.ids if org != command.org]
        return self._with_others(answerer, answer, replace(command, question=asked), others)

    def _named(self, command: Ask) -> dict[str, str]:
        """The other organisations of this folder that a question names, with their names."""
        if not _BODY.search(command.question):  # their files need not be opened
            return {}
        names = {org: self.knowledge.name(org) for org in self.knowledge.ids if org != command.org}
        return {org: name for org, name in names.items() if name in command.question}

    def _with_others(self, answerer: Answerer, answer: Answer, command: Ask, others: Sequence[str]) -> Answer:
        """The answer with what other organisations' guidelines say, each in `related` under its own `org`."""
        found: list[tuple[str, Citation]] = []
        for org in others:
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

    def check(self, command: CheckDraft, pictures: Pictures = (), passed: Passed | None = None) -> CheckReport:
        """What the organisation's own clauses say against a draft and the pictures with it. Nothing of it is kept.

        Raises SettingsError for an unknown organisation, UsageError for a draft that is too long.
        """
        return self.checker(command.org).check(command, pictures, passed)

    def checker(self, org: str) -> Checker:
        """The organisation's checker, built at its first draft; the rules serve them all."""
        found = self._checkers.get(org)
        if found is None:
            with self._building:
                if self._rules is None:
                    files = self.knowledge.draft_files()
                    self._rules = built_once(self._cache, "drafts", files, lambda: build_rules(self.knowledge))
                found = self._checkers.setdefault(org, build_checker(self.knowledge, org, self._rules))
        return found

    def _build(self, org: str) -> Answerer:
        files = self.knowledge.files(org)
        return built_once(self._cache, org, files, lambda: build_answerer(self.knowledge, org))


def _without(question: str, names: Iterable[str]) -> str:
    """The question without these names; as it is where nothing else would be left."""
    rest = question
    for name in names:
        rest = re.sub(re.escape(name) + _JOINED, "", rest)
    return rest if rest.strip(" 　?？!！。、") else question
