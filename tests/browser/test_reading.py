"""What can be done with an answer: read it in its document, unfold, copy, rate, ring; all of it by keyboard too."""

from __future__ import annotations

from playwright.async_api import Page, expect

from bot.blocks import ClauseRef
from bot.testing import squashed
from tests.browser.acts import LAST, ask, enter, last
from tests.browser.conftest import Visitor

PAINTED = "element => getComputedStyle(element).backgroundColor"


def test_a_clause_opens_highlighted_in_its_document_and_the_conversation_is_there_on_return(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await enter(page)
        await ask(page, "短縮URLを使ってもいいですか")
        await last(page, ".actions a").click()
        clause = page.locator("[id='6(5)']")
        await expect(clause).to_be_in_viewport()
        await expect(clause).to_be_focused()
        assert await clause.evaluate(PAINTED) != await page.locator("[id='6(4)']").evaluate(PAINTED)
        await expect(page.locator("h1")).to_have_text("旭川市ソーシャルメディアの利用に関するガイドライン")
        await page.go_back()
        await expect(last(page, ".question p")).to_have_text("短縮URLを使ってもいいですか")
        await expect(last(page, ".reply .quote")).to_be_visible()
        await page.reload()
        await expect(last(page, ".reply .quote")).to_be_visible()

    visitor.visits(tour)


def test_a_link_to_a_clause_that_is_gone_says_so(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await page.goto("/guidelines/chikugo#99(9)")
        await expect(page.locator("#gone")).to_be_visible()
        await page.goto("/guidelines/chikugo#5(1)")
        await expect(page.locator("#gone")).to_be_hidden()
        await page.click(".contents a >> text=トラブルへの対応")
        await expect(page.locator("[id='6']")).to_be_in_viewport()

    visitor.visits(tour)


def test_the_link_to_a_clause_can_be_copied(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await page.goto("/guidelines/asahikawa")
        await page.locator("[id='6(5)'] .words").hover()
        await page.click("[data-link='6(5)']")
        await expect(page.locator("#said")).to_have_text("リンクをコピーしました")
        copied = await page.evaluate("navigator.clipboard.readText()")
        await page.goto(copied)
        await expect(page.locator("[id='6(5)']")).to_be_focused()

    visitor.visits(tour, permissions=["clipboard-read", "clipboard-write"])


def test_a_quotation_is_copied_with_its_source(visitor: Visitor) -> None:
    cards = visitor.site.office.desk.cards("asahikawa")
    wanted = cards.copy(ClauseRef("asahikawa", "6(5)"))
    assert wanted is not None

    async def tour(page: Page) -> None:
        await enter(page)
        await ask(page, "短縮URLを使ってもいいですか")
        await last(page, "[data-verb=copy]").click()
        await expect(last(page, ".done")).to_contain_text("コピーしました")
        assert await page.evaluate("navigator.clipboard.readText()") == wanted.fallback

    visitor.visits(tour, permissions=["clipboard-read", "clipboard-write"])


def test_where_the_clipboard_is_closed_the_text_stands_ready_to_be_copied_by_hand(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await page.add_init_script(
            "Object.defineProperty(navigator, 'clipboard', { value: undefined }); document.execCommand = () => false;"
        )
        await enter(page)
        await ask(page, "短縮URLを使ってもいいですか")
        await last(page, "[data-verb=copy]").click()
        field = last(page, "textarea")
        await expect(field).to_be_focused()
        assert await field.evaluate("field => field.readOnly && field.selectionEnd - field.selectionStart > 100")
        assert "6(5)" in await field.input_value()

    visitor.visits(tour)


def test_a_page_over_plain_http_copies_the_older_way(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined });")
        await enter(page)
        await ask(page, "短縮URLを使ってもいいですか")
        await last(page, "[data-verb=copy]").click()
        await expect(last(page, ".done")).to_contain_text("コピーしました")

    visitor.visits(tour)


def test_a_long_clause_is_folded_and_unfolds_whole(visitor: Visitor) -> None:
    knowledge = visitor.site.office.desk.service.knowledge

    async def tour(page: Page) -> None:
        await enter(page)
        await ask(page, "アカウントのこと")
        await expect(last(page, ".begin")).to_be_visible()
        await expect(last(page, ".whole")).to_be_hidden()
        await last(page, ".long summary").click()
        await expect(last(page, ".begin")).to_be_hidden()
        await expect(last(page, ".whole")).to_be_visible()
        shown = squashed(await last(page, ".whole").inner_text())
        assert shown
        clauses = knowledge.organization("asahikawa").guideline.clauses
        assert all(squashed(one.text) in shown for one in clauses if one.locator.startswith("8"))
        await last(page, ".long summary").click()
        await expect(last(page, ".whole")).to_be_hidden()

    visitor.visits(tour)


def test_a_related_clause_opens_in_place_and_closes(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await enter(page)
        await ask(page, "写真を載せるときの注意は？")
        item = last(page, ".clauses li").first
        await item.locator("> button").click()
        await expect(item.locator("> button")).to_have_attribute("aria-expanded", "true")
        await expect(item.locator(".result .quote")).to_be_visible()
        await item.locator("> button").click()
        await expect(item.locator(".result")).to_have_count(0)

    visitor.visits(tour)


def test_other_organisations_are_marked_as_reference(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await enter(page)
        await ask(page, "政治的な投稿は？ 他の自治体では？")
        await expect(last(page, ".foreign h3")).to_contain_text("参考: 他の団体の規定（旭川市の規定ではありません）")
        await expect(last(page, ".foreign .of").first).to_be_visible()
        await last(page, ".foreign li > button").first.click()
        await expect(last(page, ".foreign .quote .source")).not_to_contain_text("旭川市")

    visitor.visits(tour)


def test_a_rating_is_kept_and_may_be_changed(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await enter(page)
        await ask(page, "写真を載せるときの注意は？")
        good, bad = last(page, "[data-verb=rate_up]"), last(page, "[data-verb=rate_down]")
        await good.click()
        await expect(good).to_have_attribute("aria-pressed", "true")
        await expect(last(page, ".result")).to_contain_text("記録しました")
        await bad.click()
        await expect(bad).to_have_attribute("aria-pressed", "true")
        await expect(good).to_have_attribute("aria-pressed", "false")

    visitor.visits(tour)


def test_the_department_is_told_with_a_phone_that_can_be_rung(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await enter(page, "chikugo")
        await ask(page, "写真の注意は？")
        await last(page, "[data-verb=refer]").click()
        await expect(last(page, ".result")).to_contain_text("直接お尋ねください")
        await expect(last(page, ".result a[href='tel:0942657004']")).to_be_visible()

    visitor.visits(tour)


def test_everything_can_be_reached_and_pressed_by_keyboard(visitor: Visitor) -> None:
    async def pressed_until(page: Page, selector: str) -> None:
        for _ in range(60):
            await page.keyboard.press("Tab")
            if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        message = f"{selector} is never focused"
        raise AssertionError(message)

    async def tour(page: Page) -> None:
        await page.goto("/")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip"
        await pressed_until(page, "[data-org=asahikawa]")
        await page.keyboard.press("Enter")
        await expect(page.locator("#box")).to_be_focused()
        await page.keyboard.type("アカウントのこと")
        await page.keyboard.press("Enter")
        await last(page, ".reply .card").wait_for()
        await page.evaluate("document.body.focus(); document.querySelector('.brand').focus()")
        await pressed_until(page, f"{LAST} .long summary")
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert await page.evaluate(outline) == "solid"
        await page.keyboard.press("Enter")
        await expect(last(page, ".whole")).to_be_visible()
        await pressed_until(page, f"{LAST} .clauses button")
        await page.keyboard.press("Space")
        await expect(last(page, ".clauses .quote").first).to_be_visible()
        await pressed_until(page, f"{LAST} [data-verb=rate_up]")
        await page.keyboard.press("Enter")
        await expect(last(page, "[data-verb=rate_up]")).to_have_attribute("aria-pressed", "true")
        await pressed_until(page, "#box")

    visitor.visits(tour)


def test_a_guideline_prints_as_a_document(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await page.goto("/guidelines/urausu")
        await page.emulate_media(media="print")
        for hidden in (".top", ".contents", ".about button >> nth=0"):
            await expect(page.locator(hidden)).to_be_hidden()
        await expect(page.locator("h1")).to_be_visible()
        assert len(await page.pdf()) > 10_000

    visitor.visits(tour)
