"""Helpers for tests: an invented guideline, verbatim comparison, dialogues run as tables, an office behind a front."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.console.app import Console
from adapters.intake import Intake
from bot.bootstrap import RandomIdentities, SystemClock
from bot.desk import Desk
from bot.directory import Directory, Workspace, page_workspace
from bot.limits import RateLimiter
from bot.model import Answer
from bot.ports import Clock
from bot.service import Service
from bot.store.database import Store, open_store

INVENTED_ID = "kasumino"

INVENTED_TEXT = """霞野市ソーシャルメディア利用ガイドライン

令和６年４月１日

１ 目的
このガイドラインは、霞野市の職員がソーシャルメディアを利用するときに守るべき事項を定める。

２ 個人アカウントの利用
(1) 職務上知り得た秘密を投稿してはならない。
(2) 勤務時間中に個人アカウントで投稿してはならない。
(3) 投稿の内容は個人の見解であり、市の見解ではないことを明記する。

３ 公式アカウントの運用
(1) 公式アカウントを開設する課は、あらかじめ総務部広報課に届け出る。
(2) 写真を掲載するときは、写っている人の承諾を得る。
(3) 短縮URLは使用しない。
(4) 誤った情報を投稿したときは、速やかに訂正し、総務部広報課に報告する。

４ 問合せ先
総務部広報課 電話 0123-45-6789 内線 142
"""
"""A small guideline of a town that does not exist, with a private and an official part, a date and an office."""


def squashed(text: str) -> str:
    """The text without white space: quotations and sources are compared like this."""
    return "".join(text.split())


def shown_locators(answer: Answer, count: int = 3) -> list[str]:
    """What a person sees first: citations, then related."""
    return [citation.locator for citation in (*answer.citations, *answer.related)][:count]


@dataclass(frozen=True, slots=True)
class Transcript:
    """What the console wrote: what stood there before the first line was typed, and behind each line."""

    greeting: str
    replies: tuple[str, ...]


def talk(service: Service, org: str | None, lines: Sequence[str]) -> Transcript:
    """Type `lines` at the console; what it shows."""
    out = io.StringIO()
    marks: list[int] = []
    waiting: Iterable[str] = iter(lines)

    def typed(_prompt: str) -> str | None:
        marks.append(out.tell())
        return next(iter(waiting), None)

    Console(service, typed, out).run(org)
    text = out.getvalue()
    ends = [*marks[1:], len(text)]
    replies = tuple(text[start:end] for start, end in zip(marks, ends, strict=True))
    return Transcript(text[: marks[0]] if marks else text, replies[: len(lines)])


class FakeClock:
    """A clock that stands still until it is moved; `now` is seconds since 1970."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.time = now

    def now(self) -> float:
        """The time it was set to."""
        return self.time


@dataclass(frozen=True, slots=True)
class Office:
    """All that stands behind a front, over a real store in a folder of the test."""

    desk: Desk
    store: Store
    intake: Intake


def office(service: Service, folder: Path, workspaces: Iterable[Workspace], clock: Clock | None = None) -> Office:
    """A desk for these workspaces and for the page; call inside the event loop that will use the intake."""
    ticking = clock or SystemClock()
    store = open_store(f"sqlite:///{(folder / 'store.sqlite3').as_posix()}", ticking)
    directory = Directory([*workspaces, page_workspace(service.knowledge)])
    desk = Desk(service, directory, store, ticking, RandomIdentities())
    return Office(desk, store, Intake(desk, store.inbox, RateLimiter(ticking)))
