"""What administrators do with courses: enrol a roster, remind, forget a person. Synchronous."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Protocol

from bot.corpus.knowledge import Knowledge
from bot.enrolment import Change, Learner
from bot.errors import GuidelineBotError, SettingsError, UsageError
from bot.onboarding.jobs import Done, Import, Job, Purge, Remind, dump_done, kind_of, load_job
from bot.onboarding.progressing import reminded
from bot.onboarding.syllabus import Syllabus, read_syllabus
from bot.onboarding_ports import Enrolments, Outbox
from bot.ports import Clock, Identities

log = logging.getLogger(__name__)


class Kept(Protocol):
    """What courses are kept in."""

    @property
    def enrolments(self) -> Enrolments:
        """Who is how far."""

    @property
    def outbox(self) -> Outbox:
        """What is to be sent."""


class Drop(Protocol):
    """Where jobs wait for the process that has the database."""

    def waiting(self) -> Iterable[tuple[str, str]]:
        """Name and text of each, the oldest first; a text that cannot be read is empty."""

    def finish(self, name: str, result: str) -> None:
        """Put the result in the job's place."""


class Administration:
    """Does the jobs. Each may be done again: the second time it finds nothing to do."""

    def __init__(self, knowledge: Knowledge, kept: Kept, clock: Clock, identities: Identities) -> None:
        self._knowledge = knowledge
        self._kept = kept
        self._clock = clock
        self._identities = identities

    def do(self, job: Job) -> Done:
        """Do one job.

        Raises SettingsError where there is no course to enrol people in, UsageError where nobody is that person.
        """
        match job:
            case Import():
                counts = self._enrol(job)
            case Remind():
                counts = self._remind(job)
            case Purge():
                counts = self._purge(job)
        return Done(kind_of(job), job.tenant, self._clock.now(), counts)

    def take_in(self, drop: Drop) -> int:
        """Do the jobs that wait; how many. One that the database could not take just now stays."""
        count = 0
        for name, text in drop.waiting():
            try:
                done = self._tried(text)
            except Exception as error:  # noqa: BLE001  # the others must not wait for this one
                log.error("a job of an administrator waits: %s", type(error).__name__)  # noqa: TRY400  # no data of people
                continue
            drop.finish(name, dump_done(done))
            count += 1
        return count

    def _tried(self, text: str) -> Done:
        try:
            job = load_job(text)
        except (ValueError, KeyError, TypeError):
            japanese = (
                "渡されたファイルを読めません。サーバーと同じユーザー、同じ版のプログラムで、もう一度実行してください。"
            )
            return Done("", "", self._clock.now(), {}, japanese, "the file cannot be read; same user, same version?")
        try:
            return self.do(job)
        except GuidelineBotError as error:
            return Done(kind_of(job), job.tenant, self._clock.now(), {}, error.japanese, error.english)

    def _enrol(self, job: Import) -> dict[str, int]:
        found = ready_syllabus(self._knowledge, job.org)
        people = []
        for row in job.people:
            learner = Learner(
                job.tenant,
                self._identities.new(),
                job.platform,
                row.user,
                row.mail,
                row.name,
                row.department,
                row.contract,
                row.supervisor,
            )
            people.append((learner, found.enrolment(learner, self._identities.new(), row.starts)))
        enrolments = self._kept.enrolments
        enrolments.keep_edition(job.tenant, job.org, found.edition, found.digests)
        new = enrolments.add(people, self._clock.now())
        return {"new": new, "known": len(people) - new, "mails": self._foreign_mails(job)}

    def _foreign_mails(self, job: Import) -> int:
        """Rows whose person is enrolled by user id alone: the mail address beside it is somebody else's."""
        owners = {one.mail: one.user for one, _ in self._kept.enrolments.people(job.tenant) if one.mail}
        named = ((row.user, owners.get(row.mail.casefold())) for row in job.people if row.user and row.mail)
        return sum(owner not in (None, user) for user, owner in named)

    def _remind(self, job: Remind) -> dict[str, int]:
        syllabi: dict[str, Syllabus | None] = {}
        changes: dict[str, Change] = {}
        for _, enrolment in self._kept.enrolments.people(job.tenant, job.org):
            if enrolment.org not in syllabi:
                syllabi[enrolment.org] = self._ready(enrolment.org)
            found = syllabi[enrolment.org]
            change = reminded(enrolment, found.calendar, self._clock.now()) if found else None
            changes |= {message.key: change for message in change.messages} if change else {}
        already = self._kept.outbox.planned(job.tenant, changes.keys())
        count = sum(self._kept.enrolments.commit(change) for key, change in changes.items() if key not in already)
        return {"reminded": count, "again": self._kept.outbox.again(job.tenant) if job.again else 0}

    def _ready(self, org: str) -> Syllabus | None:
        """An organisation's course if it may be sent; people of one that has gone are left alone."""
        try:
            return ready_syllabus(self._knowledge, org)
        except SettingsError:
            return None

    def _purge(self, job: Purge) -> dict[str, int]:
        enrolments = self._kept.enrolments
        known = {one.id for one, _ in enrolments.people(job.tenant) if is_person(one, job.person)}
        count = sum(enrolments.purge(job.tenant, learner) for learner in sorted(known))
        if not count:
            raise unknown_person()
        return {"purged": count}


def ready_syllabus(knowledge: Knowledge, org: str) -> Syllabus:
    """The course of an organisation. Raises SettingsError (E224) where nobody may be enrolled in it."""
    found = read_syllabus(knowledge, org)
    if found is None:
        raise SettingsError("E224", f"{org} には研修（course.yaml）がありません。", f"{org} has no course.yaml.")
    if not found.course.reviewed:
        raise SettingsError(
            "E224",
            f"{org} の研修は提案のままです。course.yaml を読み、reviewed: yes にしてから登録してください。",
            f"the course of {org} is only proposed: read course.yaml, then set reviewed: yes.",
        )
    if not found.ready:
        raise SettingsError(
            "E224",
            f"{org} の研修が引く条項が変わりました。guideline-bot knowledge check --org {org} で確かめてください。",
            f"the course of {org} cites clauses that have changed: see guideline-bot knowledge check --org {org}.",
        )
    return found


def is_person(learner: Learner, named: str) -> bool:
    """Whether a user id or a mail address is this learner's."""
    return named == learner.user or named.casefold() == (learner.mail or "").casefold() != ""


def unknown_person() -> UsageError:
    """Nobody has this id or address."""
    return UsageError(
        "E330",
        "その人は登録されていません。ユーザーIDかメールアドレスを、名簿のとおりに書いてください。",
        "nobody with this user id or mail address is enrolled.",
    )
