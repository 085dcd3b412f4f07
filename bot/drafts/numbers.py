"""Numbers that point at one person or one thing: My Number, cards, pensions, accounts, licence plates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.drafts.recognizing import Surroundings
from bot.drafts.text import DraftText, Span
from bot.drafts.views import View, apart, digits_view

_RUN = re.compile(r"(?<![0-9a-z])\d(?:[ ・.,_‐‑–—―−ー-]{0,2}\d){9,15}(?![0-9a-z])")
"""Ten to sixteen digits with a sign or two between them."""

_MY_NUMBER_CALLED = re.compile("マイナンバー|まいなんばー|個人番号")
_CARD_CALLED = re.compile("カード|クレジット|visa|ビザ|master|jcb|amex|決済")
_CODE_CALLED = re.compile("住民票コード|住基")
_PENSION_CALLED = re.compile("年金")
_PENSION = re.compile(r"(?<![\d-])\d{4}-\d{6}(?![\d-])")
_PAPER = re.compile(
    r"(?:被保険者|保険証|保険者|免許証?|旅券|パスポート|在留カード|診察券|受給者証?|手帳|口座|年金|障害者手帳|宛名|世帯|住民票)"
    r"の?(?:記号)?(?:番号|no\.?|ナンバー)[^\d\n]{0,6}[a-z]{0,2}\d[\d・ -]{3,14}\d[a-z]{0,2}"
    r"|記号[^\d\n]{0,4}\d{1,8}[^\d\n]{0,4}番号[^\d\n]{0,4}\d{1,8}"
    r"|(?:普通|当座|貯蓄)(?:預金|貯金)?(?:口座)?(?:番号)?[ :=はの]{0,4}\d{6,8}(?![\d円人袋個件本枚])"
    r"|口座(?:番号)?[ :=はの]{0,4}\d{7,8}(?![\d円人件])"
)
_CALLED_BEFORE = 16

_PLACES = (
    "札幌|函館|室蘭|帯広|釧路|北見|旭川|知床|苫小牧|青森|八戸|弘前|岩手|盛岡|平泉|宮城|仙台|秋田|山形|庄内|福島|会津|郡山|"
    "白河|いわき|水戸|土浦|つくば|宇都宮|那須|とちぎ|日光|群馬|前橋|高崎|大宮|川口|所沢|川越|熊谷|春日部|越谷|千葉|成田|"
    "習志野|市川|船橋|袖ヶ浦|市原|野田|柏|松戸|品川|世田谷|練馬|杉並|板橋|足立|江東|葛飾|八王子|多摩|横浜|川崎|湘南|相模|"
    "山梨|富士山|新潟|長岡|上越|富山|石川|金沢|福井|長野|松本|諏訪|安曇野|岐阜|飛騨|静岡|浜松|沼津|伊豆|名古屋|豊橋|三河|"
    "岡崎|豊田|尾張小牧|一宮|春日井|三重|鈴鹿|四日市|伊勢志摩|滋賀|京都|大阪|なにわ|和泉|堺|神戸|姫路|奈良|飛鳥|和歌山|鳥取|"
    "島根|出雲|岡山|倉敷|広島|福山|山口|下関|徳島|香川|高松|愛媛|高知|福岡|北九州|久留米|筑豊|佐賀|長崎|佐世保|熊本|大分|"
    "宮崎|鹿児島|奄美|沖縄"
)
_HIDDEN = r"[\d○〇●◯×*x■・.]"
"""A digit, or a sign in its place."""

_PLATE = re.compile(
    rf"(?:{_PLACES}) ?{_HIDDEN}{{1,3}}[a-z]? ?(?:[ぁ-を]|[○〇●◯×*x■]) ?{_HIDDEN}{{1,2}} ?[-ー−]? ?{_HIDDEN}{{2}}(?!\d)"
    rf"|(?<!まい)(?<!マイ)(?:ナンバー|なんばー|車番)[^\d\n]{{0,6}}{_HIDDEN}{{2}}[-ー−]\d{{2}}(?!\d)"
    r"|(?<!まい)(?<!マイ)(?:車の|軽の|車両|自動車)(?:ナンバー|なんばー|番号)[^\d\n]{0,6}\d{2,4}(?![\d年月日時円])"
)


def my_number(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """Individual Numbers: twelve digits whose last one checks the others, or that are called one.

    The check digit is that of 総務省令 平成26年第85号 第5条.
    """
    view = digits_view(draft)
    for match, digits in _runs(view, 12):
        if _checks(digits) or _called(_MY_NUMBER_CALLED, draft, match):
            yield view.span(draft, *match)


def long_number(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """Payment cards (Luhn), basic pension numbers (4-6), 住民票コード, and numbers of papers or accounts called so."""
    return apart([*_cards(draft), *_papers(draft)])


def licence_plate(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """Number plates of cars, also with some of their signs hidden."""
    view = View(draft.masked, range(len(draft.masked)))
    return apart(view.span(draft, *match.span()) for match in _PLATE.finditer(view.text))


def _cards(draft: DraftText) -> Iterator[Span]:
    view = digits_view(draft)
    for span, digits in _runs(view, *range(13, 17)):
        called = _called(_CARD_CALLED, draft, span)
        if digits[0] in "3456" and _luhn(digits) and (called or len(digits) > 13 or not _article(digits)):
            yield view.span(draft, *span)
    for span, _ in _runs(view, 11):
        if _called(_CODE_CALLED, draft, span):
            yield view.span(draft, *span)
    for span, _ in _runs(view, 10):
        if _called(_PENSION_CALLED, draft, span):
            yield view.span(draft, *span)


def _papers(draft: DraftText) -> Iterator[Span]:
    for pattern in (_PENSION, _PAPER):
        for match in pattern.finditer(draft.plain):
            yield match.span()


def _runs(view: View, *lengths: int) -> Iterator[tuple[Span, str]]:
    for match in _RUN.finditer(view.text):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) in lengths:
            yield match.span(), digits


def _called(pattern: re.Pattern[str], draft: DraftText, span: Span) -> bool:
    return pattern.search(draft.masked, max(0, span[0] - _CALLED_BEFORE), span[0]) is not None


def _checks(digits: str) -> bool:
    total = sum(int(one) * (n + 1 if n <= 6 else n - 5) for n, one in enumerate(reversed(digits[:11]), 1))
    rest = total % 11
    return len(set(digits)) > 1 and int(digits[11]) == (0 if rest <= 1 else 11 - rest)


def _luhn(digits: str) -> bool:
    """Whether the last digit checks the others by ISO/IEC 7812-1, annex B."""
    doubled = (int(one) * (2 if n % 2 else 1) for n, one in enumerate(reversed(digits)))
    return len(set(digits)) > 1 and sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _article(digits: str) -> bool:
    """Whether thirteen digits check as the number of an article (JAN, ISBN: GS1's check digit)."""
    return sum(int(one) * (3 if n % 2 else 1) for n, one in enumerate(digits)) % 10 == 0
