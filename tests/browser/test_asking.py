"""Choosing, asking, following up: what everybody does on the page."""

from __future__ import annotations

from playwright.async_api import Page, Route, expect

from tests.browser.acts import ask, enter, last
from tests.browser.conftest import Visitor


def test_a_first_visitor_chooses_an_organisation_and_the_browser_remembers_it(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await page.goto("/")
        await expect(page.locator(".orgs button")).to_have_count(5)
        await expect(page.locator("#composer")).to_be_hidden()
        await page.click("[data-org=chikugo]")
        await expect(page.locator("#greeting")).to_contain_text("筑後市のガイドラインについてお答えします")
        await expect(page.locator("#box")).to_be_focused()
        again = await page.context.new_page()
        await again.goto("/")
        await expect(again.locator("#org-name")).to_have_text("筑後市")
        await again.click("#change")
        await again.click("[data-org=suzaka]")
        await expect(again.locator("#greeting")).to_contain_text("須坂市のガイドライン")

    visitor.visits(tour)


def test_an_address_may_name_the_organisation(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await page.goto("/?org=bibai")
        await expect(page.locator("#org-name")).to_have_text("美唄市")

    visitor.visits(tour)


def test_a_typed_question_is_answered_with_the_clause(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await enter(page)
        seconds = await ask(page, "短縮URLを使ってもいいですか")
        print(f"first answer visible {seconds:.3f} s after Enter")
        await expect(last(page, ".holds")).to_have_text("公式アカウントについての規定です。")
        await expect(last(page, ".whole")).to_contain_text("原則として利用しない。")
        await expect(last(page, ".source")).to_contain_text("日付の記載なし")
        await expect(last(page, ".contacts")).to_contain_text("広報広聴課")
        await expect(page.locator("#box")).to_have_value("")
        await expect(page.locator("#box")).to_be_focused()
        await expect(page.locator("#said")).to_contain_text("回答: 公式アカウントについての規定です。")

    visitor.visits(tour)


def test_an_unfinished_conversion_of_the_input_method_is_never_sent(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await enter(page)
        await page.focus("#box")
        keys = await page.context.new_cdp_session(page)
        for typed in ("し", "しゃ", "しゃし", "しゃしん", "写真"):
            await keys.send(
                "Input.imeSetComposition", {"text": typed, "selectionStart": len(typed), "selectionEnd": len(typed)}
            )
        enter_key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
        await keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter_key})
        await keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter_key})
        await page.wait_for_timeout(300)
        assert await page.locator(".turn").count() == 0
        await keys.send("Input.insertText", {"text": "写真"})  # the conversion is confirmed
        await expect(page.locator("#box")).to_have_value("写真")
        assert await page.locator(".turn").count() == 0
        await page.press("#box", "Enter")
        await expect(last(page, ".question p")).to_have_text("写真")

    visitor.visits(tour)


def test_enter_during_composition_is_left_to_the_input_method_whatever_the_browser_calls_it(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await enter(page)
        await page.fill("#box", "写真")
        for composing in ({"isComposing": True}, {"keyCode": 229}):
            prevented = await page.evaluate(
                """(given) => !document.getElementById("box").dispatchEvent(
                    new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...given }))""",
                composing,
            )
            assert not prevented
        assert await page.locator(".turn").count() == 0

    visitor.visits(tour)


def test_shift_enter_begins_a_new_line_and_an_empty_box_sends_nothing(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await enter(page)
        await page.press("#box", "Enter")
        await page.fill("#box", "　 ")
        await page.press("#box", "Enter")
        assert await page.locator(".turn").count() == 0
        await page.fill("#box", "")
        await page.type("#box", "写真の")
        await page.press("#box", "Shift+Enter")
        await page.type("#box", "注意は？")
        await page.press("#box", "Enter")
        await expect(last(page, ".question p")).to_have_text("写真の\n注意は？")

    visitor.visits(tour)


def test_a_question_follows_up_on_those_before_it_until_one_begins_anew(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        sent: list[dict[str, object]] = []

        async def noted(route: Route) -> None:
            sent.append(route.request.post_data_json)
            await route.continue_()

        await page.route("**/api/ask", noted)
        await enter(page, "urausu")
        await ask(page, "勤務時間中に投稿していい？")
        await ask(page, "こんにちは")
        await ask(page, "個人なら？")
        await expect(last(page, ".whole")).to_contain_text("就業時間中のソーシャルメディアの利用は禁止する。")
        assert sent[-1]["history"] == ["勤務時間中に投稿していい？"]  # small talk is no question
        await page.click("#restart")
        assert await page.locator(".turn").count() == 0
        await page.check("[name=account][value=private]")
        await ask(page, "写真は？")
        assert sent[-1]["history"] == []
        assert sent[-1]["account"] == "private"
        await expect(page.locator("[name=account][value='']")).to_be_checked()  # it was said for this question alone
        assert sent[-1]["visit"] != sent[0]["visit"]

    visitor.visits(tour)


def test_what_a_press_brings_is_not_hidden_under_the_box(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await page.set_viewport_size({"width": 360, "height": 740})
        await enter(page, "urausu")
        await ask(page, "勤務時間中に投稿していい？")
        for verb in ("refer", "rate_down"):
            await last(page, f"[data-verb={verb}]").click()
            told = last(page, ".actions + .result" if verb == "refer" else ".feedback + .result")
            await expect(told).to_be_visible()
            await page.wait_for_function(
                "([one, box]) => one.getBoundingClientRect().bottom <= box.getBoundingClientRect().top + 1",
                arg=[await told.element_handle(), await page.locator("#composer").element_handle()],
            )

    visitor.visits(tour)


def test_a_suggested_question_is_asked_by_one_press(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await enter(page)
        prompt = page.locator("#greeting [data-verb=ask]").first
        text = await prompt.inner_text()
        await prompt.click()
        await expect(last(page, ".question p")).to_have_text(text)
        await expect(last(page, ".reply .quote")).to_be_visible()
        await page.click("#contacts")
        await expect(last(page, ".reply")).to_contain_text("このガイドラインの問い合わせ先")

    visitor.visits(tour)


def test_what_fails_is_told_in_place_and_can_be_sent_again(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await enter(page)
        await page.route("**/api/ask", lambda route: route.abort())
        await page.fill("#box", "写真の注意は？")
        await page.press("#box", "Enter")
        await expect(last(page, ".trouble")).to_contain_text("つながりませんでした")
        await expect(page.locator("#said")).to_contain_text("つながりませんでした")
        await page.unroute("**/api/ask")
        busy = {"error": "1分ほど待ってから、もう一度送ってください。"}
        await page.route("**/api/ask", lambda route: route.fulfill(status=429, json=busy))
        await last(page, "[data-again]").click()
        await expect(last(page, ".trouble")).to_contain_text("1分ほど待って")
        await page.unroute("**/api/ask")
        await last(page, "[data-again]").click()
        await expect(last(page, ".reply .quote")).to_be_visible()
        assert await page.locator(".turn").count() == 1

    visitor.visits(tour, noise="Failed to load resource")


def test_foreign_words_are_shown_and_never_live(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await enter(page)
        live = "<img src=x onerror='window.hit=1'><script>window.hit=1</script>写真は？"
        await ask(page, live)
        await expect(last(page, ".question p")).to_have_text(live)
        assert await page.evaluate("window.hit") is None

    visitor.visits(tour)
