"""A first course from a document's topics: which clauses are cited, what the file says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.corpus.course_file import load_course
from bot.corpus.digests import cited_digest, stale
from bot.corpus.knowledge import Knowledge
from bot.corpus.tree import ClauseTree
from bot.course import Course, Template
from bot.ingest.propose_course import proposed_course
from bot.model import Clause, Guideline, Scope

TEMPLATE = Template(
    id="secrets",
    title="仕事で知ったこと",
    topics=("secret", "personal_info"),
    account=None,
    text="知ったことを外に出しません。",
    example="投稿はしません。",
    question="書けますか。",
    options=(("書けない", True, "公表前だからです。"), ("書ける", False, "外に出すことになります。")),
)


def clause(locator: str, topics: str, text: str = "職務上知り得た情報を発信してはならない。", **more: str) -> Clause:
    return replace(Clause(locator, None, None, text, "clause", None, ((1, 1),), topics=tuple(topics.split())), **more)


def tree(*clauses: Clause) -> ClauseTree:
    return ClauseTree(Guideline("例", None, None, clauses))


def cited(*clauses: Clause, template: Template = TEMPLATE, folder: Path) -> list[str]:
    course = proposed(tree(*clauses), (template,), folder)
    return [] if course is None else [cite.locator for cite in course.lessons[0].cites]


def proposed(clauses: ClauseTree, templates: tuple[Template, ...], folder: Path) -> Course | None:
    """The proposed course, read back from its file."""
    text = proposed_course(clauses, templates)
    if text is None:
        return None
    (folder / "course.yaml").write_text(text, encoding="utf-8")
    return load_course(folder, Knowledge().course_defaults)


def test_the_proposal_is_the_template_over_the_clauses_it_fits(tmp_path: Path) -> None:
    clauses = tree(clause("1", "secret"))
    course = proposed(clauses, (TEMPLATE,), tmp_path)
    assert course is not None
    assert (course.reviewed, stale(course, clauses)) == (False, ())
    (lesson,) = course.lessons
    assert (lesson.id, lesson.text, lesson.question) == (TEMPLATE.id, TEMPLATE.text, TEMPLATE.question)
    assert [(one.text, one.right, one.reason) for one in lesson.options] == list(TEMPLATE.options)


def test_the_file_says_that_it_is_a_proposal_and_reads_like_one_that_a_person_wrote() -> None:
    clauses = tree(clause("1", "secret"))
    text = proposed_course(clauses, (TEMPLATE,)) or ""
    assert text.startswith("# 取り込み時の提案です。")
    assert "\nreviewed: no\n" in text
    assert "    right: yes\n" in text
    assert f"hash: {cited_digest(clauses, '1')}" in text.replace("'", "")


def test_a_document_without_the_topics_gets_no_course(tmp_path: Path) -> None:
    assert cited(clause("1", "copyright"), clause("2", ""), folder=tmp_path) == []


def test_the_reasons_rest_on_the_first_clause(tmp_path: Path) -> None:
    course = proposed(tree(clause("1", "personal_info"), clause("2", "secret")), (TEMPLATE,), tmp_path)
    assert course is not None
    assert {option.cites for option in course.lessons[0].options} == {"2"}


def test_each_topic_has_its_turn_before_one_has_two(tmp_path: Path) -> None:
    clauses = [clause(str(number), "secret") for number in range(1, 5)]
    assert cited(*clauses, clause("9", "personal_info"), folder=tmp_path) == ["1", "9", "2"]


def test_a_clause_about_the_topic_first_of_all_goes_before_one_that_mentions_it(tmp_path: Path) -> None:
    found = cited(clause("1", "portrait secret", "短い、二十文字を超える条項です。念のため。"), clause("2", "secret"),
                  folder=tmp_path)  # fmt: skip
    assert found == ["2", "1"]


def test_a_short_clause_goes_before_a_long_one_and_a_scrap_behind_both(tmp_path: Path) -> None:
    long = clause("1", "secret", "職務上知り得た情報を、在職中も退職後も、発信してはならない。")
    assert cited(long, clause("2", "secret"), clause("3", "secret", "秘密"), folder=tmp_path) == ["2", "1", "3"]


def test_a_clause_and_the_one_above_it_are_not_both_shown(tmp_path: Path) -> None:
    below = clause("1(1)", "secret", parent="1")
    assert cited(clause("1", "secret", "次の情報を発信してはならない。"), below, folder=tmp_path) == ["1(1)"]


def test_a_clause_too_long_to_read_in_minutes_is_left_out(tmp_path: Path) -> None:
    assert cited(clause("1", "secret", "情報" * 251), folder=tmp_path) == []


def test_forms_and_preambles_are_no_rules(tmp_path: Path) -> None:
    kinds = ("form", "supplement", "preamble", "ending")
    assert cited(*(clause(kind, "secret", kind=kind) for kind in kinds), folder=tmp_path) == []


def test_a_heading_alone_says_nothing(tmp_path: Path) -> None:
    assert cited(clause("1", "secret", "", heading="秘密"), folder=tmp_path) == []


def test_a_template_for_private_accounts_leaves_the_official_ones_out(tmp_path: Path) -> None:
    scopes: tuple[Scope, ...] = ("official", "private", "both")
    clauses = [clause(scope, "secret", scope=scope) for scope in scopes]
    assert cited(*clauses, template=replace(TEMPLATE, account="private"), folder=tmp_path) == ["private", "both"]
    assert cited(*clauses, template=replace(TEMPLATE, account="official"), folder=tmp_path) == ["official", "both"]
    assert cited(*clauses, folder=tmp_path) == ["official", "private", "both"]


def test_the_office_to_ask_is_cited_where_one_asks_and_nowhere_else(tmp_path: Path) -> None:
    clauses = (clause("1", "contact secret"), clause("9", "contact secret", kind="contact"))
    assert cited(*clauses, template=replace(TEMPLATE, topics=("contact",)), folder=tmp_path) == ["9", "1"]
    assert cited(*clauses, folder=tmp_path) == ["1", "9"]


def test_at_most_eight_lessons_are_proposed(tmp_path: Path) -> None:
    templates = tuple(replace(TEMPLATE, id=f"lesson-{number}") for number in range(12))
    course = proposed(tree(clause("1", "secret")), templates, tmp_path)
    assert course is not None
    assert [lesson.id for lesson in course.lessons] == [f"lesson-{number}" for number in range(8)]
