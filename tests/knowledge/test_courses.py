"""The courses prove themselves: clauses that are there and unchanged, words of their own, and a check that notices."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.corpus.digests import cited_digest, stale
from bot.corpus.guideline_file import dump_guideline, load_guideline
from bot.corpus.knowledge import Knowledge
from bot.corpus.tree import ClauseTree
from bot.course import ACTIONS, Course, Lesson
from bot.ingest.check import check_organization, check_shared, source_of
from bot.ingest.reader import read_document
from bot.testing import INVENTED_ID, squashed

ORGS = Knowledge().ids
COPIED = 30
"""So many characters in a row that also stand in the document are a quotation in disguise."""


def course_of(knowledge: Knowledge, org: str) -> Course:
    course = knowledge.course(org)
    assert course is not None
    return course


def tree_of(knowledge: Knowledge, org: str) -> ClauseTree:
    return ClauseTree(knowledge.organization(org).guideline)


def own_words(lesson: Lesson) -> Iterator[str]:
    """All that a lesson says itself."""
    yield from (lesson.title, lesson.text, lesson.example, lesson.question)
    for option in lesson.options:
        yield from (option.text, option.reason)


@pytest.mark.parametrize("org", ORGS)
def test_every_organisation_has_a_reviewed_course_of_five_to_eight_lessons(knowledge: Knowledge, org: str) -> None:
    course = course_of(knowledge, org)
    assert course.reviewed
    assert 5 <= len(course.lessons) <= 8


@pytest.mark.parametrize("org", ORGS)
def test_every_clause_of_a_lesson_stands_as_it_was_when_the_lesson_was_written(knowledge: Knowledge, org: str) -> None:
    assert [one.words()[0] for one in stale(course_of(knowledge, org), tree_of(knowledge, org))] == []


@pytest.mark.parametrize("org", ORGS)
def test_no_lesson_quotes_in_disguise(knowledge: Knowledge, org: str) -> None:
    source = squashed(read_document(source_of(knowledge.folder(org))))
    said = [squashed(text) for lesson in course_of(knowledge, org).lessons for text in own_words(lesson)]
    stretches = (text[at : at + COPIED] for text in said for at in range(len(text) - COPIED + 1))
    assert [stretch for stretch in stretches if stretch in source] == []


@pytest.mark.parametrize("org", ORGS)
def test_no_clause_of_a_lesson_is_shown_twice(knowledge: Knowledge, org: str) -> None:
    tree = tree_of(knowledge, org)
    twice = [
        (lesson.id, cite.locator)
        for lesson in course_of(knowledge, org).lessons
        for cite in lesson.cites
        for above in tree.ancestors(cite.locator)
        if above.locator in {other.locator for other in lesson.cites}
    ]
    assert twice == []


@pytest.mark.parametrize("org", ORGS)
def test_the_right_answer_does_not_always_stand_in_the_same_place(knowledge: Knowledge, org: str) -> None:
    places = [[one.right for one in lesson.options].index(True) for lesson in course_of(knowledge, org).lessons]
    assert len(set(places)) > 1


def test_every_action_has_words_and_every_template_topics_that_exist(knowledge: Knowledge) -> None:
    defaults = knowledge.course_defaults
    assert all(defaults.words[action] for action in ACTIONS)
    assert {topic for template in defaults.templates for topic in template.topics} <= set(knowledge.topics)
    assert 7 <= len(defaults.templates) <= 8


def test_a_course_proposed_for_an_invented_town_can_be_used_once_somebody_has_read_it(invented_root: Path) -> None:
    own = Knowledge(invented_root)
    course = course_of(own, INVENTED_ID)
    assert not course.reviewed
    assert len(course.lessons) >= 5
    assert [str(error) for error in check_organization(own, INVENTED_ID)] == []


@pytest.fixture
def copy(tmp_path: Path, knowledge: Knowledge) -> Path:
    """A folder with 筑後市 alone, to be spoilt."""
    shutil.copytree(knowledge.folder("chikugo"), tmp_path / "organizations" / "chikugo")
    return tmp_path / "organizations" / "chikugo"


def complaints(folder: Path) -> list[str]:
    """What the check says of course.yaml."""
    found = check_organization(Knowledge(folder.parents[1]), folder.name)
    return [str(error) for error in found if error.path == folder / "course.yaml"]


def first_cite(folder: Path) -> tuple[Lesson, str, str]:
    lesson = course_of(Knowledge(folder.parents[1]), folder.name).lessons[0]
    return lesson, lesson.cites[0].locator, lesson.cites[0].digest


def revise(folder: Path, locator: str) -> None:
    """Another word in the clause, in guideline.yaml alone: what the check says of that is not asked for here."""
    path = folder / "guideline.yaml"
    document = load_guideline(path)
    changed = tuple(
        replace(clause, text=f"{clause.text}（改）") if clause.locator == locator else clause
        for clause in document.clauses
    )
    path.write_text(dump_guideline(replace(document, clauses=changed)), encoding="utf-8")


def spoil(path: Path, old: str, new: str) -> int:
    """Replace the first `old`; its line."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_a_clause_that_changed_is_named_with_lesson_hash_and_place(copy: Path) -> None:
    lesson, locator, digest = first_cite(copy)
    revise(copy, locator)
    fresh = cited_digest(tree_of(Knowledge(copy.parents[1]), "chikugo"), locator)
    line = (copy / "course.yaml").read_text(encoding="utf-8").split(digest)[0].count("\n") + 1
    said, *more = complaints(copy)
    assert more == []
    assert said.startswith(f"{copy / 'course.yaml'}:{line}:")
    assert (
        f" {locator} の本文が変わりました。レッスン「{lesson.title}」を見直してから hash を {fresh} にしてください。"
        in said
    )
    assert digest in said.splitlines()[1]


@pytest.mark.parametrize("hashed", ["?", "00000000"])
def test_a_wrong_hash_is_named_with_the_right_one(copy: Path, hashed: str) -> None:
    _, locator, digest = first_cite(copy)
    line = spoil(copy / "course.yaml", digest, hashed)
    (said,) = complaints(copy)
    assert said.startswith(f"{copy / 'course.yaml'}:{line}:")
    assert locator in said
    assert f"hash を {digest} にしてください" in said


def test_a_clause_that_is_gone_is_named_with_its_lesson(copy: Path) -> None:
    lesson, locator, _ = first_cite(copy)
    path = copy / "course.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(f'"{locator}"', '"99(9)"'), encoding="utf-8")
    said = complaints(copy)[0]
    assert f"条項「99(9)」はこの文書にありません。レッスン「{lesson.title}」を見直して" in said
    assert 'locator: "99(9)"' in said.splitlines()[1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", right: yes", "", "ちょうど一つにしてください"),
        ("  - id: ", "  - ident: ", "「ident」という項目はありません"),
        ("reviewed: yes", "reviewed: perhaps", "「perhaps」は使えません"),
        ("lessons:", "pace: [3, 1]\nlessons:", "前のレッスンより早い日"),
    ],
)
def test_a_slip_in_a_course_is_named_and_hides_nothing_else(copy: Path, old: str, new: str, said: str) -> None:
    spoil(copy / "course.yaml", old, new)
    spoil(copy / "curation.yaml", "characteristics", "charakteristics")
    (found,) = complaints(copy)
    assert said in found
    assert found.startswith(f"{copy / 'course.yaml'}:")
    everything = check_organization(Knowledge(copy.parents[1]), "chikugo")
    assert any("charakteristics" in str(error) for error in everything)


def test_a_slip_in_onboarding_is_named(tmp_path: Path, knowledge: Knowledge) -> None:
    (tmp_path / "organizations").mkdir()
    shutil.copy(knowledge.shared("onboarding.yaml"), tmp_path)
    line = spoil(tmp_path / "onboarding.yaml", "remind: ", "reminders: ")
    (error,) = check_shared(Knowledge(tmp_path))
    assert (error.line, "「reminders」という項目はありません" in str(error)) == (line, True)
