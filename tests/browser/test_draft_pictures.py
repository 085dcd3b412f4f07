"""Pictures on the page for drafts: chosen, looked into, saved without what is hidden in them."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import FilePayload, Page, expect

from bot.drafts.images import LARGEST, read_image
from tests.browser.acts import BOX, open_check, write
from tests.browser.conftest import Visitor
from tests.contract.web.drafts import picture


def chosen(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": content}


def test_what_is_hidden_in_a_picture_is_told_and_stays_told_while_the_text_changes(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        sent: list[str] = []
        page.on("request", lambda one: sent.append(one.headers.get("content-type", "")) if "/api/" in one.url else None)
        await open_check(page, "urausu")
        await page.set_input_files("#files", [chosen("祭り.png", picture()), chosen("b.png", picture(place=False))])
        await expect(page.locator("#of-pictures")).to_contain_text("「祭り.png」に撮影場所の位置情報")
        await expect(page.locator("#said")).to_contain_text("画像: ")
        await expect(page.locator("#picked li")).to_have_count(2)
        await write(page, "まつりです")
        await page.click("#send")
        await expect(page.locator("#state")).to_contain_text("点検しました。")
        await expect(page.locator("#of-pictures")).to_contain_text("位置情報")
        assert len([one for one in sent if one.startswith("multipart/form-data")]) == 1  # looked into once
        await page.check("[value=private]")
        await expect(page.locator("#of-pictures")).to_contain_text("個人アカウント")
        await page.locator("#picked li", has_text="祭り.png").get_by_text("外す").click()
        await expect(page.locator("#of-pictures")).not_to_contain_text("祭り")
        await page.locator("#picked li", has_text="b.png").get_by_text("外す").click()
        await expect(page.locator("#of-pictures")).to_be_hidden()
        await expect(page.locator("#files")).to_be_focused()

    visitor.visits(tour)


def test_a_copy_without_it_is_saved_under_a_name_of_its_own(visitor: Visitor, tmp_path: Path) -> None:
    async def tour(page: Page) -> None:
        await open_check(page, "urausu")
        await page.set_input_files("#files", [chosen("祭り 1.png", picture())])
        async with page.expect_download() as saving:
            await page.get_by_role("button", name="情報を消した写しを保存").click()
        saved = await saving.value
        assert saved.suggested_filename == "祭り 1_情報なし.png"
        await saved.save_as(tmp_path / "saved.png")
        await expect(page.locator("#picked .done")).to_contain_text("祭り 1_情報なし.png")

    visitor.visits(tour)
    assert read_image((tmp_path / "saved.png").read_bytes()).location is None


def test_what_is_no_picture_or_too_large_is_told_by_name_and_the_text_is_checked_all_the_same(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await open_check(page)
        await page.set_input_files("#files", [chosen("<b>メモ.png", b"memo")])
        await expect(page.locator("#of-pictures .trouble")).to_contain_text("画像として読めません")
        await expect(page.locator("#of-pictures .trouble")).to_contain_text("メモ.png")
        await write(page, "まつりです")
        await expect(page.locator("#result .card")).to_be_visible()
        await page.get_by_role("button", name="情報を消した写しを保存").click()
        await expect(page.locator("#picked .trouble")).to_contain_text("画像として読めません")
        eleven = [chosen(f"{number}.png", picture()) for number in range(11)]
        await page.set_input_files("#files", eleven)
        await expect(page.locator("#pictures-trouble")).to_have_text("画像は一度に10点までです。")
        await expect(page.locator("#picked li")).to_have_count(1)
        await page.evaluate(
            f"""() => {{ const files = new DataTransfer();
                files.items.add(new File([new Uint8Array({LARGEST} + 1)], "大.png"));
                const input = document.querySelector("#files"); input.files = files.files;
                input.dispatchEvent(new Event("change")); }}"""
        )
        await expect(page.locator("#pictures-trouble")).to_contain_text("「大.png」が大きすぎます")
        await expect(page.locator(BOX)).to_have_value("まつりです")

    visitor.visits(tour, noise="Failed to load resource")


def test_pictures_wait_for_the_account(visitor: Visitor) -> None:
    async def tour(page: Page) -> None:
        await page.goto("/check?org=urausu")
        await page.set_input_files("#files", [chosen("a.png", picture())])
        await expect(page.locator("#state")).to_contain_text("どのアカウント")
        await page.click("#send")
        await expect(page.locator("[value=official]")).to_be_focused()
        await page.keyboard.press("Space")
        await expect(page.locator("#of-pictures")).to_contain_text("位置情報")

    visitor.visits(tour)
