"""A guideline as its page shows it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapters.web.document import Entry, document
from adapters.web.pages import Pages
from bot.service import Service
from bot.testing import INVENTED_ID, squashed
from tests.unit.adapters.web.parsed import Parsed

ORGS = ("asahikawa", "bibai", "chikugo", "suzaka", "urausu")


def walk(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        yield from walk(entry.below)


@pytest.mark.parametrize("org", ORGS)
def test_every_clause_stands_on_the_page_once_and_in_order(service: Service, org: str) -> None:
    organization = service.knowledge.organization(org)
    shown = list(walk(document(organization).entries))
    assert [entry.locator for entry in shown] == [clause.locator for clause in organization.guideline.clauses]
    assert [entry.text for entry in shown] == [clause.text for clause in organization.guideline.clauses]


@pytest.mark.parametrize("org", ORGS)
def test_the_page_holds_every_word_of_the_guideline(service: Service, org: str) -> None:
    html = Pages(service.knowledge, "v", None).document(org)
    body = Parsed(html[html.index("<main") : html.index("</main>")])
    text = squashed(body.text)
    for clause in service.knowledge.organization(org).guideline.clauses:
        assert squashed(clause.heading or "") in text
        assert squashed(clause.text) in text
        assert clause.locator in list(body.values("id"))


@pytest.mark.parametrize("org", ORGS)
def test_the_table_of_contents_leads_to_clauses_that_are_there(service: Service, org: str) -> None:
    found = document(service.knowledge.organization(org))
    locators = {entry.locator for entry in walk(found.entries)}
    lines = [*found.contents, *(line for one in found.contents for line in one.below)]
    assert {line.locator for line in lines} <= locators
    assert [line.locator for line in found.contents] == [entry.locator for entry in found.entries]
    assert all(line.label and "\n" not in line.label for line in lines)


def test_markers_are_shown_as_printed_without_the_signs_of_a_plain_text_source(service: Service) -> None:
    def markers(org: str) -> dict[str, str]:
        return {entry.locator: entry.marker for entry in walk(document(service.knowledge.organization(org)).entries)}

    assert markers("chikugo")["2"] == "2．"
    assert markers("suzaka")["4"] == "4"
    assert markers("suzaka")["4(5)ア"] == "ア"
    assert markers("asahikawa")["5(1)"] == "（１）"


def test_a_scope_is_said_again_only_where_it_changes(service: Service) -> None:
    shown = {entry.locator: entry for entry in walk(document(service.knowledge.organization("bibai")).entries)}
    assert shown["Q2-1"].inherits
    assert not shown["2"].inherits
    assert not shown["Q4-1・2"].inherits


def test_an_undated_guideline_says_so(service: Service) -> None:
    pages = Pages(service.knowledge, "v", None)
    assert "日付の記載なし" in pages.document("asahikawa")
    assert "令和 4年 4月 1日" in pages.document("chikugo")


def test_a_guideline_that_was_just_ingested_has_its_page(invented: Service) -> None:
    pages = Pages(invented.knowledge, "v", None)
    html = pages.document(INVENTED_ID)
    assert "写真を掲載するときは、写っている人の承諾を得る。" in html
    assert f'data-preset="{INVENTED_ID}"' in pages.home(None)
    assert "団体を変える" not in pages.home(None)
