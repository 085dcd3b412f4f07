"""What a card holds: the clause word for word, for which account, from where, whom to ask, what can be done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import pytest

from bot.blocks import Actions, Button, Card, ClauseRef, Clauses, Contacts, Feedback, Heading, Link, Note, Quote, Steps
from bot.cards import CardMaker
from bot.corpus.tree import ClauseTree
from bot.model import Ask
from bot.service import Service

ID = "0123456789abcdef"


def answered(service: Service, org: str, question: str, *, private: bool = False) -> Card:
    return CardMaker(service.knowledge, org).answer(service.ask(Ask(org, question)), ID, private=private)


T = TypeVar("T")


def found(card: Card, kind: type[T]) -> T:
    (block,) = (one for one in card.blocks if isinstance(one, kind))
    return block


def buttons(card: Card) -> dict[str, Button]:
    return {one.verb: one for one in found(card, Actions).items if isinstance(one, Button)}


@pytest.fixture(scope="module")
def short_link(service: Service) -> Card:
    return answered(service, "asahikawa", "bit.lyとか使っていい？")


def test_the_clause_comes_word_for_word_with_its_place_and_its_missing_date(short_link: Card, service: Service) -> None:
    quote = found(short_link, Quote)
    assert quote.ref == ClauseRef("asahikawa", "6(5)")
    assert quote.text == ClauseTree(service.knowledge.organization("asahikawa").guideline).full_text("6(5)")
    assert quote.breadcrumb == ("６ 公式アカウント運用時の留意点",)
    assert quote.source == "旭川市ソーシャルメディアの利用に関するガイドライン（日付の記載なし） 6(5)"


def test_the_card_says_first_for_which_account_the_clause_holds(short_link: Card) -> None:
    assert short_link.blocks[0] == Note("公式アカウントについての規定です。")


def test_a_clause_about_the_other_account_says_so(service: Service) -> None:
    answer = service.ask(Ask("chikugo", "他人の投稿を引用してもいい？", account="private"))
    notes = [
        one.text for one in CardMaker(service.knowledge, "chikugo").answer(answer, ID).blocks if isinstance(one, Note)
    ]
    assert any("個人アカウントについての規定は見つかりません" in text for text in notes)


def test_the_department_comes_with_its_phone(service: Service) -> None:
    card = answered(service, "chikugo", "他人の投稿を引用してもいい？")
    (office,) = found(card, Contacts).items
    assert office.text == "総務広報課総務広報係（電話 0942-65-7004 内線 142）"
    assert office.phone == "0942-65-7004"


def test_the_answer_can_be_copied_opened_referred_and_rated(short_link: Card) -> None:
    assert {verb: one.value for verb, one in buttons(short_link).items()} == {"copy": "asahikawa/6(5)", "refer": ID}
    assert [one.url for one in found(short_link, Actions).items if isinstance(one, Link)] == [
        "/guidelines/asahikawa#6%285%29"
    ]
    assert found(short_link, Feedback).answer == ID


def test_only_an_answer_that_nobody_else_sees_can_be_shared(service: Service, short_link: Card) -> None:
    private = answered(service, "asahikawa", "bit.lyとか使っていい？", private=True)
    assert buttons(private)["share"].value == ID
    assert "share" not in buttons(short_link)


def test_an_incident_has_its_steps_in_order_and_whom_to_tell(service: Service) -> None:
    card = answered(service, "urausu", "公式が炎上しています")
    assert card.tone == "alarm"
    assert [step.number for step in found(card, Steps).items] == [1, 2, 3, 4]
    assert found(card, Steps).items[0].ref == ClauseRef("urausu", "7(2)①")
    assert "所属課局長、総務課" in card.fallback
    assert "炎上" in found(card, Heading).text


def test_nothing_found_says_so_why_and_whom_to_ask(service: Service) -> None:
    card = answered(service, "urausu", "住民票のコピーの取り方を教えて")
    assert found(card, Heading).text == "該当する規定は見つかりません。"
    assert "住民票" in found(card, Note).text
    assert [office.name for office in found(card, Contacts).items] == ["総務課"]
    assert not [one for one in card.blocks if isinstance(one, Quote)]


def test_what_is_only_suggested_claims_nothing(service: Service) -> None:
    answer = service.ask(Ask("asahikawa", "ハッシュタグは付けていい？"))
    card = CardMaker(service.knowledge, "asahikawa").answer(answer, ID)
    assert answer.status in ("suggested", "not_found")
    assert not [one for one in card.blocks if isinstance(one, Quote)]


def test_clauses_of_other_bodies_are_named_as_theirs(service: Service) -> None:
    card = answered(service, "asahikawa", "短縮URLは使える？他の自治体では？")
    lists = [one for one in card.blocks if isinstance(one, Clauses)]
    assert lists[-1].heading.startswith("参考")
    assert all(item.of for item in lists[-1].items)
    assert all(item.of is None for one in lists[:-1] for item in one.items)


def test_small_talk_suggests_what_can_be_asked(service: Service) -> None:
    maker = CardMaker(service.knowledge, "bibai", ["短縮URLを使ってもいいですか"])
    card = maker.answer(service.ask(Ask("bibai", "おはようございます")), ID)
    assert card.answer is None
    assert "短縮URLを使ってもいいですか" in str(card.blocks)


def every_clause(service: Service) -> Iterator[ClauseRef]:
    for org in service.knowledge.ids:
        for clause in service.knowledge.organization(org).guideline.clauses:
            yield ClauseRef(org, clause.locator)


def test_every_clause_can_be_opened_and_copied_whole(service: Service) -> None:
    for ref in every_clause(service):
        maker = CardMaker(service.knowledge, ref.org)
        whole = ClauseTree(service.knowledge.organization(ref.org).guideline).full_text(ref.locator)
        opened, copied = maker.clause(ref), maker.copy(ref)
        assert opened is not None
        assert copied is not None
        assert found(opened, Quote).text == whole
        assert whole in copied.fallback
        assert copied.fallback.splitlines()[-1] == found(opened, Quote).source
        assert ClauseRef.parse(str(ref)) == ref


@pytest.mark.parametrize("value", ["", "asahikawa", "asahikawa/", "/6(5)"])
def test_what_is_no_clause_is_none(value: str) -> None:
    assert ClauseRef.parse(value) is None


def test_a_clause_that_is_gone_has_no_card(service: Service) -> None:
    maker = CardMaker(service.knowledge, "bibai")
    assert maker.clause(ClauseRef("bibai", "Q99")) is None
    assert maker.copy(ClauseRef("nowhere", "1")) is None
