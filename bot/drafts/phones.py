"""Telephone numbers in a draft, and which of them are private."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.drafts.recognizing import Surroundings
from bot.drafts.text import DraftText, Span, fold
from bot.drafts.views import View, apart, digits_view

_GAP = r"[^0-9a-zぁ-ねは-ヺ一-鿿\n、:~〜]{0,3}"
"""Signs between two digits; の too. Not those of times and lists."""

_PHONE = re.compile(rf"(?<![0-9a-z@._/-])(?:0|\+ ?81{_GAP}0?)(?:{_GAP}\d){{8,10}}(?![0-9a-z@])")
"""Ten or eleven digits that begin with 0, or those of +81; in `digits_view`."""

_LANDLINE_SIGNS = re.compile(r"[0-9+ ().・の‐‑‒–—―−ー─━-]{1,64}")
_MOST_GROUPS, _FIRST_GROUPS = 3, (3, 4, 7, 11)
_SPOKEN_GAP = r"[ 、,.・のー-]{0,2}"
_ONE = "ぜろ|れい|まる|いち|わん|にい|に|つう|さん|よん|ごう|ご|ろく|なな|しち|はち|きゆう|きゆ|きう|くう"
_SPOKEN = re.compile(rf"(?:ぜろ|れい|まる|0){_SPOKEN_GAP}(?:(?:{_ONE}|\d){_SPOKEN_GAP}){{9,10}}")
_SPOKEN_DIGIT = re.compile(rf"{_ONE}|[0-9]")
_AS_DIGIT = {
    **dict.fromkeys(("ぜろ", "れい", "まる"), "0"),
    **dict.fromkeys(("いち", "わん"), "1"),
    **dict.fromkeys(("に", "にい", "つう"), "2"),
    "さん": "3",
    "よん": "4",
    **dict.fromkeys(("ご", "ごう"), "5"),
    "ろく": "6",
    **dict.fromkeys(("なな", "しち"), "7"),
    "はち": "8",
    **dict.fromkeys(("きゆう", "きゆ", "きう", "くう"), "9"),
}
"""Numbers as they are read out, in folded kana."""

_LOCAL = re.compile(r"(?<![\d\-/.])\d{2,4}-\d{4}(?![\d\-/])")
"""A number within a town: one only where the word telephone stands before it."""

_CALLED = re.compile("電話|でんわ|tel|℡|☎|📞|📱|携帯|けいたい")
_PUBLIC = ("0120", "0800", "0570", "0180", "0990")
"""Toll-free, shared and information numbers: nobody has one at home."""

_SPLIT_080 = re.compile(r"080[^0-9]")
"""080-0… is meant as a mobile, 0800-… as toll-free."""

_MOBILE = ("090", "080", "070", "060")
_OFFICE = re.compile(
    "[課係室局署庁園館院店部寺社校所]|役場|役所|センター|事務|会議所|協会|組合|農協|学会|連盟|実行委員|消防|警察|病院|医院|"
    "クリニック|[内外眼]科|当番医|歯科|薬局|窓口|代表|内線|直通|受付|申込|申し込み|予約|問合|問い合わせ|お問|ダイヤル|ホール|プール|体育|温泉|"
    "スキー場|道の駅|旅館|ホテル|牧場|農場|食堂|工房|会社|商工|営業|宿|ja|110番|119番|相談|担当|団体|法人|大学|保育|神社"
)
_HOME = re.compile(
    "自宅|実家|宅|うちの|家の|本人|個人|携帯|けいたい|ケータイ|わたし|私の|俺|僕|彼|奥さん|旦那|さんの|さんち|様の|氏の"
)
_BEFORE, _BEHIND = 60, 32
_FEWEST_TRUE_DIGITS = 5
_LONGEST_LOCAL = 8
_TRUE_DIGIT = re.compile("[0-9〇零一二三四五六七八九]")


def phone(draft: DraftText, around: Surroundings) -> Iterator[Span]:
    """Private phones: mobiles, and landlines that neither are the organisation's nor stand with an office's name."""
    return apart(
        view.span(draft, start, end)
        for view, start, end, digits in _phones(draft)
        if _private(view.text, (start, end), digits, around)
    )


def any_phone(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """Telephone numbers of every kind."""
    return apart(view.span(draft, start, end) for view, start, end, _ in _phones(draft))


def _phones(draft: DraftText) -> Iterator[tuple[View, int, int, str]]:
    """(view, start, end, digits with the leading 0); the ends are places of the view."""
    view = digits_view(draft)
    for match in _PHONE.finditer(view.text):
        digits = re.sub(r"\D", "", match[0])
        digits = "0" + digits.removeprefix("81").removeprefix("0") if "+" in match[0] else digits
        true_digits = len(_TRUE_DIGIT.findall(draft.masked, match.start(), match.end()))
        if true_digits >= _FEWEST_TRUE_DIGITS and _plausible(digits, match[0]):
            yield view, match.start(), match.end(), digits
    for match in _LOCAL.finditer(view.text):
        if _CALLED.search(draft.masked, max(0, match.start() - 12), match.start()):
            yield view, match.start(), match.end(), match[0].replace("-", "")
    if "ぜろ" in draft.folded or "まる" in draft.folded or "れい" in draft.folded:
        spoken = View(fold(draft.masked), range(len(draft.masked)))
        for match in _SPOKEN.finditer(spoken.text):
            digits = "".join(_AS_DIGIT.get(one, one) for one in _SPOKEN_DIGIT.findall(match[0]))
            yield spoken, match.start(), match.end(), digits


def _plausible(digits: str, written: str) -> bool:
    """Whether there are as many digits as such a number has, and they stand in groups as usual."""
    groups = re.findall("[0-9]{1,16}", written)
    single = all(len(group) == 1 for group in groups) or "+" in written
    if digits.startswith((*_MOBILE, "050", "020")):
        return len(digits) == 11 and (single or len(groups[0]) in _FIRST_GROUPS)
    usual = single or len(groups) <= _MOST_GROUPS
    return len(digits) == 10 and digits[1] != "0" and usual and _LANDLINE_SIGNS.fullmatch(written) is not None


def _private(text: str, span: Span, digits: str, around: Surroundings) -> bool:
    """Whether a number belongs to a person; mobiles do unless they are known to be the organisation's."""
    toll_free = digits.startswith(_PUBLIC) and not _SPLIT_080.match(text, span[0])
    if toll_free or any(own.endswith(digits) for own in around.phones):
        return False
    if digits.startswith(_MOBILE):
        return True
    before = text[max(0, span[0] - _BEFORE) : span[0]]  # over line ends too: an office often stands above its number
    home = _last(_HOME, before)
    office = max(_last(_OFFICE, before), *(before.rfind(name) for name in around.offices), -1)
    if home < 0 and office < 0:
        behind = text[span[1] : span[1] + _BEHIND].partition("\n")[0]
        return len(digits) > _LONGEST_LOCAL and not _OFFICE.search(behind)
    return home >= office


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)
