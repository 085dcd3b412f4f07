"""What counts as a change of a clause, and what does not."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b

import pytest

from bot.corpus.digests import cited_digest, clause_digest, edition, stale
from bot.corpus.tree import ClauseTree
from bot.course import Calendar, Course, Lesson, LessonCite, Reminders
from bot.model import Clause, Guideline

PARENT = Clause("2", "２", "禁止", "次をしない。", "clause", None, ((1, 2),))
CHILD = Clause("2(1)", "(1)", None, "秘密を書く。", "clause", "2", ((3, 3),))
OTHER = Clause("3", "３", "附則", "施行する。", "clause", None, ((4, 4),))
ALL = (PARENT, CHILD, OTHER)


def guideline(*clauses: Clause) -> Guideline:
    return Guideline("例市ガイドライン", "令和4年4月1日", None, clauses)


def tree(*clauses: Clause) -> ClauseTree:
    return ClauseTree(guideline(*clauses))


def course(*cites: LessonCite) -> Course:
    lesson = Lesson("secrets", "仕事で知ったこと", "…", cites, "…", "…", ())
    return Course(
        "rei", "研修", reviewed=True, lessons=(lesson,), pace=(0,), calendar=Calendar(), reminders=Reminders()
    )


def test_a_clauses_digest_is_blake2b_over_marker_heading_and_own_text_without_white_space() -> None:
    assert clause_digest(PARENT) == blake2b("２禁止次をしない。".encode(), digest_size=4).hexdigest()


def test_the_digest_of_a_citation_is_over_what_it_shows() -> None:
    shown = "禁止次をしない。(1)秘密を書く。"
    assert cited_digest(tree(*ALL), "2") == blake2b(shown.encode(), digest_size=4).hexdigest()


@pytest.mark.parametrize("text", ["次を しない。", "次を\nしない。", "次を\u3000しない。", "\t次をしない。\r\n"])
def test_a_source_wrapped_anew_has_not_changed(text: str) -> None:
    wrapped = replace(PARENT, text=text)
    assert clause_digest(wrapped) == clause_digest(PARENT)
    assert cited_digest(tree(wrapped, CHILD, OTHER), "2") == cited_digest(tree(*ALL), "2")
    assert edition(guideline(wrapped, CHILD, OTHER)) == edition(guideline(*ALL))


def test_a_word_below_changes_the_citation_and_not_the_clause_alone() -> None:
    changed = replace(CHILD, text="秘密と個人情報を書く。")
    assert cited_digest(tree(PARENT, changed, OTHER), "2") != cited_digest(tree(*ALL), "2")
    before, after = edition(guideline(*ALL)), edition(guideline(PARENT, changed, OTHER))
    assert before[0] != after[0]
    assert [locator for locator in before[1] if before[1][locator] != after[1][locator]] == ["2(1)"]


def test_what_a_person_adds_to_a_clause_makes_no_new_edition() -> None:
    curated = replace(PARENT, scope="official", topics=("secret",), note="注意", lines=((9, 9),))
    assert edition(guideline(curated, CHILD, OTHER)) == edition(guideline(*ALL))


def test_an_edition_is_blake2b_over_locators_and_digests_in_document_order() -> None:
    name, digests = edition(guideline(*ALL))
    lines = "".join(f"{clause.locator}\t{clause_digest(clause)}\n" for clause in ALL)
    assert name == blake2b(lines.encode(), digest_size=8).hexdigest()
    assert digests == {clause.locator: clause_digest(clause) for clause in ALL}
    assert edition(guideline(OTHER, PARENT, CHILD))[0] != name
    assert edition(guideline(PARENT, CHILD))[0] != name


def test_a_citation_of_no_clause_is_no_digest() -> None:
    with pytest.raises(KeyError):
        cited_digest(tree(*ALL), "4")


def test_a_course_whose_clauses_stand_is_not_stale() -> None:
    right = LessonCite("2", cited_digest(tree(*ALL), "2"))
    assert stale(course(right), tree(*ALL)) == ()


def test_a_changed_clause_is_named_with_its_lesson_and_its_present_hash() -> None:
    cite = LessonCite("2", cited_digest(tree(*ALL), "2"))
    now = tree(PARENT, replace(CHILD, text="個人情報を書く。"), OTHER)
    (found,) = stale(course(LessonCite("3", cited_digest(now, "3")), cite), now)
    fresh = cited_digest(now, "2")
    assert (found.cite, found.digest, found.lesson_number, found.cite_number) == (cite, fresh, 0, 1)
    japanese, english = found.words()
    assert japanese == (
        f"2 の本文が変わりました。レッスン「仕事で知ったこと」を見直してから hash を {fresh} にしてください。"
    )
    assert fresh in english


def test_a_clause_that_is_gone_is_named_with_its_lesson() -> None:
    (found,) = stale(course(LessonCite("2(1)", clause_digest(CHILD))), tree(PARENT, OTHER))
    assert found.digest is None
    assert "「2(1)」はこの文書にありません。レッスン「仕事で知ったこと」を見直して" in found.words()[0]
    assert "'2(1)'" in found.words()[1]


@pytest.mark.parametrize("written", ["", "?", "0A1B2C3D", "0a1b2c3d4e"])
def test_what_is_no_hash_is_told_which_it_is(written: str) -> None:
    (found,) = stale(course(LessonCite("3", written)), tree(*ALL))
    fresh = cited_digest(tree(*ALL), "3")
    assert found.words()[0].startswith("hash がありません。")
    assert all(
        words.endswith((f"hash を {fresh} にしてください。", f"set hash to {fresh}.")) for words in found.words()
    )
