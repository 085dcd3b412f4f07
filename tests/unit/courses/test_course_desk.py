"""The course at the desk: a press or a word in, the lesson or what came of it out; over the real store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.blocks import Actions, Heading, Link, Progress, Quote
from bot.bootstrap import RandomIdentities
from bot.commands import (
    Acknowledge,
    AnswerQuiz,
    Home,
    OpenLesson,
    Question,
    Request,
    Sender,
    SteerCourse,
)
from bot.desk import Desk
from bot.directory import Directory, Workspace
from bot.service import Service
from bot.store.database import Store
from bot.testing import FakeClock
from tests.unit.courses.talk import NEWCOMER, ORG, Talk, buttons, desk_for, labels


@pytest.mark.parametrize("words", ["研修を始める", "研修を 始める。", "研修開始！"])
def test_a_few_words_begin_the_course_at_once(talk: Talk, words: str) -> None:
    card = talk(Question(words))
    assert "レッスンを開く" in labels(card)
    assert (talk.enrolment().position, talk.enrolment().announced) == (0, True)
    assert talk.events() == ["enrolled"]


def test_a_question_about_a_course_is_still_a_question(talk: Talk) -> None:
    card = talk(Question("研修を始める前に写真の決まりを知りたい"))
    assert card.answer is not None


def test_a_lesson_shows_its_clauses_word_for_word_a_scene_and_a_question(talk: Talk, lessons: Service) -> None:
    card = talk.press(talk(SteerCourse("start")), "レッスンを開く")
    course = lessons.knowledge.course(ORG)
    assert course is not None
    first = course.lessons[0]
    quotes = [block for block in card.blocks if isinstance(block, Quote)]
    assert [str(one.ref) for one in quotes] == [f"{ORG}/{cite.locator}" for cite in first.cites]
    assert first.example in card.fallback
    assert first.question in card.fallback
    assert labels(card)[-len(first.options) :] == list("①②③")[: len(first.options)]
    assert talk.events() == ["enrolled", "opened"]


def test_a_wrong_answer_gets_reason_and_clause_and_may_be_given_anew(talk: Talk) -> None:
    talk(SteerCourse("start"))
    lesson = talk.enrolment().lessons[0]
    card = talk(AnswerQuiz(lesson, talk.wrong(lesson)))
    assert isinstance(card.blocks[0], Heading)
    assert "違います" in card.blocks[0].text
    assert any(isinstance(block, Quote) for block in card.blocks)
    assert "①" in labels(card)
    assert talk.enrolment().position == 0


def test_the_right_answer_says_when_the_next_lesson_comes_and_lets_go_on_now(talk: Talk) -> None:
    talk(SteerCourse("start"))
    first, second = talk.enrolment().lessons[:2]
    card = talk.right(first)
    assert "4月2日（木）" in card.fallback
    shown = talk.press(card, "次のレッスンへ進む")
    assert any(isinstance(block, Progress) and block.done == 1 for block in shown.blocks)
    assert talk.enrolment().lesson == second
    assert talk.enrolment().announced


def test_the_whole_course_ends_in_an_acknowledgement_that_is_on_record(talk: Talk) -> None:
    card = talk.all_lessons()
    done = talk.press(card, "ガイドラインを読み、理解しました")
    edition = talk.enrolment().edition
    assert "記録しました" in done.fallback
    assert edition in done.fallback
    assert talk.enrolment().state == "done"
    rows = talk.store.ledger.rows("T1")
    assert rows[-1].entry.event == "acknowledged"
    assert rows[-1].entry.edition == edition
    assert rows[-1].entry.at == talk.clock.time
    assert talk.store.ledger.verify("T1").wrong is None


def test_an_acknowledgement_pressed_twice_is_on_record_once_and_confirmed_in_the_same_words(talk: Talk) -> None:
    edition = talk.press(talk.all_lessons(), "ガイドラインを読み、理解しました")
    again = talk(Acknowledge(talk.enrolment().edition))
    assert again.fallback == edition.fallback
    assert talk.events().count("acknowledged") == 1


def test_nobody_acknowledges_before_the_last_lesson(talk: Talk) -> None:
    talk(SteerCourse("start"))
    card = talk(Acknowledge(talk.enrolment().edition))
    assert "まだ終わっていない" in card.fallback
    assert "acknowledged" not in talk.events()


def test_a_request_that_comes_again_after_a_crash_is_answered_alike_and_entered_once(talk: Talk) -> None:
    talk(SteerCourse("start"))
    lesson = talk.enrolment().lessons[0]
    wrong = talk.wrong(lesson)
    for command in (OpenLesson(lesson), AnswerQuiz(lesson, wrong), AnswerQuiz(lesson, talk.number_of_right(lesson))):
        talk.clock.time += 60
        request = Request("once", NEWCOMER, command, "", talk.clock.time)
        first, second = (talk.desk.handle(request).card for _ in range(2))
        assert first == second
    assert talk.events() == ["enrolled", "opened", "answered", "answered"]


def test_a_lesson_that_is_not_open_yet_shows_the_present_one(talk: Talk) -> None:
    talk(SteerCourse("start"))
    last = talk.enrolment().lessons[-1]
    for command in (OpenLesson(last), AnswerQuiz(last, 1), OpenLesson("nowhere")):
        assert "レッスンを開く" in labels(talk(command))
    assert talk.events() == ["enrolled"]


def test_in_a_channel_nothing_of_a_persons_course_is_shown(talk: Talk) -> None:
    public = replace(NEWCOMER, channel="C1", direct=False)
    begun = talk(Question("研修を始める"), public)
    assert "個別メッセージでお届けします" in begun.fallback
    assert not labels(begun)
    lesson = talk.enrolment().lessons[0]
    for command in (OpenLesson(lesson), SteerCourse("progress"), AnswerQuiz(lesson, 1)):
        assert "個別メッセージで話しかけて" in talk(command, public).fallback
    assert talk.events() == ["enrolled"]
    assert talk.desk.courses.plan() == 1  # and the first lesson goes out by itself


def test_a_question_in_the_middle_of_the_course_is_answered_and_the_course_goes_on(talk: Talk) -> None:
    talk(SteerCourse("start"))
    before = talk.enrolment()
    card = talk(Question("短縮URLを使ってもいいですか"))
    assert card.answer is not None
    assert talk.enrolment() == before


def test_pause_resume_leave_and_begin_again(talk: Talk) -> None:
    talk(SteerCourse("start"))
    paused = talk(Question("研修を休む"))
    assert talk.enrolment().state == "paused"
    talk.clock.time += 30 * 86_400
    assert talk.desk.courses.plan() == 0
    assert "レッスンを開く" in labels(talk.press(paused, "再開する"))
    assert talk.enrolment().state == "active"
    talk(Question("研修をやめる"))
    assert talk.enrolment().state == "left"
    assert "研修を始める" in labels(talk(OpenLesson(talk.enrolment().lessons[0])))
    talk(Question("研修を始める"))
    assert talk.enrolment().state == "active"
    assert talk.events() == ["enrolled", "paused", "resumed", "left", "resumed"]


def test_sent_again_is_shown_again_and_nothing_is_planned_for_it(talk: Talk) -> None:
    talk(SteerCourse("start"))
    card = talk(Question("もう一度送って"))
    assert "レッスンを開く" in labels(card)
    assert talk.store.outbox.counts("T1") == {} or not any(talk.store.outbox.counts("T1").values())


def test_progress_tells_how_far_one_is_and_when_it_goes_on(talk: Talk) -> None:
    talk(SteerCourse("start"))
    talk.right(talk.enrolment().lessons[0])
    card = talk(Question("研修の状況"))
    assert any(isinstance(block, Progress) and block.done == 1 for block in card.blocks)
    assert "4月2日（木）" in card.fallback


def test_whoever_is_not_enrolled_is_offered_to_begin(talk: Talk) -> None:
    assert "研修を始める" in labels(talk(Question("研修の状況")))
    assert "研修を始める" in labels(talk(OpenLesson("characteristics")))
    assert talk.events() == []


def test_the_page_plays_every_lesson_and_records_nothing(talk: Talk, lessons: Service) -> None:
    course = lessons.knowledge.course(ORG)
    assert course is not None
    visitor = Sender("web", "web", "visit", ORG, f"{ORG}/visit")
    for lesson in course.lessons:
        card = talk(OpenLesson(lesson.id), visitor)
        assert lesson.question in card.fallback
    right = next(number for number, one in enumerate(course.lessons[-1].options, 1) if one.right)
    card = talk(AnswerQuiz(course.lessons[-1].id, right), visitor)
    acknowledge = next(one for one in buttons(card) if one.verb == "acknowledge")
    end = talk(Acknowledge(acknowledge.value), visitor)
    assert "誰が見たかを記録していません" in end.fallback
    home = talk(Home(), visitor)
    assert any(
        isinstance(item, Link) and item.url == f"/course/{ORG}"
        for block in home.blocks
        if isinstance(block, Actions)
        for item in block.items
    )
    assert store_is_empty(talk.store)


def store_is_empty(store: Store) -> bool:
    return not store.enrolments.people("web") and not store.ledger.rows("web")


def test_two_people_of_two_workspaces_never_meet(lessons: Service, store: Store, clock: FakeClock) -> None:
    places = [Workspace("slack", "T1", ORG), Workspace("slack", "T2", ORG)]
    desk = Desk(lessons, Directory(places), store, clock, RandomIdentities())
    talk = Talk(desk, store, clock)
    talk(SteerCourse("start"))
    elsewhere = replace(NEWCOMER, tenant="T2")
    assert "研修を始める" in labels(talk(SteerCourse("progress"), elsewhere))
    assert store.enrolments.find("T2", "U1", ORG) is None


def test_an_administrator_sees_figures_by_department_and_nobody_else_does(
    lessons: Service, store: Store, clock: FakeClock
) -> None:
    talk = Talk(desk_for(lessons, store, clock, administrators=("U9",)), store, clock)
    talk(SteerCourse("start"))
    shown = talk(SteerCourse("progress"), replace(NEWCOMER, user="U9", channel="D9"))
    assert "研修の進み具合" in shown.fallback
    assert "U1" not in shown.fallback
    assert "研修の進み具合" not in talk(SteerCourse("progress")).fallback
    public = replace(NEWCOMER, user="U9", channel="C1", direct=False)
    assert "個別メッセージで" in talk(SteerCourse("progress"), public).fallback
