"""What the page posts, read."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.guard import Guard
from adapters.web.inbound import HISTORY, Posted, RefusedError, read_press, read_question
from bot.blocks import ClauseRef
from bot.commands import Acknowledge, AnswerQuiz, Copy, Home, OpenLesson, Question, Rate
from bot.settings import Settings


def body(**content: object) -> bytes:
    return json.dumps({"org": "urausu", **content}).encode()


def test_a_question_comes_with_all_that_belongs_to_it() -> None:
    posted = read_question(body(question="写真は？", account="official", history=["前の質問"], visit="visit-0001"))
    assert posted == Posted("urausu", "visit-0001", Question("写真は？", "official", ("前の質問",)))


def test_only_the_latest_questions_go_with_a_new_one() -> None:
    posted = read_question(body(question="次は？", history=[str(number) for number in range(9)] + [" "]))
    assert isinstance(posted.command, Question)
    assert posted.command.history == ("5", "6", "7", "8")
    assert len(posted.command.history) == HISTORY - 1


def test_presses_become_commands() -> None:
    assert read_press(body(verb="copy", value="urausu/6(5)")).command == Copy(ClauseRef("urausu", "6(5)"))
    assert read_press(body(verb="rate_down", value="abc")).command == Rate("abc", good=False)
    assert read_press(body(verb="home")).command == Home()
    assert read_press(body(verb="lesson", value="photos")).command == OpenLesson("photos")
    assert read_press(body(verb="quiz", value="photos/2")).command == AnswerQuiz("photos", 2)
    assert read_press(body(verb="acknowledge", value="0" * 16)).command == Acknowledge("0" * 16)


def test_a_course_cannot_be_steered_by_somebody_whom_nobody_knows() -> None:
    with pytest.raises(RefusedError, match="このボタンは使えません"):
        read_press(body(verb="course", value="start"))


@pytest.mark.parametrize("visit", ["", "short", "x" * 65, "with space", "日本語日本語日本語", 7, None])
def test_a_visit_that_is_no_name_is_none(visit: object) -> None:
    assert read_question(body(question="写真は？", visit=visit)).visit == ""


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["copy", "a/1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["org", "question", "account", "history", "verb", "value", "visit"]), inner, max_size=7
    ),
    max_leaves=12,
)  # fmt: skip


def read_or_refused(read: Callable[[bytes], Posted], content: bytes) -> Posted | RefusedError:
    try:
        return read(content)
    except RefusedError as refused:
        return refused


@given(json_values.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60))
def test_any_body_is_read_or_refused_with_a_line(content: bytes) -> None:
    for read in (read_question, read_press):
        found = read_or_refused(read, content)
        if isinstance(found, RefusedError):
            assert 400 <= found.status < 500
            assert found.japanese.splitlines() == [found.japanese]
        else:
            f"{found.org} {found.command}".encode()


@given(st.text(max_size=60))
def test_any_host_is_served_or_refused(host: str) -> None:
    with contextlib.suppress(RefusedError):
        Guard(Settings()).host(host)
