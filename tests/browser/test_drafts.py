"""The page for drafts as people use it: type, pause, read, mend."""

from __future__ import annotations

from playwright.async_api import Page, Route, expect

from tests.browser.acts import BOX, open_check, write
from tests.browser.conftest import Visitor
from tests.contract.web.drafts import IGNORED

POST = (
    "【お知らせ】今週末、駅前広場で秋のまつりを開きます。地元の野菜を使った料理、子ども向けの工作、"
    "吹奏楽の演奏など、朝から夕方までお楽しみいただけます。駐車場はたぶん足りるので、車でお越しください。"
    "出演者の名前は極秘ですが、当日のお楽しみです。雨の場合は体育館で行います。ちなみに、会場では"
    "ごみの持ち帰りにご協力ください。受付は午前九時から、南口のテントで行います。小さなお子さまは保護者の方と"
    "いっしょにお越しください。会場の様子は写真でお伝えします。皆さまのお越しを、職員一同、心よりお待ちしております。"
    "詳しい時間割は、市の広報紙と掲示板でご案内しています。どうぞお気軽にお立ち寄りください。"
)


SELECTED = """(() => { const box = document.querySelector("#field-text");
    return box.value.slice(box.selectionStart, box.selectionEnd); })()"""


async def marked(page: Page) -> list[str]:
    """The words that are marked, finding by finding."""
    return await page.evaluate(
        """() => {
            const found = new Map();
            for (const mark of document.querySelectorAll(".layer mark")) {
                for (const number of mark.dataset.numbers.split(" ")) {
                    found.set(number, (found.get(number) || "") + mark.textContent);
                }
            }
            return Array.from(found.entries()).sort((a, b) => a[0] - b[0]).map((one) => one[1]);
        }"""
    )


def test_a_first_visitor_chooses_organisation_and_account_and_the_browser_remembers_them(drafter: Visitor) -> None:
    async def tour(page: Page) -> None:
        await page.goto("/check")
        await page.click("[data-org=chikugo]")
        await expect(page.locator(".whose")).to_contain_text("筑後市")
        await page.fill(BOX, "極秘です")
        await expect(page.locator("#state")).to_contain_text("どのアカウント")
        await page.check("[value=private]")
        await expect(page.locator("#result .card")).to_contain_text("個人アカウントの下書きとして点検しました")
        await page.goto("/check")
        await expect(page.locator("[value=private]")).to_be_checked()
        await expect(page.locator(BOX)).to_have_value("")
        kept = await page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
        assert "極秘" not in kept
        await page.click("text=団体を変える")
        await page.click("[data-org=suzaka]")
        await expect(page.locator(".whose")).to_contain_text("須坂市")

    drafter.visits(tour)


def test_the_home_page_leads_to_the_check_of_its_organisation(drafter: Visitor) -> None:
    async def tour(page: Page) -> None:
        for way in ("#draft", "#greeting a[href^='/check']"):
            await page.goto("/?org=urausu")
            await expect(page.locator("#greeting .card")).to_be_visible()
            await page.click(way)
            await expect(page.locator(".whose")).to_contain_text("浦臼町")

    drafter.visits(tour)


def test_who_types_280_letters_and_pauses_sees_what_was_found(drafter: Visitor) -> None:
    async def tour(page: Page) -> None:
        await open_check(page)
        await page.focus(BOX)
        await page.keyboard.insert_text(POST[:240])
        await page.keyboard.type(POST[240:])
        assert len(POST) >= 280
        await expect(page.locator("#result .head").first).to_have_text("要修正 1件・要確認 1件があります")
        assert await marked(page) == ["極秘", "たぶん", "ちなみに"]
        await expect(page.locator("#result .label").first).to_contain_text("1. 要修正")
        await expect(page.locator("#result .quote")).to_have_count(3)
        await expect(page.locator("#count")).to_have_text(f"{len(POST)}文字")

    drafter.visits(tour)


def test_the_rules_that_ship_find_something_too(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await open_check(page)
        seconds = await write(page, IGNORED)
        print(f"report visible {seconds:.3f} s after the last key, 0.6 s of it the pause")
        words = await marked(page)
        assert words
        assert all(one in IGNORED for one in words)
        await expect(page.locator("#result .quote").first).to_contain_text("筑後市ソーシャルメディア等の利用に関する")

    visitor.visits(tour)


def test_nothing_found_is_said_plainly_and_an_empty_box_says_nothing(drafter: Visitor) -> None:
    async def tour(page: Page) -> None:
        await open_check(page)
        await write(page, "あした市民まつりを開きます。")
        await expect(page.locator("#result .head")).to_have_text("自動の点検では、指摘はありません")
        await expect(page.locator("#state")).to_have_text("点検しました。自動の点検では、指摘はありません")
        assert await marked(page) == []
        await page.fill(BOX, "")
        await expect(page.locator("#result")).to_be_empty()

    drafter.visits(tour)


def test_only_what_stands_at_the_end_is_checked_and_told_once(drafter: Visitor) -> None:
    async def tour(page: Page) -> None:
        sent: list[dict[str, object]] = []

        async def noted(route: Route) -> None:
            sent.append(route.request.post_data_json)
            await route.continue_()

        await page.route("**/api/check", noted)
        await open_check(page)
        await page.evaluate(
            """window.heard = []; new MutationObserver(() => {
                const text = document.getElementById("said").textContent;
                if (text) window.heard.push(text);
            }).observe(document.getElementById("said"), { childList: true, characterData: true, subtree: true })"""
        )
        await page.type(BOX, "これは極秘です", delay=30)
        await expect(page.locator("#result .card")).to_be_visible()
        await page.type(BOX, "。また来ます", delay=30)
        await expect(page.locator("#state")).to_contain_text("点検しました。")
        await page.wait_for_timeout(200)
        assert [one["text"] for one in sent] == ["これは極秘です", "これは極秘です。また来ます"]
        assert all(one["typing"] for one in sent)
        assert await page.evaluate("window.heard") == ["要修正 1件があります"]
        async with page.expect_response("**/api/check"):
            await page.click("#send")
        assert sent[-1]["typing"] is False
        assert page.url.endswith("/check?org=chikugo")

    drafter.visits(tour)


def test_an_answer_about_an_older_text_is_dropped(drafter: Visitor) -> None:
    async def tour(page: Page) -> None:
        first: list[Route] = []

        async def held(route: Route) -> None:
            if not first:
                first.append(route)
            else:
                await route.continue_()

        await page.route("**/api/check", held)
        await open_check(page)
        await page.fill(BOX, "極秘です")
        await page.wait_for_timeout(900)
        await page.fill(BOX, "まつりです")
        await expect(page.locator("#result .head")).to_have_text("自動の点検では、指摘はありません")
        assert len(first) == 1
        await first[0].abort()
        await page.wait_for_timeout(200)
        await expect(page.locator("#result .head")).to_have_text("自動の点検では、指摘はありません")

    drafter.visits(tour, noise="Failed to load resource")


def test_a_finding_selects_its_words_and_marks_move_with_the_text(drafter: Visitor) -> None:
    async def tour(page: Page) -> None:
        await open_check(page)
        await write(page, "😀" + "長い前置き。" * 200 + "極秘です😀たぶん")
        await page.locator(".words-of").first.focus()
        await page.keyboard.press("Enter")
        assert await page.evaluate(SELECTED) == "極秘"
        await expect(page.locator(BOX)).to_be_focused()
        seen = await page.evaluate(
            """() => { const mark = document.querySelector(".mark-error").getBoundingClientRect();
                const box = document.querySelector(".editor").getBoundingClientRect();
                return mark.top >= box.top && mark.bottom <= box.bottom && mark.bottom <= innerHeight; }"""
        )
        assert seen
        await expect(page.locator(".finding-error")).to_have_class("finding finding-error current")
        await page.route("**/api/check", lambda route: route.abort())
        await page.evaluate(f"document.querySelector('{BOX}').setSelectionRange(0, 0)")
        await page.keyboard.type("まえ")
        assert await marked(page) == ["極秘", "たぶん"]
        await page.locator(".words-of").nth(1).click()
        assert await page.evaluate(SELECTED) == "たぶん"
        await page.keyboard.type("きっと")
        assert await marked(page) == ["極秘"]
        await page.locator(".words-of").nth(1).click()
        await expect(page.locator("#state")).to_contain_text("書き換えられて")

    drafter.visits(tour, noise="Failed to load resource")


def test_while_an_input_method_composes_nothing_is_sent_and_nothing_is_drawn(drafter: Visitor) -> None:
    async def tour(page: Page) -> None:
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url) if "/api/check" in request.url else None)
        await open_check(page)
        await write(page, "極秘の話。たぶん")
        drawn = len(sent)
        await page.evaluate(
            """window.drawn = 0; new MutationObserver(() => { window.drawn += 1; })
                .observe(document.querySelector(".layer"), { childList: true, subtree: true, characterData: true });
            const box = document.querySelector("#field-text"); box.focus(); box.setSelectionRange(5, 5)"""
        )
        keys = await page.context.new_cdp_session(page)
        for typed in ("し", "しゃ", "しゃしん", "写真"):
            await keys.send(
                "Input.imeSetComposition", {"text": typed, "selectionStart": len(typed), "selectionEnd": len(typed)}
            )
        await page.wait_for_timeout(900)
        assert len(sent) == drawn
        assert await page.evaluate("window.drawn") == 0
        await expect(page.locator(".mark-error")).to_have_class("mark-error")
        await expect(page.locator(".mark-warning")).to_have_class("mark-warning aside")  # its place is not known now
        await keys.send("Input.insertText", {"text": "写真"})
        await expect(page.locator("#state")).to_contain_text("点検しました。")
        assert await page.input_value(BOX) == "極秘の話。写真たぶん"
        assert len(sent) == drawn + 1
        assert await marked(page) == ["極秘", "たぶん"]
        await expect(page.locator(".aside")).to_have_count(0)

    drafter.visits(tour)


def test_a_false_alarm_can_be_told_and_a_clause_be_read(drafter: Visitor) -> None:
    async def tour(page: Page) -> None:
        await open_check(page)
        await write(page, "極秘です")
        await page.locator("[data-verb=false_alarm]").click()
        await expect(page.locator(".actions + .result")).to_contain_text("誤検知として記録しました")
        await page.locator(".clauses button").first.click()
        await expect(page.locator(".clauses .result .quote").first).to_be_visible()
        await expect(page.locator("text=理由を付けて見送る")).to_have_count(0)

    drafter.visits(tour)


def test_what_fails_is_told_in_place_and_can_be_sent_again(drafter: Visitor) -> None:
    async def tour(page: Page) -> None:
        await open_check(page)
        await page.route("**/api/check", lambda route: route.abort())
        await page.fill(BOX, "極秘です")
        await expect(page.locator("#result .trouble")).to_contain_text("つながりませんでした")
        await page.unroute("**/api/check")
        await page.click("[data-again]")
        await expect(page.locator("#result .finding")).to_have_count(1)

    drafter.visits(tour, noise="Failed to load resource")


def test_who_types_on_and_on_is_checked_no_oftener_than_the_server_allows(drafter: Visitor) -> None:
    async def tour(page: Page) -> None:
        statuses: list[int] = []
        page.on("response", lambda reply: statuses.append(reply.status) if "/api/check" in reply.url else None)
        await page.clock.install()
        await open_check(page)
        for number in range(30):
            await page.fill(BOX, "あ" * (number + 1))
            await page.clock.run_for(700)
            await page.wait_for_timeout(30)
        assert len(statuses) <= 13
        for _ in range(62):
            await page.clock.run_for(1000)
            await page.wait_for_timeout(10)
        await expect(page.locator("#state")).to_contain_text("点検しました。")
        assert set(statuses) == {200}

    drafter.visits(tour)


def test_without_scripts_a_draft_is_checked_as_a_page(drafter: Visitor) -> None:
    async def tour(page: Page) -> None:
        await page.goto("/check")
        await page.click("[data-org=chikugo]")
        await page.check("[value=official]")
        await page.fill(BOX, "一行目\n極秘です")
        await page.click("#send")
        await expect(page.locator("#result .head")).to_have_text("要修正 1件があります")
        await expect(page.locator(BOX)).to_have_value("一行目\n極秘です")
        assert "極秘" not in page.url

    drafter.visits(tour, java_script_enabled=False)
