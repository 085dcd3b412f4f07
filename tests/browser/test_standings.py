"""The page of how far people are, in a browser behind a proxy that names the visitor: readable at every width."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from bot.service import Service
from tests.browser.conftest import SHOTS, Chromium, Visitor
from tests.contract.web.serving import served
from tests.contract.web.test_onboarding import BEHIND, HEADER, enrolled

NAMED = {"extra_http_headers": {HEADER: "yamada"}}


@pytest.fixture(scope="module")
def administrator(chromium: Chromium, service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with served(service, tmp_path_factory.mktemp("standings"), BEHIND) as site:
        enrolled(site)
        yield chromium.before(site)


@pytest.mark.parametrize("look", ["desktop", "phone"])
def test_the_figures_stand_in_a_table_that_everybody_can_read(administrator: Visitor, look: str) -> None:
    async def tour(page: Page) -> None:
        await page.goto("/onboarding")
        rows = await page.locator("tbody tr, tfoot tr").all_inner_texts()
        assert any(row.startswith("総務課") for row in rows)
        assert "秘密" not in await page.inner_text("body")
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        SHOTS.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=SHOTS / f"standings-{look}.png", full_page=True)

    administrator.visits(tour, look, **NAMED)


def test_without_a_name_from_the_proxy_nothing_is_shown(administrator: Visitor) -> None:
    async def tour(page: Page) -> None:
        answer = await page.goto("/onboarding")
        assert answer is not None
        assert answer.status == 403
        assert "総務課" not in await page.inner_text("body")

    administrator.visits(tour, noise="403")
