"""The course on the page: read, answered, asked in between; with the keyboard alone, and without a trace."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Visitor

ORG = "asahikawa"


def right(visitor: Visitor, lesson: int) -> int:
    """The number of the right option of a lesson of the course, both counted from 1."""
    course = visitor.site.office.desk.service.knowledge.course(ORG)
    assert course is not None
    options = course.lessons[lesson - 1].options
    return next(number for number, option in enumerate(options, 1) if option.right)


async def begin(page: Page, org: str = ORG) -> None:
    await page.goto(f"/course/{org}")
    await expect(page.locator("#aside")).to_be_visible()


async def answer(page: Page, number: int) -> None:
    """Press an option of the question in the lesson."""
    await page.locator("#stage [data-verb=quiz]").nth(number - 1).click()
    await expect(page.locator("#verdict .card")).to_be_visible()


async def lesson(page: Page) -> str:
    """The id of the lesson that is open."""
    return await page.locator(".contents [aria-current]").get_attribute("data-lesson") or ""


def test_the_course_is_found_from_the_page_to_ask_on_and_from_the_document(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await page.goto(f"/?org={ORG}")
        await page.click("#course")
        await expect(page.locator("h1")).to_have_text("ソーシャルメディアガイドライン研修")
        await page.click("text=全文を読む")
        await page.click(".ways >> text=研修")
        await expect(page.locator("#stage h2").first).to_contain_text("研修 1/")

    visitor.visits(tour)


def test_a_wrong_answer_is_explained_with_the_clause_and_may_be_given_anew(visitor: Visitor) -> None:
    wrong = 1 if right(visitor, 1) != 1 else 2

    async def tour(page: Page) -> None:
        await begin(page)
        await answer(page, wrong)
        verdict = page.locator("#verdict")
        await expect(verdict.locator("h2").first).to_have_text("そこは違います。")
        await expect(verdict.locator("h2").first).to_be_focused()
        await expect(page.locator("#said")).to_have_text("そこは違います。")
        chosen = page.locator("#stage [aria-pressed=true]")
        await expect(chosen).to_have_attribute("data-value", f"{await lesson(page)}/{wrong}")
        await expect(verdict.locator(".quote")).to_be_visible()
        await verdict.locator("[data-verb=quiz]").nth(right(visitor, 1) - 1).click()
        await expect(verdict.locator("h2").first).to_have_text("そのとおりです。")
        await expect(verdict.locator(".card")).to_have_count(1)
        await expect(chosen).to_have_attribute("data-value", f"{await lesson(page)}/{right(visitor, 1)}")

    visitor.visits(tour)


def test_the_course_is_played_to_its_end_and_says_that_nothing_was_recorded(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await begin(page)
        count = await page.locator(".contents li").count()
        for number in range(1, count + 1):
            await expect(page.locator("#stage h2").first).to_contain_text(f"研修 {number}/{count}")
            await expect(page.locator(".contents [aria-current]")).to_have_attribute("aria-current", "step")
            await expect(page.locator(".contents [aria-current] .number")).to_have_text(str(number))
            await answer(page, right(visitor, number))
            if number < count:
                await page.click("#verdict [data-verb=lesson]")
                await expect(page.locator("#verdict .card")).to_have_count(0)
        await page.click("#verdict [data-verb=acknowledge]")
        await expect(page.locator("#stage")).to_contain_text("記録していません")
        await page.click("#stage [data-verb=lesson]")
        await expect(page.locator("#stage h2").first).to_contain_text("研修 1/")

    visitor.visits(tour)
    store = visitor.site.office.store
    assert store.enrolments.people("web") == []
    assert store.ledger.rows("web") == []


def test_the_browsers_way_back_leads_through_the_lessons_and_each_has_an_address(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await begin(page)
        await answer(page, right(visitor, 1))
        await page.click("#verdict [data-verb=lesson]")
        await expect(page.locator("#stage h2").first).to_contain_text("研修 2/")
        await page.reload()
        await expect(page.locator("#stage h2").first).to_contain_text("研修 2/")
        await page.go_back()
        await expect(page.locator("#stage h2").first).to_contain_text("研修 1/")
        await page.go_forward()
        await expect(page.locator("#stage h2").first).to_contain_text("研修 2/")
        await page.locator(".contents a").last.click()
        await expect(page.locator("#stage h2").first).to_contain_text("研修 8/8")

    visitor.visits(tour)


def test_a_question_in_the_middle_is_answered_and_the_lesson_stays(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await begin(page)
        await answer(page, right(visitor, 1))
        await page.fill("#box", "短縮URLを使ってもいいですか")
        await page.press("#box", "Enter")
        await expect(page.locator("#answer .quote")).to_contain_text("原則として利用しない。")
        await expect(page.locator("#box")).to_have_value("")
        await expect(page.locator("#verdict .card")).to_be_visible()
        await expect(page.locator("#stage h2").first).to_contain_text("研修 1/")
        await page.locator("#answer .clauses button").first.click()
        await expect(page.locator("#answer .clauses .result .card")).to_be_visible()

    visitor.visits(tour)


def test_what_fails_is_told_and_can_be_sent_again_and_the_lesson_is_not_lost(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await begin(page)
        await page.route("**/api/press", lambda route: route.abort())
        await page.locator("#stage [data-verb=quiz]").first.click()
        await expect(page.locator("#verdict .trouble")).to_contain_text("つながりませんでした")
        await expect(page.locator("#stage h2").first).to_contain_text("研修 1/")
        await page.unroute("**/api/press")
        await page.click("#verdict [data-again]")
        await expect(page.locator("#verdict .card")).to_be_visible()

    visitor.visits(tour, noise="Failed to load resource")


def test_a_lesson_is_done_with_the_keyboard_alone(visitor: Visitor) -> None:
    async def reach(page: Page, found: str) -> None:
        for _ in range(40):
            await page.keyboard.press("Tab")
            if await page.evaluate(f"document.activeElement.matches({found!r})"):
                return
        pytest.fail(f"never reached {found}")

    async def tour(page: Page) -> None:
        await begin(page)
        await page.keyboard.press("Tab")
        await expect(page.locator(".skip")).to_be_focused()
        await page.keyboard.press("Enter")  # straight to the lesson
        for _ in range(right(visitor, 1)):
            await reach(page, "[data-verb=quiz]")
        await page.keyboard.press("Enter")
        await expect(page.locator("#verdict h2").first).to_be_focused()
        await reach(page, "#verdict [data-verb=lesson]")
        await page.keyboard.press("Space")
        await expect(page.locator("#stage h2").first).to_be_focused()
        await expect(page.locator("#stage h2").first).to_contain_text("研修 2/")
        await reach(page, "#box")

    visitor.visits(tour)


def test_without_a_script_every_lesson_can_still_be_read(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await page.goto(f"/course/{ORG}")
        await page.locator(".contents a").nth(2).click()
        await expect(page.locator("#stage h2").first).to_contain_text("研修 3/")
        await expect(page.locator("#aside")).to_be_hidden()

    visitor.visits(tour, java_script_enabled=False)
