"""Who comes, goes and comes back: enrolled by joining, stopped by leaving."""

from __future__ import annotations

from bot.blocks import Progress
from bot.commands import (
    Home,
    SteerCourse,
)
from bot.service import Service
from bot.store.database import Store
from bot.testing import FakeClock
from tests.unit.courses.talk import Talk, desk_for, labels
from tests.unit.onboarding.courses import at


def test_whoever_joins_the_workspace_is_enrolled_and_told_so(talk: Talk) -> None:
    card = talk(Home(joined=True))
    assert "4月1日（水）から個別メッセージで" in card.fallback
    assert talk.events() == ["enrolled"]
    talk(Home(joined=True))
    assert talk.events() == ["enrolled"]


def test_who_joins_in_the_evening_gets_the_first_lesson_in_the_morning(talk: Talk) -> None:
    talk.clock.time = at("2026-04-03 20:00")
    assert "4月6日（月）から" in talk(Home(joined=True)).fallback
    assert talk.desk.courses.plan() == 0
    talk.clock.time = at("2026-04-06 09:00")
    assert talk.desk.courses.plan() == 1
    assert [one.message.kind for one in talk.store.outbox.claim(["slack"], 5)] == ["lesson"]


def test_who_only_installs_the_bot_is_offered_the_course_unless_the_town_wants_it(
    lessons: Service, store: Store, clock: FakeClock
) -> None:
    offered = Talk(desk_for(lessons, store, clock), store, clock)(Home(joined=True, installed=True))
    assert "研修を始める" in labels(offered)
    assert store.enrolments.people("T1") == []
    wanted = Talk(desk_for(lessons, store, clock, enrol=("install",)), store, clock)
    assert "から個別メッセージで" in wanted(Home(joined=True, installed=True)).fallback


def test_who_had_gone_and_comes_back_goes_on(talk: Talk) -> None:
    talk(SteerCourse("start"))
    talk.desk.courses.stop("T1", "U1", "uninstalled")
    assert talk.enrolment().state == "stopped"
    assert "再開する" in labels(talk(Home(joined=True)))
    assert talk.enrolment().state == "active"


def test_who_comes_back_before_the_first_lesson_gets_it_on_its_day(talk: Talk) -> None:
    talk.clock.time = at("2026-04-03 20:00")
    talk(Home(joined=True))
    talk.desk.courses.stop("T1", "U1", "uninstalled")
    assert "4月6日（月）から" in talk(Home(joined=True)).fallback
    talk.clock.time = at("2026-04-06 09:00")
    assert talk.desk.courses.plan() == 1


def test_whoever_is_on_the_way_finds_the_course_on_the_home_page(talk: Talk) -> None:
    assert "研修を始める" in labels(talk(Home()))
    talk(Home(joined=True))
    home = talk(Home())
    assert "研修を始める" not in labels(home)
    assert any(isinstance(block, Progress) for block in talk.press(home, "研修の状況を見る").blocks)
