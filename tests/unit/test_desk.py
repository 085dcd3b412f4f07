"""The desk: a request from a workspace in, a card out, and the record kept; over the real store."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.blocks import Actions, Button, Card, ClauseRef, Contacts, Heading, Quote, Text
from bot.bootstrap import RandomIdentities
from bot.commands import Command, Copy, Find, Home, Question, Rate, Read, Refer, Request, Sender, Share, ShowContacts
from bot.corpus.knowledge import Knowledge
from bot.desk import Desk
from bot.directory import Directory, Workspace
from bot.service import Service
from bot.store.database import open_store
from bot.testing import FakeClock

CLERK = Sender("slack", "T1", "U1", "C1", "C1/1", "山田 花子")
WORKSPACES = (
    Workspace("slack", "T1", "asahikawa", {"C7": "chikugo"}, {"広報広聴課": "C05"}),
    Workspace("slack", "T2", "asahikawa"),
)
SHORT_LINK = "bit.lyとか使っていい？"


@pytest.fixture(scope="module")
def desk(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    clock = FakeClock()
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('desk') / 'store.sqlite3'}", clock)
    yield Desk(service, Directory(WORKSPACES), store, clock, RandomIdentities())
    store.close()


class Talk:
    """Requests of one test; every one has a key and a second of its own."""

    def __init__(self, desk: Desk, name: str) -> None:
        self.desk, self.name, self.count = desk, name, 0

    def request(self, command: Command, sender: Sender = CLERK) -> Request:
        self.count += 1
        thread = replace(sender, thread=f"{sender.channel}/{self.name}")
        return Request(f"{self.name}-{self.count}", thread, command, "", self.desk.clock.now() + self.count)

    def __call__(self, command: Command, sender: Sender = CLERK) -> Card:
        return self.desk.handle(self.request(command, sender)).card


@pytest.fixture
def say(desk: Desk, request: pytest.FixtureRequest) -> Talk:
    return Talk(desk, request.node.name)


def quoted(card: Card) -> str | None:
    return next((str(block.ref) for block in card.blocks if isinstance(block, Quote)), None)


def refer_id(card: Card) -> str:
    buttons = (one for block in card.blocks if isinstance(block, Actions) for one in block.items)
    return next(one.value for one in buttons if isinstance(one, Button) and one.verb == "refer")


def test_a_question_gets_the_clause_of_its_workspaces_organisation(say: Talk) -> None:
    assert quoted(say(Question(SHORT_LINK))) == "asahikawa/6(5)"


def test_a_channel_that_answers_for_another_organisation_does(say: Talk) -> None:
    card = say(Question("このガイドラインの問い合わせ先は？"), replace(CLERK, channel="C7"))
    assert quoted(card) == "chikugo/7"


def test_a_follow_up_is_read_with_the_question_before_it_in_its_thread(say: Talk) -> None:
    say(Question("なりすましを見つけたら？"))
    assert quoted(say(Question("報道機関には？"))) == "asahikawa/7(2)イ"


def test_what_was_asked_in_another_thread_is_not_followed_up(say: Talk, desk: Desk) -> None:
    say(Question("勤務時間中に投稿してもいいですか"))
    here, elsewhere = say(Question("じゃあ個人なら？")), Talk(desk, "elsewhere")(Question("じゃあ個人なら？"))
    assert quoted(here) is not None
    assert quoted(elsewhere) is None


def test_a_foreign_workspace_is_not_served(desk: Desk, say: Talk) -> None:
    stranger = replace(CLERK, tenant="T9")
    assert not desk.serves(stranger)
    with pytest.raises(LookupError):
        say(Question(SHORT_LINK), stranger)


def test_a_question_that_cannot_be_read_is_answered_with_why(say: Talk) -> None:
    card = say(Question("あ" * 2_001))
    assert card.blocks == (Text("質問が長すぎます（2,001字）。2,000字以内で書いてください。"),)


def test_the_record_keeps_the_question_masked(desk: Desk, say: Talk) -> None:
    card = say(Question("短縮URLの件、090-1234-5678 に電話していい？"))
    logged = desk.records.answer("T1", card.answer or "")
    assert logged is not None
    assert "090-1234-5678" not in logged.question
    assert "短縮URL" in logged.question


def test_the_same_request_again_is_the_same_answer_and_one_record(desk: Desk, say: Talk) -> None:
    request = say.request(Question(SHORT_LINK))
    first, second = desk.handle(request).card, desk.handle(request).card
    assert first.answer == second.answer
    assert first == second


def test_a_follow_up_done_again_after_a_crash_is_read_as_the_first_time(desk: Desk, say: Talk) -> None:
    say(Question("なりすましを見つけたら？"))
    again = say.request(Question("報道機関には？"))
    assert desk.handle(again).card == desk.handle(again).card


def test_a_rating_is_thanked_for(say: Talk) -> None:
    answer = say(Question(SHORT_LINK)).answer or ""
    assert "記録しました" in say(Rate(answer, good=True)).fallback
    assert "担当課に聞く" in say(Rate(answer, good=False)).fallback


def test_an_answer_of_another_tenant_cannot_be_rated_shared_or_referred(say: Talk) -> None:
    answer = say(Question(SHORT_LINK)).answer or ""
    stranger = replace(CLERK, tenant="T2")
    for command in (Rate(answer, good=True), Share(answer), Refer(answer)):
        assert "もう残っていません" in say(command, stranger).fallback


def test_a_question_is_referred_once_to_the_departments_channel(desk: Desk, say: Talk) -> None:
    answer = refer_id(say(Question("研修の講師を呼んで投稿の書き方を教わりたい、短縮URLは？")))
    outcome = desk.handle(say.request(Refer(answer)))
    assert outcome.referral is not None
    assert outcome.referral.channel == "C05"
    assert "山田 花子" in outcome.referral.card.fallback
    assert "短縮URL" in outcome.referral.card.fallback
    assert "広報広聴課へ" in outcome.card.fallback
    again = desk.handle(say.request(Refer(answer)))
    assert again.referral is None
    assert "すでに" in again.card.fallback


def test_a_referral_that_did_not_arrive_shows_the_office_and_may_be_tried_again(desk: Desk, say: Talk) -> None:
    answer = refer_id(say(Question("短縮URLは使えますか")))
    request = say.request(Refer(answer))
    referral = desk.handle(request).referral
    assert referral is not None
    card = desk.undelivered(request, referral)
    assert "送れませんでした" in card.fallback
    assert any(isinstance(block, Contacts) for block in card.blocks)
    assert desk.handle(say.request(Refer(answer))).referral is not None


def test_without_a_channel_the_offices_phone_is_shown(desk: Desk, say: Talk) -> None:
    here = replace(CLERK, channel="C7")
    answer = refer_id(say(Question("他人の投稿を引用してもいい？"), here))
    outcome = desk.handle(say.request(Refer(answer), here))
    assert outcome.referral is None
    assert "0942-65-7004" in outcome.card.fallback


def test_a_shared_answer_shows_question_and_clause_to_all(desk: Desk, say: Talk) -> None:
    answer = say(Question(SHORT_LINK, private=True)).answer or ""
    outcome = desk.handle(say.request(Share(answer)))
    assert outcome.to_all
    assert quoted(outcome.card) == "asahikawa/6(5)"
    assert SHORT_LINK in outcome.card.fallback


def test_a_clause_can_be_read_and_copied(say: Talk) -> None:
    ref = ClauseRef("asahikawa", "6(5)")
    assert quoted(say(Read(ref))) == "asahikawa/6(5)"
    assert "ＵＲＬ短縮サービス" in say(Copy(ref)).fallback
    assert "いまのガイドラインにありません" in say(Read(ClauseRef("asahikawa", "99"))).fallback


def test_words_find_clauses_to_choose_from(desk: Desk, say: Talk) -> None:
    outcome = desk.handle(say.request(Find("短縮URL")))
    assert next(quoted(card) for card in outcome.choices) == "asahikawa/6(5)"
    assert desk.handle(say.request(Find("  "))).choices == ()


def test_home_and_contacts_name_the_offices(say: Talk) -> None:
    assert "広報広聴課" in say(ShowContacts()).fallback
    joined = say(Home(joined=True))
    assert next(block for block in joined.blocks if isinstance(block, Heading)).text.startswith("はじめまして")


@pytest.mark.parametrize("org", ["asahikawa", "bibai", "chikugo", "suzaka", "urausu"])
def test_every_suggested_question_is_answered_with_a_clause(desk: Desk, service: Service, org: str) -> None:
    from bot.model import Ask

    prompts = desk.prompts(org)
    assert len(prompts) == 4
    assert all(service.ask(Ask(org, one)).status == "answered" for one in prompts)


def test_an_organisation_whose_knowledge_is_broken_gets_a_word_and_the_others_are_served(
    invented_root: Path, tmp_path: Path
) -> None:
    root = tmp_path / "knowledge"
    shutil.copytree(invented_root, root)
    shutil.copytree(root / "organizations" / "kasumino", root / "organizations" / "broken")
    (root / "organizations" / "broken" / "organization.yaml").write_text("id: broken\n", encoding="utf-8")
    clock = FakeClock()
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}", clock)
    places = Workspace("slack", "T1", "kasumino", {"C7": "broken"})
    desk = Desk(Service(Knowledge(root)), Directory([places]), store, clock, RandomIdentities())
    asked = Request("k", replace(CLERK, channel="C7"), Question("写真は？"), "", clock.now())
    told = desk.handle(asked).card
    assert told == desk.trouble()
    assert "organization.yaml" not in told.fallback
    assert quoted(desk.handle(replace(asked, sender=CLERK)).card) is not None
    store.close()
