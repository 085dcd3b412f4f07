"""What kind of message this is: small talk, another office's business, which account, a live incident."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from bot.analysis.normalize import normalize
from bot.analysis.phrases import Cut, PhraseMatch, PhraseTable
from bot.analysis.tokenizer import Tokenizer
from bot.answers.live import IncidentReader
from bot.corpus.intents import IncidentKind, IncidentSigns, Intents, Quantity, SmallTalk, Subject
from bot.model import Account

_NOT_WORDS = re.compile(r"[\W_ーｰ〜~]+")
_REPEATED = re.compile(r"(.)\1{2,}")
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a message beside its question. Nothing here is exclusive of the rest.

    `others`: where in the normalised message it asks for other organisations.
    """

    smalltalk: SmallTalk | None = None
    wordless: bool = False
    account: Account | None = None
    social: bool = False
    outside: Subject | None = None
    silent: Subject | None = None
    quantity: Quantity | None = None
    incident: IncidentKind | None = None
    opener: bool = False
    aspects: tuple[str, ...] = ()
    others: tuple[tuple[int, int], ...] = ()


class Sign(NamedTuple):
    """What a phrase is a sign of: the kind of sign, and which subject, account or aspect it names."""

    kind: str
    value: Any = None


class MessageReader:
    """Reads messages for one organisation; `guideline_text` decides on which subjects it is silent."""

    def __init__(self, intents: Intents, incidents: IncidentSigns, tokenizer: Tokenizer, guideline_text: str) -> None:
        self._smalltalk = {fold(pattern): kind for kind in intents.smalltalk for pattern in kind.patterns}
        self._smalltalk.pop("", None)
        self._patterns: dict[str, list[str]] = {}
        for pattern in sorted(self._smalltalk, key=len, reverse=True):
            self._patterns.setdefault(pattern[0], []).append(pattern)
        printed = "".join(normalize(guideline_text).text.split())
        self._signs = PhraseTable(_signs(intents, printed), tokenizer.cut)
        self._openers = tuple(normalize(opener).text for opener in intents.followup_openers)
        self._incidents = IncidentReader(incidents, tokenizer)

    def read(self, folded: str, cut: Sequence[Cut]) -> Reading:
        """Read one normalised message, cut into words."""
        found: dict[str, list[PhraseMatch[Sign]]] = {}
        for match in self._signs.find(folded, cut):
            found.setdefault(match.value.kind, []).append(match)
        accounts = {match.value.value for match in found.get("account", ())}
        return Reading(
            smalltalk=self.smalltalk(folded),
            wordless=not _LETTERS.search(folded),
            account=accounts.pop() if len(accounts) == 1 else None,
            social="social" in found or "account" in found,
            outside=_longest(found.get("outside", ())),
            silent=_longest(found.get("silent", ())),
            quantity=_longest(found.get("quantity", ())),
            incident=self._incidents.kind(folded, cut),
            opener=folded.lstrip().startswith(self._openers),
            aspects=tuple(dict.fromkeys(match.value.value for match in found.get("aspect", ()))),
            others=tuple((match.start, match.end) for match in found.get("others", ())),
        )

    def smalltalk(self, folded: str) -> SmallTalk | None:
        """The kind of small talk the whole message consists of, None as soon as anything else is said."""
        rest = fold(folded)
        if not rest:
            return None
        first: SmallTalk | None = self._smalltalk.get(rest)
        if first is not None:
            return first
        while rest:
            pattern = next((one for one in self._patterns.get(rest[0], ()) if rest.startswith(one)), None)
            if pattern is None:
                return None
            first = first or self._smalltalk[pattern]
            rest = rest[len(pattern) :]
        return first


def _signs(intents: Intents, guideline: str) -> Iterator[tuple[str, Sign]]:
    """All phrases that are looked for, each with what it is a sign of; one table finds them in one pass."""
    silent = (one for one in intents.unsupported if not any(normalize(word).text in guideline for word in one.evidence))
    groups: Iterable[tuple[Sign, Sequence[str]]] = chain(
        [(Sign("social"), intents.social_words), (Sign("others"), intents.other_organizations)],
        ((Sign("outside", subject), subject.words) for subject in intents.outside),
        ((Sign("silent", subject), subject.words) for subject in silent),
        ((Sign("quantity", quantity), quantity.ask) for quantity in intents.quantities),
        ((Sign("account", account), signs) for account, signs in intents.account_signs.items()),
        ((Sign("aspect", aspect), signs) for aspect, signs in intents.followup_aspects.items()),
    )
    for sign, phrases in groups:
        for phrase in phrases:
            yield phrase, sign


def states(text: str, quantity: Quantity) -> bool:
    """Whether a clause's text names a number of that unit (一, 1 and 数 are numbers)."""
    units = "|".join(map(re.escape, quantity.units))
    return re.search(rf"[0-9一二三四五六七八九十百千数半]\s?(?:{units})", normalize(text).text) is not None


def fold(text: str) -> str:
    """A message as small talk is compared: letters and digits only, no elongation, repeats shortened."""
    return _REPEATED.sub(r"\1", _NOT_WORDS.sub("", normalize(text).text))


def _longest(matches: Sequence[PhraseMatch[Sign]]) -> Any:
    """What the longest phrase found is a sign of, None where none was found."""
    return max(matches, key=lambda match: match.end - match.start).value.value if matches else None
