"""Question → answer: what each kind of answer must hold, whatever is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.answerer import MAX_QUESTION
from bot.corpus.knowledge import Knowledge
from bot.errors import SettingsError, UsageError
from bot.ingest.check import source_of
from bot.ingest.reader import read_document
from bot.model import Account, Answer, Ask
from bot.service import Service
from bot.testing import squashed

ORGS = Knowledge().ids
REFUSED = "年末調整の書類はどこに出せばいいですか"
LIVE = "公式アカウントがいま炎上しています。どうしたらいいですか"


@pytest.fixture(scope="session")
def sources(knowledge: Knowledge) -> dict[str, str]:
    return {org: squashed(read_document(source_of(knowledge.folder(org)))) for org in ORGS}


def assert_sound(service: Service, answer: Answer, org: str) -> None:
    """What holds for every answer there is."""
    organization = service.knowledge.organization(org)
    quoter = service.answerer(org).quoter
    for citation in (*answer.citations, *answer.related):
        assert citation.org == org
        clause = quoter.tree.by_locator[citation.locator]
        assert replace(citation, score=0.0) == quoter.citation(clause, 0.0)
    for step in answer.steps:
        whole = quoter.tree.full_text(step.locator) or quoter.tree.by_locator[step.locator].heading or ""
        assert step.text in whole
    assert 0.0 <= answer.confidence <= 1.0
    assert answer.departments
    known = {*(office.name for office in organization.departments), *organization.roles}
    assert {contact.name for contact in answer.departments} <= known
    assert answer.answer.strip() == answer.answer != ""
    if answer.status == "answered":
        assert len(answer.citations) == 1
        assert answer.citations[0].text in answer.answer
    if answer.status in ("suggested", "not_found", "smalltalk"):
        assert answer.citations == ()
        assert answer.scope is None
    if answer.status == "suggested":
        assert 1 <= len(answer.related) <= 3
    if answer.status in ("not_found", "smalltalk"):
        assert answer.related == ()
    if answer.status == "incident":
        assert answer.steps
    shown = [citation.locator for citation in (*answer.citations, *answer.related)]
    assert len(set(shown)) == len(shown)


@pytest.mark.parametrize("question", ["", " ", "\n\t　", "\u3000\u00a0"])
def test_an_empty_question_is_e301(service: Service, question: str) -> None:
    with pytest.raises(UsageError) as caught:
        service.ask(Ask("chikugo", question))
    assert caught.value.code == "E301"


def test_a_question_may_have_2000_characters_and_no_more(service: Service) -> None:
    assert service.ask(Ask("chikugo", "写真" * (MAX_QUESTION // 2) + "  ")).status
    with pytest.raises(UsageError) as caught:
        service.ask(Ask("chikugo", "あ" * (MAX_QUESTION + 1)))
    assert (caught.value.code, "2,001字" in str(caught.value)) == ("E302", True)


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b[31m", "\x7f", "\x9b", chr(0xD800), chr(0xDCFF)])
def test_control_characters_and_broken_ones_are_e303(service: Service, sign: str) -> None:
    with pytest.raises(UsageError) as caught:
        service.ask(Ask("chikugo", f"写真は{sign}いいですか"))
    assert caught.value.code == "E303"


def test_blanks_and_line_ends_within_a_question_are_no_control_characters(service: Service) -> None:
    assert service.ask(Ask("chikugo", "写真を\r\n\t載せていいですか")).status


def test_an_unknown_organisation_is_e202(service: Service) -> None:
    with pytest.raises(SettingsError) as caught:
        service.ask(Ask("nowhere", "写真は？"))
    assert caught.value.code == "E202"


@pytest.mark.parametrize("org", ORGS)
def test_each_kind_of_answer_is_sound(service: Service, org: str) -> None:
    wanted = {"こんにちは": "smalltalk", "？？": "smalltalk", REFUSED: "not_found", LIVE: "incident"}
    for question, status in wanted.items():
        answer = service.ask(Ask(org, question, id="q1"))
        assert (answer.status, answer.id) == (status, "q1")
        assert_sound(service, answer, org)


@pytest.mark.parametrize("org", ORGS)
def test_what_is_not_found_names_whom_to_ask(service: Service, org: str) -> None:
    answer = service.ask(Ask(org, REFUSED))
    first = service.knowledge.organization(org).departments[0]
    assert first.name in answer.answer
    assert answer.departments[0].name == first.name
    assert "見つかりません" in answer.answer


def test_steps_are_verbatim_in_order_and_in_the_answer(service: Service, sources: dict[str, str]) -> None:
    for org in ORGS:
        answer = service.ask(Ask(org, LIVE))
        places = [answer.answer.index(step.text) for step in answer.steps]
        assert places == sorted(places)
        assert all(squashed(step.text.split("\n")[0]) in sources[org] for step in answer.steps)
        assert set(answer.report_to) <= {
            *(office.name for office in service.knowledge.organization(org).departments),
            *service.knowledge.organization(org).roles,
        }


@pytest.mark.parametrize("org", ORGS)
@pytest.mark.parametrize("account", ["official", "private"])
def test_an_account_is_never_answered_from_the_other_accounts_clauses(
    service: Service, org: str, account: Account
) -> None:
    """Where the document has a part for that account; else what it has is better than nothing."""
    clauses = service.knowledge.organization(org).guideline.clauses
    has_part = account in {clause.scope for clause in clauses}
    asked = 0
    for topic in service.knowledge.topics.values():
        answer = service.ask(Ask(org, topic.questions[0], account))
        assert_sound(service, answer, org)
        asked += len(answer.citations)
        if has_part and answer.status != "incident":
            shown = (*answer.citations, *answer.related)
            assert {citation.scope for citation in shown} <= {account, "both", None}
    assert asked


@pytest.mark.parametrize("org", ["asahikawa", "bibai", "urausu"])
def test_an_undated_document_says_so_and_a_dated_one_gives_its_date(service: Service, org: str) -> None:
    answer = service.ask(Ask(org, "著作権には気をつけたほうがいいですか"))
    date = service.knowledge.organization(org).guideline.date
    assert answer.status == "answered"
    assert answer.citations[0].date == date
    assert (date or "日付の記載なし") in answer.answer
    assert ("日付の記載なし" in answer.answer) is (date is None)


def test_the_same_question_gets_the_same_answer(service: Service, knowledge: Knowledge) -> None:
    other = Service(Knowledge(knowledge.root))
    for org in ("chikugo", "bibai"):
        for question in ("写真を載せていい？", LIVE, REFUSED, "こんにちは", "炎上"):
            assert service.ask(Ask(org, question)) == service.ask(Ask(org, question)) == other.ask(Ask(org, question))


def test_why_is_told_sentence_by_sentence(service: Service) -> None:
    answer = service.ask(Ask("asahikawa", "じゃあ個人アカウントなら？", history=("公式でバズったらどうする？",)))
    assert any("前の質問" in reason for reason in answer.explain)
    assert any("個人アカウント" in reason for reason in answer.explain)
    assert all(reason.endswith("。") for reason in answer.explain)


_PIECES = "写真 炎上 個人 公式 アカウント は が を ？ ！ \n X インスタ 消して いい です か 年末調整 😊 ﾊﾝｶｸ ㍿ 𠮷"
_QUESTIONS = st.text(max_size=60) | st.lists(st.sampled_from(_PIECES.split(" ")), max_size=14).map("".join)


@given(
    question=_QUESTIONS,
    history=st.lists(_QUESTIONS, max_size=3),
    account=st.sampled_from([None, "official", "private"]),
    org=st.sampled_from(ORGS),
)
def test_any_text_is_answered_soundly_or_refused_with_a_code(
    service: Service, question: str, history: list[str], account: Account | None, org: str
) -> None:
    try:
        answer = service.ask(Ask(org, question, account, tuple(history)))
    except UsageError as error:
        assert error.code in {"E301", "E302", "E303"}  # noqa: PT017  # an answer is right too
    else:
        assert_sound(service, answer, org)


OTHERS = "他の自治体では短縮URLはどうなっていますか"


def test_other_bodies_appear_only_when_asked_for_and_are_marked(service: Service) -> None:
    answer = service.ask(Ask("asahikawa", OTHERS))
    assert {citation.org for citation in answer.citations} <= {"asahikawa"}
    others = [citation for citation in answer.related if citation.org != "asahikawa"]
    assert ("suzaka", "6(7)") in [(citation.org, citation.locator) for citation in others]
    assert "参考。旭川市の規定ではありません" in answer.answer
    assert {contact.name for contact in answer.departments} <= {
        office.name for office in service.knowledge.organization("asahikawa").departments
    }


def test_what_others_rule_is_never_claimed_as_an_answer_of_ones_own(service: Service) -> None:
    answer = service.ask(Ask("chikugo", OTHERS))
    assert answer.status != "answered"
    assert answer.citations == ()
    assert "chikugo" not in {citation.org for citation in answer.related} or answer.status == "suggested"


def test_where_there_are_no_others_it_says_so(invented: Service) -> None:
    answer = invented.ask(Ask("kasumino", OTHERS))
    assert {citation.org for citation in (*answer.citations, *answer.related)} <= {"kasumino"}
    assert "他の団体のガイドラインにも" in answer.answer


def test_an_ingested_guideline_is_answered_from_at_once(invented: Service) -> None:
    answer = invented.ask(Ask("kasumino", "bit.lyとか短縮URLを使っていい？"))
    assert (answer.status, answer.citations[0].locator, answer.scope) == ("answered", "3(3)", "official")
    assert answer.citations[0].text == "短縮URLは使用しない。"
    assert answer.citations[0].date == "令和６年４月１日"
    assert (answer.departments[0].phone, answer.departments[0].extension) == ("0123-45-6789", "142")
    private = invented.ask(Ask("kasumino", "個人アカウントで勤務時間中に投稿していい？"))
    assert (private.citations[0].locator, private.scope) == ("2(2)", "private")
