"""Tells a message about something that is happening now from a question about such things in general."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.analysis.normalize import normalize
from bot.corpus.intents import IncidentKind, IncidentSigns

_ENDS = re.compile(r"[!?\n]")


class IncidentReader:
    """Applies incidents.yaml; its head says how the lists work together."""

    def __init__(self, signs: IncidentSigns) -> None:
        self._kinds = [(kind, _pattern(kind.signs), _pattern(kind.words)) for kind in signs.kinds]
        self._live = {name: _pattern(phrases) for name, phrases in signs.live.items()}
        self._hypothetical = _pattern(signs.hypothetical)
        self._urgent = _pattern(signs.urgent)
        self._neutral = _pattern(signs.neutral)

    def kind(self, folded: str) -> IncidentKind | None:
        """The kind of incident a normalised message reports; None where it asks about one, or about none."""
        text = _ENDS.sub("。", folded) + "。"
        if self._hypothetical.search(self._neutral.sub(" ", text)) and not self._urgent.search(text):
            return None
        live = self._is_live(text)
        ranked = []
        for place, (kind, signs, words) in enumerate(self._kinds):
            found = signs.findall(text)
            if found:
                ranked.append((len(found), max(map(len, found)), -place, kind))
            elif live and words.search(text):
                ranked.append((0, 0, -place, kind))
        return max(ranked, key=lambda row: row[:3])[3] if ranked else None

    def _is_live(self, text: str) -> bool:
        seen = {name for name, pattern in self._live.items() if pattern.search(text)}
        return "panic" in seen or ("happened" in seen and bool(seen & {"now", "help"}))


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of the phrases, the longest first; they are looked for as they stand."""
    folded = sorted({normalize(phrase).text for phrase in phrases}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, folded)) or r"(?!)")
