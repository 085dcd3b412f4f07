"""A draft against an organisation's own clauses: claims, exceptions, accounts, situations, what is underlined."""

from __future__ import annotations

import gc
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.main import main
from bot.corpus.knowledge import Knowledge, bundle
from bot.drafts import people
from bot.drafts.checker import LONGEST
from bot.drafts.images import ImageFacts
from bot.drafts.situations import situations
from bot.drafts.text import DraftText
from bot.errors import DataError, UsageError
from bot.model import CheckDraft, CheckReport, Situation
from bot.rules import DraftPolicy
from bot.service import Service
from bot.testing import INVENTED_ID, INVENTED_TEXT

RULE = """id: r1
kind: phrases
topics: [{topics}]
severity: {severity}
account: {account}
message: これは試しの指摘です。
why: 試すためです。
advice: 直してください。
{more}
params:
  any: [猫の手]
ng: [猫の手も借りたい]
ok: [犬の手]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A knowledge folder of its own with the real organisations and no rules yet."""
    shutil.copytree(bundle() / "organizations", tmp_path / "organizations")
    (tmp_path / "rules").mkdir()
    (tmp_path / "lexicon").mkdir()
    shutil.copy(bundle() / "lexicon" / "situations.yaml", tmp_path / "lexicon")  # what exceptions call
    return tmp_path


class Trial:
    """One rule, written into the folder, run for an organisation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rule(self, topics: str = "secret", severity: str = "warning", account: str = "both", more: str = "") -> None:
        text = RULE.format(topics=topics, severity=severity, account=account, more=more)
        (self.folder / "rules" / "r1.yaml").write_text(text, encoding="utf-8")

    def check(
        self,
        text: str,
        org: str = "asahikawa",
        account: str = "official",
        holding: frozenset[Situation] = frozenset(),
    ) -> CheckReport:
        command = CheckDraft(org, account, text, situations=holding)  # type: ignore[arg-type]  # the test's own
        return Service(Knowledge(self.folder)).check(command)


@pytest.fixture
def trial(folder: Path) -> Trial:
    return Trial(folder)


def test_the_claim_is_the_organisations_own_clause_for_the_topic(trial: Trial) -> None:
    trial.rule()
    assert trial.check("猫の手").findings[0].citations[0].locator == "8(2)ア"
    assert trial.check("猫の手", "suzaka").findings[0].citations[0].locator == "4(5)オ"
    assert {one.org for one in trial.check("猫の手", "suzaka").findings[0].citations} == {"suzaka"}


def test_where_the_document_is_silent_there_is_no_finding(trial: Trial) -> None:
    trial.rule(topics="short_url")
    assert trial.check("猫の手", "bibai").findings == ()


def test_the_next_topic_stands_in_where_the_document_has_no_clause_for_the_first(trial: Trial) -> None:
    trial.rule(topics="location, portrait")
    assert trial.check("猫の手", "bibai").findings[0].topic == "location"
    assert trial.check("猫の手", "chikugo").findings[0].topic == "portrait"


def test_of_several_clauses_that_one_is_claimed_whose_words_the_rule_names(trial: Trial) -> None:
    trial.rule(topics="flame", more="prefers: [時間を要する]")
    assert trial.check("猫の手", "chikugo").findings[0].citations[0].locator == "6(2)・3"


def test_a_document_for_official_accounts_says_nothing_of_private_ones(trial: Trial) -> None:
    trial.rule()
    report = trial.check("猫の手", "suzaka", "private")
    assert (report.findings, report.covered) == ((), False)
    assert trial.check("猫の手", "suzaka").covered


def test_a_rule_for_one_kind_of_account_is_silent_on_the_other(trial: Trial) -> None:
    trial.rule(account="private")
    assert trial.check("猫の手", account="official").findings == ()
    assert trial.check("猫の手", account="private").findings != ()


@pytest.mark.parametrize(("severity", "verdict"), [("error", "ng"), ("warning", "caution"), ("info", "ok")])
def test_the_verdict_follows_the_gravest_finding(trial: Trial, severity: str, verdict: str) -> None:
    trial.rule(severity=severity)
    assert trial.check("猫の手").verdict == verdict


def test_an_exception_of_the_document_calls_a_finding_off(trial: Trial) -> None:
    trial.rule(topics="reply")
    assert trial.check("@a さん 猫の手", "chikugo").findings[0].citations[0].locator == "5(3)"
    assert trial.check("災害時の情報です。猫の手", "chikugo").findings == ()


def test_public_comment_is_no_undecided_matter_for_suzaka(trial: Trial) -> None:
    trial.rule(topics="undecided")
    assert trial.check("猫の手", "suzaka").findings[0].citations[0].locator == "4(5)コ"
    assert trial.check("猫の手。パブリックコメントを募集します", "suzaka").findings == ()


def test_what_bibai_has_published_already_may_be_told(trial: Trial) -> None:
    trial.rule(topics="undecided")
    assert trial.check("猫の手", "bibai", "private").findings[0].citations[0].locator == "Q2-2・1"
    assert trial.check("猫の手のことは広報に掲載済みです", "bibai", "private").findings == ()


def test_a_rule_may_be_for_some_situations_only(trial: Trial) -> None:
    trial.rule(more="only_in: [election]")
    assert trial.check("猫の手").findings == ()
    assert trial.check("猫の手", holding=frozenset({"election"})).findings != ()
    trial.rule(more="not_in: [disaster]")
    assert trial.check("猫の手", holding=frozenset({"disaster"})).findings == ()


def test_the_sentence_is_underlined_and_the_quote_is_what_stands_there(trial: Trial) -> None:
    trial.rule()
    text = "🎉はじまるよ🎉 ね★この手も猫★の★手も借りたい！！ おわり"
    finding = trial.check(text).findings[0]
    assert finding.quote == "ね★この手も猫★の★手も借りたい"
    assert finding.start is not None
    assert text[finding.start : finding.end] == finding.quote


def test_of_a_long_sentence_only_the_words_are_underlined(trial: Trial) -> None:
    trial.rule()
    assert trial.check("ながい" * 40 + "猫の手" + "ながい" * 10).findings[0].quote == "猫の手"


def test_the_approval_of_asahikawa_stands_with_official_drafts_alone(trial: Trial) -> None:
    trial.rule()
    approval = trial.check("本日は晴天です").approval
    assert approval is not None
    assert [one.locator for one in approval.citations] == ["5(2)ア", "5(2)イ", "5(2)ウ"]
    assert trial.check("本日は晴天です", account="private").approval is None


def test_what_only_a_person_can_judge_is_listed_for_this_draft(trial: Trial) -> None:
    trial.rule()
    listed = {one.locator: one.why for one in trial.check("写真をのせます").not_checked}
    assert "承諾" in listed["6(3)"]
    assert all("承諾" not in why for why in (one.why for one in trial.check("明日は休館です").not_checked))


def test_a_clause_that_was_found_is_not_listed_again(trial: Trial) -> None:
    trial.rule(topics="portrait")
    assert "6(3)" not in [one.locator for one in trial.check("猫の手の写真").not_checked]


def test_the_department_goes_with_the_report(trial: Trial) -> None:
    trial.rule()
    assert "総務広報課" in trial.check("猫の手", "chikugo").departments[0].name


def test_a_picture_with_a_place_in_it_is_a_finding_without_words(trial: Trial, folder: Path) -> None:
    trial.rule()
    facts = ImageFacts(format="jpeg", size=(10, 10), location=(43.7, 142.3))
    report = Service(Knowledge(folder)).check(CheckDraft("bibai", "private", ""), [("a.jpg", facts)])
    (finding,) = report.findings
    assert (finding.start, finding.end, finding.quote) == (None, None, None)
    assert finding.citations[0].locator == "Q1-2・3"
    assert "a.jpg" in finding.message


def test_a_draft_that_is_too_long_is_refused_in_one_line(service: Service) -> None:
    with pytest.raises(UsageError, match="10,000文字まで"):
        service.check(CheckDraft("asahikawa", "official", "あ" * (LONGEST + 1)))


@given(st.text(max_size=80))
def test_any_text_gives_a_report_whose_places_are_in_it(service: Service, text: str) -> None:
    for org in ("bibai", "asahikawa"):
        for finding in service.check(CheckDraft(org, "official", text)).findings:
            assert finding.start is not None
            assert finding.end is not None
            assert text[finding.start : finding.end] == finding.quote


@pytest.mark.parametrize(
    ("now", "holding"),
    [
        ("2026-11-24T00:00:00+00:00", {"office_hours", "election"}),  # Tuesday, nine in Japan
        ("2026-11-24T12:00:00+00:00", {"election"}),
        ("2026-11-28T00:00:00+00:00", set()),  # Saturday
    ],
)
def test_what_holds_at_a_moment(now: str, holding: set[Situation]) -> None:
    policy = DraftPolicy({}, elections=(("2026-11-20", "2026-11-25"),))
    assert situations(policy, datetime.fromisoformat(now).astimezone(UTC)) == holding


@pytest.fixture
def invented(tmp_path: Path) -> Path:
    """A town that nobody has curated: only what `ingest` proposes."""
    source = tmp_path / "guideline.txt"
    source.write_text(INVENTED_TEXT, encoding="utf-8")
    assert main(["ingest", str(source), "--org", INVENTED_ID, "--into", str(tmp_path / "knowledge")]) == 0
    return tmp_path / "knowledge"


def test_a_new_town_inherits_the_rules_through_its_topics(invented: Path) -> None:
    report = Service(Knowledge(invented)).check(CheckDraft("kasumino", "official", "申込みは bit.ly/abc12 から"))
    assert [one.citations[0].locator for one in report.findings] == ["3(3)"]


def test_a_wrong_locator_in_a_towns_file_names_file_and_line(folder: Path) -> None:
    path = folder / "organizations" / "suzaka" / "drafts.yaml"
    path.write_text("claims:\n  official:\n    secret: [9(9)]\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"drafts\.yaml:3:14.*9\(9\)"):
        Knowledge(folder).draft_policy("suzaka")


def test_what_is_less_grave_never_hides_what_is_graver(trial: Trial, folder: Path) -> None:
    trial.rule(topics="secret", severity="error")
    other = RULE.format(topics="short_url", severity="warning", account="both", more="").replace("r1", "r2")
    (folder / "rules" / "r2.yaml").write_text(other, encoding="utf-8")
    assert trial.check("猫の手を借りた").verdict == "ng"


def test_one_bodys_broken_file_leaves_the_others_their_check(trial: Trial, folder: Path) -> None:
    trial.rule()
    (folder / "organizations" / "suzaka" / "drafts.yaml").write_text("claims: [", encoding="utf-8")
    assert trial.check("猫の手", "bibai").findings != ()
    with pytest.raises(DataError):
        trial.check("猫の手", "suzaka")


def test_nothing_of_a_draft_stays_in_memory_once_it_is_checked(service: Service) -> None:
    canary = "三毛猫の鈴木一郎さんのひみつ"
    service.check(CheckDraft("bibai", "official", canary))
    gc.collect()
    assert not [one for one in gc.get_objects() if isinstance(one, DraftText) and canary in one.original]
    assert len(people._held.words) == 0  # where it used to stay
