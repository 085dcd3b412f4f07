"""Whom to ask."""

from __future__ import annotations

import pytest

from bot.corpus.contacts import ContactFinder, fitting_scope, named_in
from bot.model import Clause, Department, Guideline, Organization, Scope

_TEXTS = {"contact_named": "{locator} にあります"}


def clause(locator: str, text: str, heading: str | None = None) -> Clause:
    return Clause(locator, locator, heading, text, "clause", None, ((1, 1),))


def organization(*departments: Department, roles: tuple[str, ...] = ()) -> Organization:
    return Organization("rei", "例市", Guideline("例", None, None, ()), departments, roles)


@pytest.fixture
def town() -> Organization:
    return organization(
        Department("総務部広報課", ("広報課",), "0123", "1", ("official", "both"), ("1",), "全体"),
        Department("総務部総務課", ("総務課",), None, None, ("private",), ("2",), "服務"),
        Department("審査委員会", scopes=()),
        roles=("所属長", "広報課長"),
    )


def test_names_are_found_in_the_order_of_the_text_and_once(town: Organization) -> None:
    assert named_in(town, "総務課と広報課、総務課") == ["総務部総務課", "総務部広報課"]


def test_the_longest_name_wins_where_one_contains_another(town: Organization) -> None:
    assert named_in(town, "広報課長に報告する") == ["広報課長"]
    assert named_in(town, "広報課長と広報課") == ["広報課長", "総務部広報課"]


def test_an_alias_gives_its_office(town: Organization) -> None:
    assert named_in(town, "広報課へ") == ["総務部広報課"]
    assert named_in(town, "どこにもない課") == []


def test_the_office_a_clause_names_comes_before_that_of_the_scope(town: Organization) -> None:
    found = ContactFinder(town, _TEXTS).contacts([(clause("3", ""), "審査委員会に諮る。")], "official")
    assert [(one.name, one.why) for one in found] == [("審査委員会", "3 にあります"), ("総務部広報課", "全体")]
    assert (found[1].phone, found[1].extension) == ("0123", "1")


def test_a_heading_names_an_office_too(town: Organization) -> None:
    found = ContactFinder(town, _TEXTS).contacts([(clause("3", "x", "総務課への報告"), "x")], None)
    assert found[0].name == "総務部総務課"


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ("official", ["総務部広報課"]),
        ("private", ["総務部総務課", "総務部広報課"]),
        ("both", ["総務部広報課", "総務部総務課"]),
        (None, ["総務部広報課", "総務部総務課"]),
    ],
)
def test_the_scope_decides_which_office_stands_first(town: Organization, scope: Scope | None, names: list[str]) -> None:
    assert [one.name for one in ContactFinder(town, _TEXTS).contacts((), scope)] == names


def test_the_first_office_stands_in_where_none_is_set_for_the_scope() -> None:
    only = organization(Department("広報課"), Department("総務課"))
    assert [one.name for one in ContactFinder(only, _TEXTS).contacts((), "private")] == ["広報課"]


def test_there_may_be_nobody() -> None:
    assert ContactFinder(organization(), _TEXTS).contacts([(clause("1", "x"), "x")], "official") == ()


def test_the_account_asked_about_wins_over_the_clauses_scope() -> None:
    assert fitting_scope("official", "private") == "private"
    assert fitting_scope("official", None) == "official"
    assert fitting_scope(None, None) is None
