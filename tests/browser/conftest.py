"""A real Chromium before the real page: one browser and one page server for a worker, a fresh profile for each visit.

Playwright's loop lives in a thread of its own: a running loop in the tests' thread would spoil every `asyncio.run`.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from bot.corpus.knowledge import Knowledge
from bot.service import Service
from tests.contract.web.drafts import PointingService
from tests.contract.web.serving import LoopThread, Site, loop_thread, served

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SHOTS = Path(__file__).parents[2] / "build" / "screenshots"

LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
}
"""What the page is looked at with."""

VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
"""

Tour = Callable[[Page], Awaitable[None]]


@dataclass
class Visitor:
    """Opens the page for a tour, and complains of whatever went wrong beside it."""

    site: Site
    _browser: Browser
    _thread: LoopThread

    def visits(self, tour: Tour, look: str = "desktop", noise: str = "", **context: object) -> None:
        """Run a tour in a fresh profile. `noise`: a part of the console errors that the tour provokes on purpose."""

        async def visit() -> None:
            async with self._page({**LOOKS[look], **context}, noise) as page:
                await tour(page)

        self._thread.do(visit())

    @asynccontextmanager
    async def _page(self, context: dict[str, Any], noise: str) -> AsyncIterator[Page]:
        profile = await self._browser.new_context(locale="ja-JP", base_url=self.site.url, **context)
        profile.set_default_timeout(15_000)
        await profile.add_init_script(VIOLATIONS)
        asked: list[str] = []
        wrong: list[str] = []

        def said(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning") and not (noise and noise in message.text):
                wrong.append(message.text)

        profile.on("request", lambda request: asked.append(request.url))
        profile.on("console", said)
        profile.on("weberror", lambda error: wrong.append(str(error.error)))
        page = await profile.new_page()
        try:
            yield page
            if context.get("java_script_enabled", True):
                assert await page.evaluate("window.violations") == []
        finally:
            await profile.close()
        assert [url for url in asked if not url.startswith((self.site.url, "data:"))] == []
        assert wrong == []


@dataclass
class Chromium:
    """One browser, with the loop that drives it."""

    browser: Browser
    thread: LoopThread

    def before(self, site: Site) -> Visitor:
        return Visitor(site, self.browser, self.thread)


def warm(service: Service) -> Service:
    """The service with what its first draft would wait seconds for."""
    for org in ("chikugo", "urausu"):
        service.checker(org)
    return service


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    found = shutil.which("chromium")
    if found is None:
        pytest.fail("chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk); .ci/run installs it")
    with loop_thread() as thread:
        playwright = thread.do(async_playwright().start())
        try:
            browser = thread.do(playwright.chromium.launch(executable_path=found, args=list(FLAGS)))
            yield Chromium(browser, thread)
            thread.do(browser.close())
        finally:
            thread.do(playwright.stop())


@pytest.fixture(scope="session")
def visitor(chromium: Chromium, service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    warm(service)
    with served(service, tmp_path_factory.mktemp("page")) as site:
        yield chromium.before(site)


@pytest.fixture(scope="session")
def drafter(
    chromium: Chromium, knowledge: Knowledge, cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visitor]:
    """A visitor of a page that finds known words in drafts."""
    with served(warm(PointingService(knowledge, cache)), tmp_path_factory.mktemp("drafts")) as site:
        yield chromium.before(site)
