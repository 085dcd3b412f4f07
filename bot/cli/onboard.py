"""`onboard import`, `remind` and `purge`: done at once, or handed to the server that has the database open."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.bootstrap import RandomIdentities, SystemClock
from bot.cli.checks import IN_USE
from bot.cli.main import OK, WRONG
from bot.cli.onboard_common import outcome, user_id_of, workspace
from bot.corpus.knowledge import Knowledge
from bot.directory import Workspace
from bot.errors import DataError, SettingsError, UsageError
from bot.onboarding.administering import Administration, is_person, ready_syllabus, unknown_person
from bot.onboarding.jobs import Done, Import, Job, Purge, Remind, dump_job
from bot.onboarding.roster import read_roster
from bot.settings import Settings

MOST_BYTES = 20 * 1024 * 1024
MOST_SHOWN = 100
"""Faults of a roster that are shown; of more their number is."""

_HANDED = (
    "サーバーが動いているので、{what}を渡しました。1分ほどで{done}。結果は guideline-bot onboard status に出ます。\n"
)
_GOES = """消えるもの: 氏名、所属、任用、メールアドレス、ユーザーID、上司、進み具合、未送信のメッセージ、送り先の控え、\
まだ答えていない質問
残るもの: 登録・受講・確認の日時と版の記録（だれのものかは、だれにも分からなくなります）
元には戻せません。バックアップや、書き出したファイルからは消えません。
"""


def enrol(arguments: argparse.Namespace, settings: Settings) -> int:
    """Enrol the people of a roster, all or, where anything is wrong with the file, nobody."""
    knowledge = Knowledge(settings.knowledge)
    where = workspace(settings, knowledge, arguments.workspace)
    org = _org(where, arguments.org)
    ready_syllabus(knowledge, org)
    roster = read_roster(_bytes(arguments.file), arguments.file, user_id_of(where.platform))
    if roster.errors:
        for error in roster.errors[:MOST_SHOWN]:
            sys.stderr.write(error.message(settings.lang) + "\n")
        sys.stderr.write(_counted(len(roster.errors), settings.lang))
        return WRONG
    done = _performed(settings, knowledge, Import(where.tenant, where.platform, org, roster.rows))
    if done is None:
        sys.stdout.write(_HANDED.format(what=f"名簿（{len(roster.rows)}人）", done="登録されます"))
        return OK
    sys.stdout.write(outcome(done, settings.lang) + "\n")
    return OK


def remind(arguments: argparse.Namespace, settings: Settings) -> int:
    """Remind whoever has not answered; with --again also send what did not arrive."""
    knowledge = Knowledge(settings.knowledge)
    where = workspace(settings, knowledge, arguments.workspace)
    if arguments.org is not None:
        knowledge.folder(arguments.org)
    done = _performed(settings, knowledge, Remind(where.tenant, arguments.org, arguments.again))
    said = _HANDED.format(what="依頼", done="送り始めます") if done is None else outcome(done, settings.lang) + "\n"
    sys.stdout.write(said)
    return OK


def purge(arguments: argparse.Namespace, settings: Settings) -> int:
    """Forget one person, upon a person's word."""
    knowledge = Knowledge(settings.knowledge)
    where = workspace(settings, knowledge, arguments.workspace)
    _known(settings, where.tenant, arguments.person)
    sys.stdout.write(_GOES)
    if not arguments.yes and not _agreed():
        sys.stdout.write("何も消していません。\n")
        return OK
    done = _performed(settings, knowledge, Purge(where.tenant, arguments.person))
    said = _HANDED.format(what="依頼", done="消えます") if done is None else outcome(done, settings.lang) + "\n"
    sys.stdout.write(said)
    return OK


def _org(where: Workspace, named: str | None) -> str:
    """The organisation whose guideline is taught there: the one that answers in direct messages."""
    if where.org is None or named not in (None, where.org):
        raise SettingsError(
            "E223",
            f"ワークスペース {where.tenant} の研修は {where.org} のものです。ほかの団体には登録できません。",
            f"direct messages of {where.tenant} are answered for {where.org}, and no other organisation.",
        )
    return where.org


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DataError("E152", "ファイルが大きすぎます（20 MiBまで）。", "larger than 20 MiB.", path=path)
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror
        raise DataError("E152", f"名簿を読めません（{reason}）。", f"cannot be read ({reason}).", path=path) from error


def _counted(count: int, lang: str) -> str:
    if lang == "en":
        return f"{count} faults; nobody was enrolled.\n"
    shown = f"（はじめの{MOST_SHOWN}か所を示しました）" if count > MOST_SHOWN else ""
    return f"直すところが{count}か所あります{shown}。まだ誰も登録していません。\n"


def _performed(settings: Settings, knowledge: Knowledge, job: Job) -> Done | None:
    """What came of a job; None where it was handed to the server."""
    from bot.store.drop import drop_beside  # noqa: PLC0415  # `ask` runs without the packages the store needs

    drop = drop_beside(settings.database)
    try:
        with _administration(settings, knowledge) as administration:
            if drop is not None:  # handed to a server that has ended before it looked
                administration.take_in(drop)
            return administration.do(job)
    except SettingsError as error:
        if error.code != IN_USE or drop is None:
            raise
    try:
        drop.put(dump_job(job))
    except OSError as error:
        raise SettingsError(
            "E227",
            f"動いているサーバーに渡せません（{error.strerror}）。サーバーと同じユーザーで実行してください。",
            f"cannot hand it to the running server ({error.strerror}): run this as the same user.",
        ) from error
    return None


@contextmanager
def _administration(settings: Settings, knowledge: Knowledge) -> Iterator[Administration]:
    from bot.store.database import open_store  # noqa: PLC0415  # as above

    store = open_store(settings.database, SystemClock())
    try:
        yield Administration(knowledge, store, SystemClock(), RandomIdentities())
    finally:
        store.close()


def _known(settings: Settings, tenant: str, person: str) -> None:
    """Say so at once where nobody is that person."""
    from bot.store.beside import open_beside  # noqa: PLC0415  # as above

    with open_beside(settings.database, SystemClock()) as kept:
        if not any(is_person(learner, person) for learner, _ in kept.enrolments.people(tenant)):
            raise unknown_person()


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise UsageError("E333", "消してよければ --yes を付けてください。", "add --yes to go on.")
    return input("消してよければ「はい」と入力してください: ").strip() in ("はい", "yes")
