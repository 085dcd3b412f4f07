"""No rule takes more than in proportion to a draft's length: the steps Python takes are counted, not the time."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest

from bot.model import CheckDraft
from bot.service import Service

PIECES = (
    "写真を見た。課長が言った。",
    "来春から予定、内緒、住民さんが来庁した090-0000-1234",
    "@abc https://example.com/ 2026年12月1日 17時30分 ",
    "○●バ○カ",
    "あ",
    "a.",
    "🎉",
    "((((",
    "0-",
    "さん様氏",
)


def steps(service: Service, text: str) -> int:
    """Lines and calls of ours that Python runs to check a text."""
    count = 0

    def trace(_frame: FrameType, _event: str, _arg: object) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        service.check(CheckDraft("asahikawa", "official", text))
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("piece", PIECES)
def test_four_times_the_draft_is_at_most_about_four_times_the_work(service: Service, piece: str) -> None:
    short, long = (piece * (length // len(piece)) for length in (600, 2_400))
    service.check(CheckDraft("asahikawa", "official", piece))  # built and warm
    assert steps(service, long) <= 5 * steps(service, short) + 2_000
