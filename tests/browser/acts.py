"""What a person does on the page."""

from __future__ import annotations

import time

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import SHOTS

LAST = ".turn:last-child"
BOX = "#field-text"


async def enter(page: Page, org: str = "asahikawa") -> None:
    """Open the page and choose an organisation."""
    await page.goto("/")
    await page.click(f"[data-org={org}]")
    await expect(page.locator("#greeting .card")).to_be_visible()


async def ask(page: Page, question: str) -> float:
    """Type a question and press Enter; how many seconds it took until the answer stood there."""
    count = await page.locator(".turn").count()
    await page.fill("#box", question)
    began = time.perf_counter()
    await page.press("#box", "Enter")
    await expect(page.locator(".turn")).to_have_count(count + 1)
    await page.locator(f"{LAST} .reply > .card").wait_for()
    return time.perf_counter() - began


def last(page: Page, inside: str) -> Locator:
    """Something in the last answer."""
    return page.locator(f"{LAST} {inside}")


async def open_check(page: Page, org: str = "chikugo", account: str = "official") -> None:
    """Open the page for drafts with an account chosen."""
    await page.goto(f"/check?org={org}")
    await page.check(f"[name=account][value={account}]")


async def write(page: Page, text: str) -> float:
    """Put a draft into its box; how many seconds it took until its report stood there."""
    began = time.perf_counter()
    await page.fill(BOX, text)
    await expect(page.locator("#state")).to_contain_text("点検しました。", timeout=15_000)  # the first builds a checker
    return time.perf_counter() - began


async def shoot(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep a picture in an ignored folder, for people to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    await page.wait_for_timeout(250)  # smooth scrolling comes to rest
    await page.screenshot(path=SHOTS / f"{name}.png", full_page=whole)
