"""Every page and every kind of card, light and dark, wide and narrow: usable by all (axe-core), nothing cut off."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.browser.acts import ask, enter, last, shoot
from tests.browser.conftest import LOOKS, Visitor

Scene = Callable[[Page], Awaitable[None]]

GRAVE = ("moderate", "serious", "critical")
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "torture"
Scheme = Literal["light", "dark"]


def schemes(look: str) -> tuple[Scheme, ...]:
    """The colours to look at: all of them at length, else each window in its own."""
    return ("light", "dark") if LONG else ("light",) if look == "desktop" else ("dark",)


async def choose(page: Page) -> None:
    await page.goto("/")
    await expect(page.locator(".orgs")).to_be_visible()


async def about(page: Page) -> None:
    await page.goto("/about")
    await expect(page.get_by_role("heading", name="残るもの")).to_be_visible()


async def answered(page: Page) -> None:
    await enter(page)
    await ask(page, "写真を載せるときの注意は？")


async def pressed(page: Page) -> None:
    await answered(page)
    await last(page, ".clauses button").first.click()
    await last(page, "[data-verb=rate_up]").click()
    await last(page, "[data-verb=refer]").click()
    await last(page, ".actions + .result .card").wait_for()
    await last(page, ".feedback + .result .card").wait_for()


async def folded(page: Page) -> None:
    await enter(page)
    await ask(page, "アカウントのこと")
    await expect(last(page, ".begin")).to_be_visible()


async def unfolded(page: Page) -> None:
    await folded(page)
    await last(page, ".long summary").click()


async def copied_by_hand(page: Page) -> None:
    await page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined }); document.execCommand = () => false;"
    )
    await answered(page)
    await last(page, "[data-verb=copy]").click()
    await last(page, "textarea").wait_for()


def asked(question: str, org: str, expected: str) -> Scene:
    async def scene(page: Page) -> None:
        await enter(page, org)
        await ask(page, question)
        await expect(last(page, expected).first).to_be_visible()

    return scene


async def trouble(page: Page) -> None:
    await enter(page)
    await page.route("**/api/ask", lambda route: route.abort())
    await page.fill("#box", "写真の注意は？")
    await page.press("#box", "Enter")
    await last(page, ".trouble").wait_for()


def opened(path: str) -> Scene:
    async def scene(page: Page) -> None:
        await page.goto(path)

    return scene


SCENES: dict[str, Scene] = {
    "about": about,
    "choose": choose,
    "home": enter,
    "answered": answered,
    "pressed": pressed,
    "folded": folded,
    "unfolded": unfolded,
    "copied-by-hand": copied_by_hand,
    "incident": asked("炎上しました", "asahikawa", ".card-alarm .steps"),
    "suggested": asked("駐車場の利用料は？", "asahikawa", ".card-unsure .clauses"),
    "not-found": asked("私用スマホで投稿していい？", "bibai", ".card-unsure .contacts"),
    "others": asked("政治的な投稿は？ 他の自治体では？", "asahikawa", ".foreign"),
    "phone": asked("写真の注意は？", "chikugo", "a[href^='tel:']"),
    "smalltalk": asked("こんにちは", "urausu", ".card-plain"),
    "trouble": trouble,
    "document": opened("/guidelines/asahikawa"),
    "document-clause": opened("/guidelines/asahikawa#6(5)"),
    "document-qa": opened("/guidelines/bibai#Q2-2"),
    "missing": opened("/no/such/page"),
}


async def complaints(page: Page) -> list[str]:
    """What axe-core has against the page as it stands, as `rule: element`."""
    found = await Axe().run(page)
    grave = [one for one in found.response["violations"] if one["impact"] in GRAVE]
    return [f"{one['id']}: {node['html'][:160]}" for one in grave for node in one["nodes"]]


@pytest.mark.parametrize("look", list(LOOKS))
@pytest.mark.parametrize("name", list(SCENES))
def test_anybody_can_use_it(visitor: Visitor, name: str, look: str) -> None:
    async def tour(page: Page) -> None:
        await SCENES[name](page)
        for scheme in schemes(look):
            await page.emulate_media(color_scheme=scheme)
            await shoot(page, f"{name}-{look}-{scheme}")
            assert await complaints(page) == [], scheme
        wide, window = await page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= window, "something sticks out at the side"

    visitor.visits(tour, look, noise="Failed to load resource")
