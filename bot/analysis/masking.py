"""Questions as they are kept: what points at a person is masked."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

from bot.analysis.normalize import normalize
from bot.analysis.tokenizer import new_tagger

MAIL, PHONE, NUMBER, NAME = "〓メール〓", "〓電話〓", "〓番号〓", "〓氏名〓"

_MASKS = re.compile(f"({MAIL}|{PHONE}|{NUMBER}|{NAME})")

_DASH = r"[-‐‑‒–—―−ー─━~]"
_GAP = rf"(?:{_DASH}|[ ().]){{0,2}}"
_LOCAL = r"[a-z0-9._%+'-]"
_PATTERNS = (
    # Each begins where no character of its own stands before it and counts what it repeats: the time is linear.
    (MAIL, re.compile(rf"(?<!{_LOCAL}){_LOCAL}{{1,100}}@{_LOCAL}{{1,200}}")),
    (NAME, re.compile(r"<@[^<>]{1,80}>|<at>[^<>]{1,80}</at>")),
    (NUMBER, re.compile(rf"(?<!\d)\d{{4}}(?:{_DASH}| )?\d{{4}}(?:{_DASH}| )?\d{{4}}(?:(?:{_DASH}| )?\d{{4}})?(?!\d)")),
    (PHONE, re.compile(rf"\+(?:{_GAP}\d){{8,15}}(?!\d)|(?<!\d)\(?0(?:{_GAP}\d){{9,10}}(?!\d)")),
    (NUMBER, re.compile(r"(?<!\d)\d{9,}(?!\d)|〒 ?\d{3}-?\d{4}(?!\d)")),
    (PHONE, re.compile(rf"(?<![\d-])(?!(?:19|20)\d\d{_DASH}(?:19|20)\d\d)\d{{2,4}}{_DASH}\d{{4}}(?![\d-])")),
    (NUMBER, re.compile(r"(?<=番号)[はがの: ]{0,2}\d[\d-]{2,30}\d(?!\d)")),
)
"""In order: an earlier one has the first say. The last phone is a number within a town; a range of years is none."""

_PERSONAL = frozenset(
    [
        "さん",
        "さま",
        "様",
        "くん",
        "君",
        "ちゃん",
        "氏",
        "先生",
        "先輩",
        "課長",
        "係長",
        "部長",
        "室長",
        "次長",
        "主任",
        "主査",
        "主事",
        "補佐",
        "参事",
    ]
)
_TITLES = _PERSONAL | frozenset(
    ["殿", "議員", "市長", "町長", "村長", "知事", "校長", "園長", "局長", "会長", "社長", "元"]
)
"""What stands behind a name; behind the name of a place, the first kind alone makes it a person's."""

_KANJI = re.compile(r"[々㐀-䶿一-鿿豈-﫿]")
_UNKNOWN_COLUMNS = 6
_VARIANTS = str.maketrans("髙﨑濱邊邉齋齊澤廣德", "高崎浜辺辺斎斉沢広徳")
"""Forms of kanji that only names have and the dictionary does not know."""
_SPELT = re.compile(r"[ぁ-ヺー々㐀-䶿一-鿿豈-﫿]{1,6}")


class _Span(NamedTuple):
    start: int
    end: int
    mask: str


class Masker:
    """Masks phones, mail addresses, names and My Number in a text; safe between threads.

    It would rather mask a word too many than a person too few. Masking a masked text changes nothing.
    """

    def __init__(self) -> None:
        self._local = threading.local()

    def __call__(self, text: str) -> str:
        """The text with every such stretch replaced by 〓 and its kind."""
        while True:
            masked = "".join(piece if at % 2 else self._masked(piece) for at, piece in enumerate(_MASKS.split(text)))
            if masked == text:
                return text
            text = masked  # once more: a name may stand out now that its neighbour is gone

    def _masked(self, text: str) -> str:
        """One piece without masks, everything found in it replaced."""
        folded = normalize(text)
        out, done = [], 0
        for span in self._spans(folded.text):
            start, end = folded.original_span(span.start, span.end)
            out += [text[done:start], span.mask]
            done = max(end, start)
        return "".join(out) + text[done:] if out else text

    def _spans(self, text: str) -> list[_Span]:
        """What to mask, in order, without overlaps; numbers go before names."""
        found: list[_Span] = []
        for mask, pattern in _PATTERNS:
            for match in pattern.finditer(text):
                _add(found, _Span(match.start(), match.end(), mask))
        for start, end in self._names(text):
            _add(found, _Span(start, end, NAME))
        return list(_joined(sorted(found), text))

    def _names(self, text: str) -> Iterator[tuple[int, int]]:
        words = self._words(text)
        last = len(words) - 1
        for at, word in enumerate(words):
            behind = {"".join(one.surface for one in words[at + 1 : at + count]) for count in (2, 3)}
            if word.kind in ("姓", "名"):
                full = at < last and word.kind == "姓" and words[at + 1].kind == "名"
                second = at > 0 and word.kind == "名" and words[at - 1].kind == "姓"
                alone = len(word.surface) > 1 and _KANJI.search(word.surface) is not None
                named = full or second or alone or not behind.isdisjoint(_TITLES)
            else:
                named = word.kind in ("人", "地名", "未知") and not behind.isdisjoint(_PERSONAL)
            if named:
                yield word.start, word.start + len(word.surface)

    def _words(self, text: str) -> list[_Word]:
        tagger = getattr(self._local, "tagger", None)
        if tagger is None:
            tagger = self._local.tagger = new_tagger()
        found, at = [], 0
        for node in tagger.parseToNodeList(text.translate(_VARIANTS)):
            at += len(node.white_space)
            found.append(_Word(node.surface, _kind(node), at))
            at += len(node.surface)
        return found


class _Word(NamedTuple):
    """A word and what it may name: 姓, 名, 人 (other names of people), 地名, 未知 (not in the dictionary), or else."""

    surface: str
    kind: str
    start: int


def _kind(node: Any) -> str:  # fugashi has no types
    feature: str = node.feature_raw
    if feature.startswith("名詞,固有名詞,"):
        _, _, third, fourth, *_ = feature.split(",", 4)
        return (fourth if fourth != "一般" else "人") if third == "人名" else third
    unknown = feature.startswith("名詞,") and feature.count(",") < _UNKNOWN_COLUMNS
    return "未知" if unknown and _SPELT.fullmatch(node.surface) else ""


def _add(found: list[_Span], new: _Span) -> None:
    if all(new.end <= old.start or old.end <= new.start for old in found):
        found.append(new)


def _joined(spans: list[_Span], text: str) -> Iterator[_Span]:
    """Family name and given name as one."""
    held: _Span | None = None
    for span in spans:
        if held and held.mask == span.mask == NAME and text[held.end : span.start] in ("", " "):
            held = held._replace(end=span.end)
            continue
        if held:
            yield held
        held = span
    if held:
        yield held
