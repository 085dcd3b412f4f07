"""The page of the course in all its states, light and dark, wide and narrow, magnified and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.service import Service
from tests.browser.acts import shoot
from tests.browser.conftest import LOOKS, Chromium, Visitor
from tests.browser.test_course import answer, begin
from tests.browser.test_looks import Scene, complaints, schemes
from tests.contract.web.serving import served


def opened(org: str) -> Scene:
    async def scene(page: Page) -> None:
        await begin(page, org)

    return scene


async def listed(page: Page) -> None:
    await begin(page)
    if not await page.locator("#page-contents ol").is_visible():
        await page.click("#contents-head")


async def answered(page: Page) -> None:
    await begin(page)
    for number in (1, 2):
        await answer(page, number)


async def other(page: Page) -> None:
    await begin(page)
    await answer(page, 3)


async def asked(page: Page) -> None:
    await begin(page)
    await page.fill("#box", "写真の注意は？")
    await page.press("#box", "Enter")
    await expect(page.locator("#answer .quote")).to_be_visible()


async def ended(page: Page) -> None:
    await begin(page)
    await page.locator(".contents a").last.evaluate("link => link.click()")
    await expect(page.locator("#stage h2").first).to_contain_text("8/8")
    for number in (1, 2, 3):
        await answer(page, number)
        if await page.locator("#verdict [data-verb=acknowledge]").count():
            break


async def trouble(page: Page) -> None:
    await begin(page)
    await page.route("**/api/press", lambda route: route.abort())
    await page.locator("#stage [data-verb=quiz]").first.click()
    await expect(page.locator("#verdict .trouble")).to_be_visible()


SCENES: dict[str, Scene] = {
    "course-begin": opened("asahikawa"),
    "course-questions": opened("bibai"),
    "course-list": listed,
    "course-answered": answered,
    "course-other": other,
    "course-asked": asked,
    "course-ended": ended,
    "course-trouble": trouble,
}
SIZES: dict[str, dict[str, Any]] = {
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "magnified": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
}
"""The smallest window that is promised; and one of 1,280 by 900 at 200 %: half its width and height."""


async def fits(page: Page) -> bool:
    wide, window = await page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return bool(wide <= window)


@pytest.mark.parametrize("look", list(LOOKS))
@pytest.mark.parametrize("name", list(SCENES))
def test_anybody_can_use_it(visitor: Visitor, name: str, look: str) -> None:
    async def tour(page: Page) -> None:
        await SCENES[name](page)
        for scheme in schemes(look):
            await page.emulate_media(color_scheme=scheme)
            await shoot(page, f"{name}-{look}-{scheme}")
            await shoot(page, f"{name}-whole-{look}-{scheme}", whole=True)
            assert await complaints(page) == [], scheme
        assert await fits(page), "something sticks out at the side"

    visitor.visits(tour, look, noise="Failed to load resource")


@pytest.mark.parametrize("size", list(SIZES))
def test_nothing_is_cut_off_in_a_small_window(visitor: Visitor, size: str) -> None:
    async def tour(page: Page) -> None:
        for name in ("course-answered", "course-asked", "course-ended"):
            await SCENES[name](page)
            await shoot(page, f"{name}-{size}", whole=True)
            assert await complaints(page) == [], name
            assert await fits(page), f"{name}: something sticks out at the side"

    visitor.visits(tour, **SIZES[size])


def test_every_lesson_of_every_course_fits_a_narrow_window(visitor: Visitor) -> None:
    knowledge = visitor.site.office.desk.service.knowledge

    async def tour(page: Page) -> None:
        for org in knowledge.ids:
            course = knowledge.course(org)
            for lesson in course.lessons if course else ():
                await page.goto(f"/course/{org}?lesson={lesson.id}")
                await expect(page.locator("#stage h2").first).to_contain_text(lesson.title)
                assert await fits(page), (org, lesson.id)

    visitor.visits(tour, viewport={"width": 320, "height": 640})


@pytest.mark.parametrize("look", list(LOOKS))
def test_a_proposal_says_that_nobody_has_reviewed_it(
    chromium: Chromium, invented: Service, tmp_path: Path, look: str
) -> None:
    async def tour(page: Page) -> None:
        await begin(page, "kasumino")
        await expect(page.locator("#stage")).to_contain_text("まだ誰も内容を確かめていません")
        await shoot(page, f"course-proposed-{look}")
        assert await complaints(page) == []

    with served(invented, tmp_path) as site:
        chromium.before(site).visits(tour, look)


def test_on_paper_there_is_the_lesson_and_what_came_of_it_and_nothing_to_press(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await answered(page)
        await page.emulate_media(media="print")
        await shoot(page, "course-paper", whole=True)
        await expect(page.locator("#stage .quote").first).to_be_visible()
        await expect(page.locator("#verdict .quote").first).to_be_visible()
        assert await page.locator("button:visible, input:visible, nav:visible").count() == 0

    visitor.visits(tour)
