"""Jobs of an administrator: done once however often they come, and handed over without loss."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.cli.onboard_common import outcome
from bot.corpus.knowledge import Knowledge
from bot.corpus.yaml_source import load_yaml, to_yaml
from bot.enrolment import Change
from bot.errors import SettingsError, UsageError
from bot.onboarding.administering import Administration, is_person
from bot.onboarding.jobs import Done, Import, Job, Purge, Remind, dump_done, dump_job, load_done, load_job
from bot.onboarding.roster import RosterRow
from bot.store.database import Store, open_store
from bot.testing import INVENTED_ID, FakeClock
from tests.unit.onboarding.courses import LEARNER, at

MORNING = at("2026-04-01 10:00")
ROWS = (
    RosterRow(2, "2026-04-01", "hanako@town.example", None, "霞野 花子", "総務課", "任期なし", "U9"),
    RosterRow(3, "2026-04-01", None, "U2", "霞野 太郎"),
)
JOBS: list[Job] = [
    Import("T1", "slack", INVENTED_ID, ROWS),
    Remind("T1", None, again=True),
    Purge("T1", "霞野@例え.jp"),
]


class Counting:
    """Names for what is new, in order."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def new(self) -> str:
        return f"{next(self._numbers):016x}"


@dataclass
class Basket:
    """A drop in memory."""

    jobs: dict[str, str] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)

    def waiting(self) -> Iterator[tuple[str, str]]:
        yield from sorted(self.jobs.items())

    def finish(self, name: str, result: str) -> None:
        del self.jobs[name]
        self.results[name] = result


@dataclass(frozen=True)
class Desk:
    """An administration over a real store."""

    administration: Administration
    store: Store
    clock: FakeClock

    def enrol(self) -> Done:
        return self.administration.do(JOBS[0])

    def announce(self) -> None:
        """Everybody is sent the first lesson."""
        for _, enrolment in self.store.enrolments.people("T1"):
            after = replace(enrolment, announced=True, since=self.clock.now(), due=None)
            assert self.store.enrolments.commit(Change(enrolment, after))


@pytest.fixture
def knowledge(invented_root: Path, tmp_path: Path) -> Knowledge:
    """The invented town with its proposed course, reviewed."""
    return reviewed(invented_root, tmp_path / "knowledge")


def reviewed(root: Path, target: Path, **changes: object) -> Knowledge:
    shutil.copytree(root, target)
    file = target / "organizations" / INVENTED_ID / "course.yaml"
    course = load_yaml(file)
    file.write_text(to_yaml({**course, "reviewed": "yes", **changes}, ""), encoding="utf-8")
    return Knowledge(target)


@pytest.fixture
def desk(knowledge: Knowledge, tmp_path: Path) -> Iterator[Desk]:
    clock = FakeClock(MORNING)
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}", clock)
    yield Desk(Administration(knowledge, store, clock, Counting()), store, clock)
    store.close()


@pytest.mark.parametrize("job", JOBS, ids=lambda job: type(job).__name__)
def test_a_job_is_the_same_on_the_other_side(job: Job) -> None:
    assert load_job(dump_job(job)) == job


def test_what_came_of_it_too() -> None:
    done = Done("import", "T1", MORNING, {"new": 2, "known": 0}, "だめ", "no")
    assert load_done(dump_done(done)) == done


def test_a_roster_enrols_everybody_from_the_first_lesson_on(desk: Desk) -> None:
    assert desk.enrol().counts == {"new": 2, "known": 0, "mails": 0}
    people = desk.store.enrolments.people("T1")
    hanako, enrolment = next(one for one in people if one[0].mail)
    assert (hanako.name, hanako.department, hanako.contract, hanako.supervisor) == (
        "霞野 花子",
        "総務課",
        "任期なし",
        "U9",
    )
    assert (hanako.user, hanako.platform) == (None, "slack")
    assert (enrolment.org, enrolment.starts, enrolment.position) == (INVENTED_ID, "2026-04-01", 0)
    assert enrolment.due == at("2026-04-01 09:00")
    assert desk.store.enrolments.edition("T1", INVENTED_ID, enrolment.edition)


def test_a_roster_that_comes_again_changes_nothing(desk: Desk) -> None:
    desk.enrol()
    before = [enrolment for _, enrolment in desk.store.enrolments.people("T1")]
    assert desk.enrol().counts == {"new": 0, "known": 2, "mails": 0}
    assert [enrolment for _, enrolment in desk.store.enrolments.people("T1")] == before
    assert desk.store.ledger.verify("T1").rows == 2


def test_whoever_has_somebody_elses_address_is_enrolled_by_id_and_that_is_said(desk: Desk) -> None:
    mail = "jiro@town.example"
    first, second = (RosterRow(number, "2026-04-01", mail, f"U{number}") for number in (7, 8))
    assert desk.administration.do(Import("T1", "slack", INVENTED_ID, (first,))).counts["mails"] == 0
    rows = (replace(second, mail=mail.upper()), ROWS[0])
    done = desk.administration.do(Import("T1", "slack", INVENTED_ID, rows))
    assert done.counts == {"new": 2, "known": 0, "mails": 1}
    people = {learner.user: learner.mail for learner, _ in desk.store.enrolments.people("T1")}
    assert people == {"U7": mail, "U8": None, None: ROWS[0].mail}
    assert outcome(done, "ja").endswith("メールが別の登録者のものだった1人は、IDだけで登録しています。")


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"reviewed": "no"}, "提案のまま"), (None, "course.yaml）がありません")],
    ids=["proposed", "none"],
)
def test_nobody_is_enrolled_in_a_course_that_is_not_ready(
    invented_root: Path, tmp_path: Path, changes: dict[str, object] | None, words: str
) -> None:
    knowledge = reviewed(invented_root, tmp_path / "other", **(changes or {}))
    if changes is None:
        (knowledge.folder(INVENTED_ID) / "course.yaml").unlink()
    clock = FakeClock(MORNING)
    store = open_store(f"sqlite:///{tmp_path / 'other.sqlite3'}", clock)
    with pytest.raises(SettingsError, match=words) as caught:
        Administration(knowledge, store, clock, Counting()).do(JOBS[0])
    assert caught.value.code == "E224"
    assert store.enrolments.people("T1") == []
    store.close()


def test_nobody_is_enrolled_in_a_course_whose_clause_has_changed(desk: Desk, knowledge: Knowledge) -> None:
    file = knowledge.folder(INVENTED_ID) / "course.yaml"
    course = load_yaml(file)
    course["lessons"][0]["cites"][0]["hash"] = "00000000"
    file.write_text(to_yaml(course, ""), encoding="utf-8")
    fresh = Administration(Knowledge(knowledge.root), desk.store, desk.clock, Counting())
    with pytest.raises(SettingsError, match="knowledge check --org"):
        fresh.do(JOBS[0])


def test_whoever_has_not_answered_is_reminded_once_a_day(desk: Desk) -> None:
    desk.enrol()
    assert desk.administration.do(Remind("T1", None, again=False)).counts == {"reminded": 0, "again": 0}
    desk.announce()
    reminded = [desk.administration.do(Remind("T1", INVENTED_ID, again=False)).counts["reminded"] for _ in range(3)]
    assert reminded == [2, 0, 0]
    assert desk.store.outbox.counts("T1")["ready"] == 2
    desk.clock.time += 24 * 3600
    assert desk.administration.do(Remind("T1", None, again=False)).counts["reminded"] == 2
    assert desk.store.outbox.counts("T1")["ready"] == 4


def test_a_reminder_that_was_cancelled_counts_when_it_is_planned_anew(desk: Desk) -> None:
    desk.enrol()
    desk.announce()
    desk.administration.do(Remind("T1", None, again=False))
    desk.store.outbox.cancel("slack", "T1")
    assert desk.administration.do(Remind("T1", None, again=False)).counts["reminded"] == 2
    assert desk.store.outbox.counts("T1") == {"ready": 2}


def test_what_did_not_arrive_is_sent_again_where_that_is_wished(desk: Desk) -> None:
    desk.enrol()
    desk.announce()
    desk.administration.do(Remind("T1", None, again=False))
    for delivery in desk.store.outbox.claim(("slack",), 5):
        desk.store.outbox.failed(delivery, "unknown_mail")
    assert desk.administration.do(Remind("T1", None, again=False)).counts["again"] == 0
    assert desk.administration.do(Remind("T1", None, again=True)).counts["again"] == 2
    assert desk.store.outbox.troubles("T1") == []


@pytest.mark.parametrize("named", ["U2", "hanako@town.example", "Hanako@Town.Example"])
def test_a_person_is_forgotten_by_id_or_mail(desk: Desk, named: str) -> None:
    desk.enrol()
    assert desk.administration.do(Purge("T1", named)).counts == {"purged": 1}
    assert len(desk.store.enrolments.people("T1")) == 1
    assert desk.store.ledger.verify("T1").wrong is None
    with pytest.raises(UsageError, match="その人は登録されていません"):
        desk.administration.do(Purge("T1", named))


@pytest.mark.parametrize("named", ["", "U", "u2", "U99", "霞野 花子", "town.example"])
def test_nobody_else_is_taken_for_that_person(desk: Desk, named: str) -> None:
    desk.enrol()
    with pytest.raises(UsageError):
        desk.administration.do(Purge("T1", named))
    assert len(desk.store.enrolments.people("T1")) == 2


def test_a_learner_without_a_mail_is_not_the_one_without_a_name() -> None:
    assert not is_person(LEARNER, "")
    assert not is_person(replace(LEARNER, user=None, mail="a@b.jp"), "")


def test_jobs_that_were_handed_over_are_done_in_their_order_and_only_once(desk: Desk) -> None:
    basket = Basket({"2": dump_job(Purge("T1", "U2")), "1": dump_job(JOBS[0])})
    assert desk.administration.take_in(basket) == 2
    assert desk.administration.take_in(basket) == 0
    assert [load_done(basket.results[name]).counts for name in "12"] == [
        {"new": 2, "known": 0, "mails": 0},
        {"purged": 1},
    ]


def test_a_job_that_cannot_be_done_leaves_a_line_that_says_why(desk: Desk) -> None:
    basket = Basket({"1": dump_job(Purge("T1", "U404")), "2": dump_job(Import("T1", "slack", "bibai", ROWS))})
    desk.administration.take_in(basket)
    nobody, no_course = (load_done(basket.results[name]) for name in "12")
    assert "その人は登録されていません" in nobody.japanese
    assert "nobody" in nobody.english
    assert "bibai" in no_course.japanese


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"kind": "drop table"}', '{"kind": "purge", "who": "U1"}', "[" * 9_999]
)
def test_a_file_that_is_no_job_is_put_aside_and_the_next_one_done(desk: Desk, text: str) -> None:
    basket = Basket({"1": text, "2": dump_job(JOBS[0])})
    assert desk.administration.take_in(basket) == 2
    assert "読めません" in load_done(basket.results["1"]).japanese
    assert load_done(basket.results["2"]).counts["new"] == 2


def test_a_job_that_the_database_cannot_take_stays_and_nobody_is_named_in_the_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_what: object) -> int:
        raise OSError("hanako@town.example")

    basket = Basket({"1": dump_job(JOBS[0])})
    with monkeypatch.context() as patch:
        patch.setattr(type(desk.store.enrolments), "add", away)
        assert desk.administration.take_in(basket) == 0
    assert "OSError" in caplog.text
    assert "hanako" not in caplog.text
    assert desk.administration.take_in(basket) == 1
