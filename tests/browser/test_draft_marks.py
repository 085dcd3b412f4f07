"""Marks lie on the very words they are about: both layers are drawn alike, letter by letter."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image, ImageChops
from playwright.async_api import Page, expect

from tests.browser.acts import BOX, open_check, write
from tests.browser.conftest import LOOKS, Visitor
from tests.contract.web.drafts import HOSTILE

HARD = {
    "plain": "今日はいい天気です。極秘の話、たぶん。\nちなみに雨です。",
    "emoji": "😀👨‍👩‍👧極秘❤️‍🔥たぶん🇯🇵👍🏽ちなみに😀" * 6,
    "narrow": "ﾊﾝｶｸ ABC iii 極秘 fi ffl AVAVA たぶん123 ちなみに" * 5,
    "unbroken": "x" * 300 + "極秘" + "ー" * 90 + "たぶん" + "https://a.example/" + "y" * 200,
    "stops": "「極秘」、（たぶん）。「「ちなみに」」・・・！？" * 12,
    "put together": "か\u3099極秘\u3099たぶ\u0301んたぶん\ufe0fちなみに\u200d極秘",
    "tabs and lines": "\t極秘\t\tたぶん\n\n   ちなみに   \n" + " " * 120 + "極秘\n\n",
    "turned": "\u202e極秘 abc\u202c \u0627\u0644\u0639 たぶん\u2067ちなみに\u2069",
    "long": "長い文章が続きます。たぶん大丈夫です。" * 120 + "極秘\n",
}

HIDE = "textarea { color: transparent !important; caret-color: transparent !important } "
LAYERS = {
    "text": "textarea { caret-color: transparent !important } .layer, .layer * { visibility: hidden !important }",
    "layer": HIDE + ".layer, .layer mark { color: var(--ink) !important; background: none !important;"
    " text-decoration: none !important }",
}
"""Styles that show only one of the two."""


async def drawn(page: Page, style: str) -> Image.Image:
    """The box for the text, with a style on top of its own."""
    await page.evaluate(
        """(style) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(style);
            document.adoptedStyleSheets = [sheet]; }""",
        style,
    )
    picture = Image.open(io.BytesIO(await page.locator(".editor").screenshot())).convert("RGB")
    await page.evaluate("document.adoptedStyleSheets = []")
    return picture


def differ(one: Image.Image, other: Image.Image) -> int:
    """How many blocks of four by four pixels differ plainly, the scroll bar and the edge left out.

    A letter may stand a fraction of a pixel beside its double; a whole pixel would show.
    """
    width, height = one.size
    area = (4, 4, width - 20, height - 20)
    found = ImageChops.difference(one.crop(area).reduce(4), other.crop(area).reduce(4)).convert("L")
    return sum(found.histogram()[40:])


async def marks(page: Page) -> list[dict[str, Any]]:
    """What is marked, where, and where the box lies."""
    return await page.evaluate(
        """() => Array.from(document.querySelectorAll(".layer mark"), (mark) => ({
            text: mark.textContent, rects: Array.from(mark.getClientRects(), (one) => one.toJSON()) }))"""
    )


@pytest.mark.parametrize("look", list(LOOKS))
@pytest.mark.parametrize("name", list(HARD))
def test_the_layer_is_drawn_like_the_text(drafter: Visitor, name: str, look: str) -> None:
    async def tour(page: Page) -> None:
        await open_check(page)
        await write(page, HARD[name])
        await page.evaluate("document.activeElement.blur()")
        for place in (0, 100_000):
            await page.evaluate(f"document.querySelector('{BOX}').scrollTop = {place}")
            await page.wait_for_timeout(80)
            text, layer = await drawn(page, LAYERS["text"]), await drawn(page, LAYERS["layer"])
            assert differ(text, layer) == 0
            assert differ(text, ImageChops.offset(layer, 2, 0)) > 0  # the measure is one
        heights = await page.evaluate(
            f"[document.querySelector('{BOX}'), document.querySelector('.layer')].map((one) => one.scrollHeight)"
        )
        assert heights[0] == heights[1]

    drafter.visits(tour, look)


@pytest.mark.parametrize("look", list(LOOKS))
def test_the_marks_lie_where_their_words_are_drawn(drafter: Visitor, look: str) -> None:
    async def tour(page: Page) -> None:
        await open_check(page)
        await write(page, HARD["plain"])
        await page.evaluate("document.activeElement.blur()")
        found = await marks(page)
        assert [one["text"] for one in found] == ["極秘", "たぶん", "ちなみに"]
        size = await page.evaluate(f"parseFloat(getComputedStyle(document.querySelector('{BOX}')).fontSize)")
        for one in found:
            width = sum(rect["width"] for rect in one["rects"])
            assert width == pytest.approx(len(one["text"]) * size, abs=1)
        # The words alone, cut out by the places of their marks, are all that goes when those words are blanked.
        before = await drawn(page, LAYERS["text"])
        box = await page.locator(".editor").bounding_box()
        assert box is not None
        await page.evaluate(
            f"""() => {{ const box = document.querySelector('{BOX}');
                box.value = box.value.replace("極秘", "　　"); }}"""
        )
        after = await drawn(page, LAYERS["text"])
        changed = ImageChops.difference(before, after).getbbox()
        (rect,) = found[0]["rects"]
        assert changed is not None
        assert rect["left"] - box["x"] - 1 <= changed[0] <= changed[2] <= rect["right"] - box["x"] + 1
        assert rect["top"] - box["y"] - 1 <= changed[1] <= changed[3] <= rect["bottom"] - box["y"] + 1

    drafter.visits(tour, look)


def test_a_mark_is_known_by_its_line_not_by_its_colour_alone(drafter: Visitor) -> None:
    async def tour(page: Page) -> None:
        await open_check(page)
        await write(page, HARD["plain"])
        styles = await page.evaluate(
            """() => Array.from(document.querySelectorAll(".layer mark"),
                (one) => getComputedStyle(one).textDecorationStyle)"""
        )
        assert styles == ["wavy", "dashed", "dotted"]

    drafter.visits(tour)


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_draft_stays_text(drafter: Visitor, name: str) -> None:
    async def tour(page: Page) -> None:
        dialogs: list[str] = []

        async def dismissed(dialog: Any) -> None:
            dialogs.append(dialog.message)
            await dialog.dismiss()

        page.on("dialog", dismissed)
        text = HOSTILE[name] + ("極秘" if HOSTILE[name].strip() else "")
        await open_check(page)
        known = await page.evaluate("document.querySelectorAll('script, img, iframe, object, embed').length")
        await page.evaluate(
            f"""(text) => {{ const box = document.querySelector('{BOX}'); box.value = text;
                box.dispatchEvent(new Event("input", {{ bubbles: true }})); }}""",
            text,
        )
        await page.wait_for_timeout(300)
        if text.strip():
            await expect(page.locator("#state")).to_contain_text("点検しました。")
        assert await page.evaluate("document.querySelectorAll('script, img, iframe, object, embed').length") == known
        layered = await page.evaluate("document.querySelector('.layer').textContent.slice(0, -1)")
        assert layered == await page.input_value(BOX)
        assert await page.locator(".layer > :not(mark)").count() == 0
        assert await page.evaluate("window.hit") is None
        assert dialogs == []
        if text.strip():
            await expect(page.locator("#result .finding-error")).to_have_count(1)

    drafter.visits(tour)
