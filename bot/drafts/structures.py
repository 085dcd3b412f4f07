"""Faults of a draft's make: what no author means to post."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.drafts.text import DraftText, Span

_BLANK = r"[○〇●◯□△×✕*＿_]"
_PLACEHOLDER = re.compile(
    rf"{_BLANK}{{1,6}}(?=[年月日時分]|曜日|町|市|区|丁目|番地|課|係|さん|様|氏|名様|円|人|会場|株式会社|\(仮|まで|から|より)"
    rf"|(?<=[年月日時第約計])\s?{_BLANK}{{1,6}}(?=\s|$|[、。はのをが])"
    r"|_{3,10}|【\s{0,5}】|「\s{0,5}」|\(\s{1,5}\)|\[\s{1,5}\]"
    r"|\bx{2,4}(?=[月日時分:/])|(?<=[:/])x{2}\b"
    r"|(?:ここに|ココに).{0,12}(?:入れる|入れて|入力|記入|貼る|貼って|差し替え)"
    r"|\b(?:todo|tbd|fixme|lorem ipsum)\b|(?:差し替え|要確認|後で(?:直す|確認|入れる)|未記入|記入例|ダミー)(?:\)|】|です|$)"
    r"|\{\{.{0,20}\}\}|<[^<>\n]{0,10}(?:を入力|を記入)[^<>\n]{0,5}>"
)
"""Blanks of a form left open: 2013 a city sent a prepared missile notice with its ○月○日 unfilled."""


def placeholders(draft: DraftText) -> Iterator[Span]:
    """Blanks that were never filled in, found in the text with its signs."""
    places = {at: number for number, at in enumerate(draft.kept)}
    for match in _PLACEHOLDER.finditer(draft.masked):
        inside = [places[at] for at in range(match.start(), match.end()) if at in places]
        if inside:
            yield inside[0], inside[-1] + 1


STRUCTURES: dict[str, Callable[[DraftText], Iterator[Span]]] = {"placeholder": placeholders}
"""Every structural check by its name."""
