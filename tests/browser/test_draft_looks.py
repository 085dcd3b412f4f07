"""The page for drafts in all its states, light and dark, wide and narrow: usable by all, nothing cut off."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.acts import BOX, open_check, shoot, write
from tests.browser.conftest import LOOKS, Visitor
from tests.browser.test_draft_marks import HARD
from tests.browser.test_draft_pictures import chosen
from tests.browser.test_drafts import POST
from tests.browser.test_looks import Scene, complaints, schemes
from tests.contract.web.drafts import picture


async def choose(page: Page) -> None:
    await page.goto("/check")
    await expect(page.locator(".orgs")).to_be_visible()


async def begin(page: Page) -> None:
    await page.goto("/check?org=chikugo")
    await expect(page.locator("#pictures")).to_be_visible()


async def found(page: Page) -> None:
    await open_check(page)
    await write(page, POST)


async def pointed(page: Page) -> None:
    await found(page)
    await page.locator(".words-of").first.click()


async def hard(page: Page) -> None:
    await open_check(page)
    await write(page, HARD["emoji"] + HARD["unbroken"] + HARD["long"])


async def nothing(page: Page) -> None:
    await open_check(page)
    await write(page, "あした市民まつりを開きます。")


async def pictures(page: Page) -> None:
    await open_check(page, "urausu")
    await write(page, "写真は極秘です")
    await page.set_input_files(
        "#files", [chosen("祭り.png", picture()), chosen("長い名前の" * 12, picture(place=False))]
    )
    await expect(page.locator("#of-pictures .card")).to_be_visible()
    await page.locator("#picked button").first.click()
    await expect(page.locator("#picked .done")).to_be_visible()


async def trouble(page: Page) -> None:
    await open_check(page)
    await page.route("**/api/check", lambda route: route.abort())
    await page.fill(BOX, POST)
    await expect(page.locator("#result .trouble")).to_be_visible()


async def too_long(page: Page) -> None:
    await open_check(page)
    await page.fill(BOX, "あ" * 10_001)
    await expect(page.locator("#result")).to_contain_text("10,000文字まで")


async def pressed(page: Page) -> None:
    await found(page)
    await page.locator("[data-verb=false_alarm]").first.click()
    await page.locator("#result .clauses button").first.click()
    await expect(page.locator("#result .clauses .result .card").first).to_be_visible()


SCENES: dict[str, Scene] = {
    "check-choose": choose,
    "check-begin": begin,
    "check-found": found,
    "check-pointed": pointed,
    "check-hard": hard,
    "check-nothing": nothing,
    "check-pictures": pictures,
    "check-trouble": trouble,
    "check-too-long": too_long,
    "check-pressed": pressed,
}


@pytest.mark.parametrize("look", list(LOOKS))
@pytest.mark.parametrize("name", list(SCENES))
def test_anybody_can_use_it(drafter: Visitor, name: str, look: str) -> None:
    async def tour(page: Page) -> None:
        await SCENES[name](page)
        for scheme in schemes(look):
            await page.emulate_media(color_scheme=scheme)
            await shoot(page, f"{name}-{look}-{scheme}")
            await shoot(page, f"{name}-whole-{look}-{scheme}", whole=True)
            assert await complaints(page) == [], scheme
        wide, window = await page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= window, "something sticks out at the side"

    drafter.visits(tour, look, noise="Failed to load resource")


def test_everything_is_reached_by_keyboard(drafter: Visitor) -> None:
    async def tour(page: Page) -> None:
        await page.goto("/check?org=chikugo")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")  # straight to the box
        await expect(page.locator(BOX)).to_be_focused()
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Space")
        await page.keyboard.press("Tab")
        await page.keyboard.insert_text("極秘です")
        await expect(page.locator("#result .finding")).to_have_count(1)
        reached: list[str] = []
        for _ in range(12):
            await page.keyboard.press("Tab")
            reached.append(await page.evaluate("(document.activeElement.id || document.activeElement.className)"))
        assert [one for one in reached if one in ("files", "send", "words-of")] == ["send", "files", "words-of"]

    drafter.visits(tour)
