"""course.yaml and onboarding.yaml: what is read, what stands in for what is left out, every slip with its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.corpus.course_file import folded, load_course, load_course_defaults
from bot.corpus.knowledge import ONBOARDING, Knowledge, bundle
from bot.course import Calendar, Course, CourseDefaults, LessonCite, Option, Reminders
from bot.errors import DataError, SettingsError

LESSON = """\
  - id: secrets
    title: 仕事で知ったこと
    text: 知ったことを外に出さないのは、信頼の土台です。
    cites:
      - {locator: "2(1)", hash: 0a1b2c3d}
      - {locator: "2(2)", hash: "00000000"}
    example: 窓口で同級生に会いました。投稿はしません。
    question: 公表前の話を書けますか。
    options:
      - {text: 書けない, right: yes, reason: 公表前のことだからです。, cites: "2(1)"}
      - {text: 友人だけになら書ける, reason: 外に出すことに変わりはありません。, cites: "2(2)"}
"""
COURSE = f"title: 研修\nreviewed: yes\nlessons:\n{LESSON}"
ONE_CITE = '{locator: "2(1)", hash: 0a1b2c3d}'
ONE_OPTION = '{text: 友人だけになら書ける, reason: 外に出すことに変わりはありません。, cites: "2(2)"}'

DEFAULTS = CourseDefaults(
    words={},
    pace=(0, 1, 3),
    calendar=Calendar("Asia/Tokyo", "09:00", "17:00", ("12-31",)),
    reminders=Reminders((3, 6), 10),
    templates=(),
)

ONBOARDING_TEXT = """\
words:
  start: [研修を始める]
  pause: [研修を休む]
  resume: [研修を再開]
  resend: [もう一度送って]
  leave: [研修をやめる]
  progress: [研修の状況]
pace: [0, 1]
calendar: {zone: Asia/Tokyo, opens: "09:00", closes: "17:00", closed: ["12-31"]}
remind: {after: [3], supervisor: 10}
templates:
  - id: secrets
    title: 仕事で知ったこと
    topics: [secret]
    account: private
    text: 知ったことを外に出しません。
    example: 投稿はしません。
    question: 書けますか。
    options:
      - {text: 書けない, right: yes, reason: 公表前のことだからです。}
      - {text: 書ける, reason: 外に出すことになります。}
"""

Read = Callable[[str], Course]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(text: str) -> Course:
        (tmp_path / "course.yaml").write_text(text, encoding="utf-8")
        course = load_course(tmp_path, DEFAULTS)
        assert course is not None
        return course

    return read


def test_a_lesson_is_read_with_its_clauses_and_options(read: Read) -> None:
    course = read(COURSE)
    (lesson,) = course.lessons
    assert (course.title, course.reviewed, lesson.id) == ("研修", True, "secrets")
    assert lesson.cites == (LessonCite("2(1)", "0a1b2c3d"), LessonCite("2(2)", "00000000"))
    assert lesson.options == (
        Option("書けない", right=True, reason="公表前のことだからです。", cites="2(1)"),
        Option("友人だけになら書ける", right=False, reason="外に出すことに変わりはありません。", cites="2(2)"),
    )
    assert course.lesson("secrets") == lesson
    assert course.lesson("none") is None


def test_an_organisation_without_the_file_has_no_course(tmp_path: Path) -> None:
    assert load_course(tmp_path, DEFAULTS) is None


def test_what_is_left_out_is_as_onboarding_says(read: Read) -> None:
    course = read(COURSE)
    found = course.pace, course.calendar, course.reminders, course.renew
    assert found == (DEFAULTS.pace, DEFAULTS.calendar, DEFAULTS.reminders, True)


def test_each_part_of_calendar_and_reminders_stands_for_itself(read: Read) -> None:
    course = read(f"{COURSE}calendar: {{opens: '10:30'}}\nremind: {{supervisor: no}}\npace: [2, 2]\nrenew: no\n")
    assert course.calendar == Calendar("Asia/Tokyo", "10:30", "17:00", ("12-31",))
    assert course.reminders == Reminders((3, 6), None)
    assert (course.pace, course.renew) == ((2, 2), False)


def test_nobody_need_be_reminded_and_every_day_may_be_open(read: Read) -> None:
    course = read(f"{COURSE}calendar: {{closed: []}}\nremind: {{after: []}}\n")
    assert course.calendar.closed == ()
    assert course.reminders == Reminders((), 10)


def test_closing_days_of_every_year_and_of_one_year_are_read(read: Read) -> None:
    closed = ("02-29", "2028-02-29", "2026-10-01")
    assert read(f"{COURSE}calendar: {{closed: [{', '.join(closed)}]}}\n").calendar.closed == closed


def test_a_hash_may_be_left_for_the_check_to_name(read: Read) -> None:
    cites = read(COURSE.replace(", hash: 0a1b2c3d", "")).lessons[0].cites
    assert cites[0] == LessonCite("2(1)", "")


SLIPS = [
    ("reviewed: yes", "reviewed: true", 2, "「true」は使えません（yes、no のどれかです）"),
    ("reviewed: yes\n", "", 1, "「reviewed」がありません"),
    ("title: 研修", "titel: 研修", 1, "「titel」という項目はありません"),
    ("title: 研修", f"title: {'研' * 61}", 1, "長すぎます（61文字。60文字まで）"),
    (LESSON, "", 1, "「lessons」がありません"),
    (LESSON, "  []\n", 3, "レッスンは1～20個にしてください"),
    (LESSON, "".join(LESSON.replace("secrets", f"a{n}") for n in range(21)), 3, "レッスンは1～20個にしてください"),
    (LESSON, LESSON * 2, 15, "「secrets」は二度書かれています"),
    ("id: secrets", "id: revised", 4, "「revised」は別の用途に使われます"),
    ("id: secrets", "id: Secrets", 4, "id は小文字の英数字と -"),
    ("id: secrets", f"id: {'a' * 33}", 4, "32文字以内"),
    ("title: 仕事で知ったこと", f"title: {'仕' * 25}", 5, "長すぎます（25文字。24文字まで）"),
    ("text: 知った", f"text: {'知' * 160}", 6, "160文字まで"),
    (ONE_CITE, '{locator: "2(1)", digest: 0a1b2c3d}', 8, "「digest」という項目はありません"),
    (ONE_CITE, '{hash: "2(1)"}', 8, "「locator」がありません"),
    ('locator: "2(2)"', 'locator: "2(1)"', 9, "「2(1)」は二度書かれています"),
    (f"\n      - {ONE_CITE}", "".join(f"\n      - {{locator: '{n}'}}" for n in range(4)), 7, "条項は1～4個"),
    ("example: 窓口", f"example: {'窓' * 180}", 10, "180文字まで"),
    ("question: 公表前", f"question: {'公' * 100}", 11, "100文字まで"),
    ("    question: 公表前の話を書けますか。\n", "", 4, "「question」がありません"),
    (f"\n      - {ONE_OPTION}", "", 12, "選択肢は2～4個にしてください"),
    (", right: yes", "", 12, "ちょうど一つにしてください"),
    (", right: yes", ", right: no", 12, "ちょうど一つにしてください"),
    ("text: 友人だけになら書ける", "right: yes, text: 書ける", 12, "ちょうど一つにしてください"),
    ("text: 友人だけになら書ける", "text: 書けない", 14, "「書けない」は二度書かれています"),
    ("text: 友人", f"text: {'友' * 40}", 14, "40文字まで"),
    ("reason: 公表前", f"reason: {'公' * 100}", 13, "100文字まで"),
    ('。, cites: "2(2)"', '。, cites: "2"', 14, "「2」は使えません（2(1)、2(2) のどれかです）"),
    ("right: yes", "right: yse", 13, "「yse」は使えません"),
]


@pytest.mark.parametrize(("old", "new", "line", "said"), SLIPS)
def test_a_slip_in_a_lesson_is_named_with_its_place(read: Read, old: str, new: str, line: int, said: str) -> None:
    assert old in COURSE
    text = COURSE.replace(old, new, 1)
    with pytest.raises(DataError) as caught:
        read(text)
    error = caught.value
    assert said in str(error)
    assert (error.code, error.line, error.shown) == ("E105", line, text.splitlines()[line - 1][:200])
    assert f"course.yaml:{line}:{error.column}: " in str(error)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("pace: []", "間隔を一つ以上"),
        ("pace: [-1]", "0～1000の整数"),
        ("pace: [0, 1.5]", "0～1000の整数"),
        ("pace: [0, １]", "0～1000の整数"),
        ("pace: [1001]", "0～1000の整数"),
        ("pace: [0, 3, 2]", "前のレッスンより早い日"),
        ("calendar: {zone: Asia/Kasumino}", "「Asia/Kasumino」という時間帯はありません"),
        ("calendar: {zone: Asia}", "「Asia」という時間帯はありません"),
        ("calendar: {zone: ../Tokyo}", "「../Tokyo」という時間帯はありません"),
        ("calendar: {zone: JST+9}", "という時間帯はありません"),
        ("calendar: {opens: '9:00'}", "時刻は 09:00 の形"),
        ("calendar: {closes: '24:00'}", "時刻は 09:00 の形"),
        ("calendar: {opens: '17:00'}", "17:00 に始まり 17:00 に終わる時間帯はありません"),
        ("calendar: {closes: '08:59'}", "09:00 に始まり 08:59 に終わる"),
        ("calendar: {closed: ['02-30']}", "休みの日は 12-29 か 2026-12-29"),
        ("calendar: {closed: ['2027-02-29']}", "休みの日は"),
        ("calendar: {closed: ['1-1']}", "休みの日は"),
        ("calendar: {closed: ['20261229']}", "休みの日は"),
        ("calendar: {closed: 12-29}", "一覧"),
        (f"calendar: {{closed: [{', '.join(['12-29'] * 101)}]}}", "休みの日は100日まで"),
        ("calendar: {weekends: no}", "「weekends」という項目はありません"),
        ("remind: {after: [0]}", "1～250の整数"),
        ("remind: {after: [3, 3]}", "前の催促より後の日"),
        ("remind: {after: [3, 12]}", "最後の催促（12日）より後"),
        ("remind: {supervisor: 6}", "最後の催促（6日）より後"),
        ("remind: {supervisor: soon}", "1～250の整数"),
        ("renew: often", "「often」は使えません"),
    ],
)
def test_a_slip_in_when_it_is_sent_is_named_with_its_place(read: Read, more: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        read(f"{more}\n{COURSE}")
    assert said in str(caught.value)
    assert (caught.value.line, caught.value.shown) == (1, more[:200])


def defaults(tmp_path: Path, text: str) -> CourseDefaults:
    path = tmp_path / ONBOARDING
    path.write_text(text, encoding="utf-8")
    return load_course_defaults(path, ("secret", "contact"))


def test_onboarding_holds_words_defaults_and_templates(tmp_path: Path) -> None:
    found = defaults(tmp_path, ONBOARDING_TEXT)
    (template,) = found.templates
    assert found.words["resend"] == ("もう一度送って",)
    assert (found.pace, found.reminders, found.calendar.closed) == ((0, 1), Reminders((3,), 10), ("12-31",))
    assert (template.topics, template.account) == (("secret",), "private")
    assert [right for _, right, _ in template.options] == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("  leave: [研修をやめる]\n", "", 1, "「leave」がありません"),
        ("  leave: ", "  quit: ", 6, "「quit」という項目はありません"),
        ("[研修をやめる]", "[研修をやめる, ' 研修 を休む。']", 6, "「研修を休む」は二度書かれています"),
        ("pace: [0, 1]\n", "", 1, "「pace」がありません"),
        ("topics: [secret]", "topics: [sekret]", 14, "「sekret」は使えません（secret、contact のどれかです）"),
        ("account: private", "account: both", 15, "「both」は使えません（official、private のどれかです）"),
        ("right: yes, ", "", 19, "ちょうど一つにしてください"),
        ("ことになります。}", "ことになります。, cites: '1'}", 21, "「cites」という項目はありません"),
        ("id: secrets", "id: revised", 12, "「revised」は別の用途に使われます"),
    ],
)
def test_a_slip_in_onboarding_is_named_with_its_place(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    assert old in ONBOARDING_TEXT
    with pytest.raises(DataError) as caught:
        defaults(tmp_path, ONBOARDING_TEXT.replace(old, new, 1))
    assert said in str(caught.value)
    assert (caught.value.path, caught.value.line) == (tmp_path / ONBOARDING, line)


def test_a_template_stands_once(tmp_path: Path) -> None:
    head, template = ONBOARDING_TEXT.split("templates:\n")
    with pytest.raises(DataError, match="「secrets」は二度書かれています"):
        defaults(tmp_path, f"{head}templates:\n{template}{template}")


@pytest.mark.parametrize(
    "said", ["研修 を 始める", "研修を始める。", "研修を始める！", " 研修を始める!! ", "研修を始める\n"]
)
def test_a_word_is_known_however_it_is_typed(said: str) -> None:
    assert folded(said) == "研修を始める"


def test_latin_letters_are_compared_without_case_and_width() -> None:
    assert folded("ＳＴＡＲＴ") == folded("start")


def test_a_folder_of_ones_own_takes_onboarding_from_the_bundle(tmp_path: Path) -> None:
    shutil.copytree(bundle() / "organizations" / "chikugo", tmp_path / "organizations" / "chikugo")
    own = Knowledge(tmp_path)
    assert own.course_defaults == Knowledge().course_defaults
    assert own.course("chikugo") == Knowledge().course("chikugo")
    (tmp_path / ONBOARDING).write_text(ONBOARDING_TEXT, encoding="utf-8")
    changed = Knowledge(tmp_path).course("chikugo")
    assert changed is not None
    assert changed.pace == (0, 1)


def test_a_course_is_read_once_and_that_there_is_none_too(tmp_path: Path) -> None:
    folder = tmp_path / "organizations" / "chikugo"
    shutil.copytree(bundle() / "organizations" / "chikugo", folder)
    own = Knowledge(tmp_path)
    first = own.course("chikugo")
    (folder / "course.yaml").unlink()
    assert own.course("chikugo") is first
    assert Knowledge(tmp_path).course("chikugo") is None


def test_an_unknown_organisation_has_no_course_to_ask_for() -> None:
    with pytest.raises(SettingsError):
        Knowledge().course("nowhere")
