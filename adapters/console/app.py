"""The conversation in a terminal: reads lines, asks the service, keeps the history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TextIO

from adapters.console.inbound import Typed, to_command
from adapters.console.outbound import render, safe
from bot.errors import GuidelineBotError
from bot.service import Service

_HELP = (
    "質問をそのまま書いてください。続けて「じゃあ個人なら？」「連絡先は？」のようにも聞けます。\n"
    "  /新規   前の質問を忘れて、新しく始める\n"
    "  /団体   団体を替える（一覧から選ぶ。続けて id を書いてもよい）\n"
    "  /終了   終わる（Ctrl-D でも）"
)


class Console:
    """One conversation. `lines` are read until they end; everything shown goes to `out`."""

    def __init__(self, service: Service, lines: Callable[[str], str | None], out: TextIO) -> None:
        """`lines(prompt)` gives the next line, None at the end."""
        self._service = service
        self._lines = lines
        self._out = out
        self._history: list[str] = []

    def run(self, org: str | None) -> None:
        """Talk until the end; asks for the organisation first where none is given."""
        chosen = org or self._choose()
        while chosen is not None:
            name = self._service.knowledge.organization(chosen).name
            self._say(f"\n{name}のガイドラインについて、どうぞ。（/? で使い方）")
            chosen = self._talk(chosen)

    def _talk(self, org: str) -> str | None:
        """Answer until the end (None) or until another organisation is chosen (its id)."""
        self._history.clear()
        while (line := self._lines("\n質問> ")) is not None:
            try:
                command = to_command(line, org, self._history)
                if isinstance(command, Typed):
                    if command.word == "quit":
                        return None
                    other = self._obey(command)
                    if other is not None:
                        return other
                elif command is not None:
                    answer = self._service.ask(command)
                    if answer.status != "smalltalk":
                        self._history.append(command.question)
                    self._say("\n" + render(answer))
            except GuidelineBotError as error:
                self._say(safe(error.message()))
        return None

    def _obey(self, typed: Typed) -> str | None:
        if typed.word == "help":
            self._say(_HELP)
        elif typed.word == "forget":
            self._history.clear()
            self._say("前の質問を忘れました。")
        elif typed.word == "organizations":
            if typed.rest:
                self._service.knowledge.folder(typed.rest)
                return typed.rest
            return self._choose()
        return None

    def _choose(self) -> str | None:
        ids = self._service.knowledge.ids
        if len(ids) == 1:
            return ids[0]
        self._say("どの団体のガイドラインですか。番号か id を入れてください。")
        self._say("\n".join(self._listed(ids)))
        while (line := self._lines("団体> ")) is not None:
            text = line.strip()
            if text in ids:
                return text
            if text.isdecimal() and 1 <= int(text) <= len(ids):
                return ids[int(text) - 1]
            self._say(f"1〜{len(ids)} の番号か id を入れてください。")
        return None

    def _listed(self, ids: Iterable[str]) -> Iterable[str]:
        for number, org in enumerate(ids, 1):
            yield f"  {number}. {self._service.knowledge.organization(org).name}（{org}）"

    def _say(self, text: str) -> None:
        self._out.write(text + "\n")
        self._out.flush()
