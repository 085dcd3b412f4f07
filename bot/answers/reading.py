"""What kind of message this is: small talk, another office's business, which account, a live incident."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.analysis.normalize import normalize
from bot.analysis.phrases import Cut, PhraseTable
from bot.analysis.tokenizer import Tokenizer
from bot.answers.live import IncidentReader
from bot.corpus.intents import IncidentKind, IncidentSigns, Intents, Quantity, SmallTalk, Subject
from bot.model import Account

Value = TypeVar("Value")

_NOT_WORDS = re.compile(r"[\W_ーｰ〜~]+")
_REPEATED = re.compile(r"(.)\1{2,}")
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in a message beside its question. Nothing here is exclusive of the rest."""

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
    others: bool = False


class MessageReader:
    """Reads messages for one organisation; `guideline_text` decides on which subjects it is silent."""

    def __init__(self, intents: Intents, incidents: IncidentSigns, tokenizer: Tokenizer, guideline_text: str) -> None:
        self._tokenizer = tokenizer
        self._smalltalk = {fold(pattern): kind for kind in intents.smalltalk for pattern in kind.patterns}
        self._patterns = sorted((pattern for pattern in self._smalltalk if pattern), key=len, reverse=True)
        self._social = self._table((word, True) for word in intents.social_words)
        self._outside = self._table((word, subject) for subject in intents.outside for word in subject.words)
        whole = normalize(guideline_text).text
        silent = [
            subject
            for subject in intents.unsupported
            if not any(normalize(evidence).text in whole for evidence in subject.evidence)
        ]
        self._silent = self._table((word, subject) for subject in silent for word in subject.words)
        self._quantities = self._table((ask, quantity) for quantity in intents.quantities for ask in quantity.ask)
        self._accounts = self._table(
            (sign, account) for account, signs in intents.account_signs.items() for sign in signs
        )
        self._aspects = self._table(
            (sign, aspect) for aspect, signs in intents.followup_aspects.items() for sign in signs
        )
        self._openers = tuple(normalize(opener).text for opener in intents.followup_openers)
        self._others = self._table((sign, True) for sign in intents.other_organizations)
        self._incidents = IncidentReader(incidents)

    def read(self, folded: str, cut: Sequence[Cut]) -> Reading:
        """Read one normalised message, cut into words."""
        return Reading(
            smalltalk=self.smalltalk(folded),
            wordless=not _LETTERS.search(folded),
            account=self._account(folded, cut),
            social=bool(self._social.find(folded, cut)),
            outside=_longest(self._outside, folded, cut),
            silent=_longest(self._silent, folded, cut),
            quantity=_longest(self._quantities, folded, cut),
            incident=self._incidents.kind(folded),
            opener=folded.lstrip().startswith(self._openers),
            aspects=tuple(dict.fromkeys(match.value for match in self._aspects.find(folded, cut))),
            others=bool(self._others.find(folded, cut)),
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
            pattern = next((pattern for pattern in self._patterns if rest.startswith(pattern)), None)
            if pattern is None:
                return None
            first = first or self._smalltalk[pattern]
            rest = rest[len(pattern) :]
        return first

    def _account(self, folded: str, cut: Sequence[Cut]) -> Account | None:
        found = {match.value for match in self._accounts.find(folded, cut)}
        if found == {"official"}:
            return "official"
        return "private" if found == {"private"} else None

    def _table(self, pairs: Iterable[tuple[str, Value]]) -> PhraseTable[Value]:
        return PhraseTable((phrase, self._tokenizer.cut(normalize(phrase).text), value) for phrase, value in pairs)


def states(text: str, quantity: Quantity) -> bool:
    """Whether a clause's text names a number of that unit (一, 1 and 数 are numbers)."""
    units = "|".join(map(re.escape, quantity.units))
    return re.search(rf"[0-9一二三四五六七八九十百千数半]\s?(?:{units})", normalize(text).text) is not None


def fold(text: str) -> str:
    """A message as small talk is compared: letters and digits only, no elongation, repeats shortened."""
    return _REPEATED.sub(r"\1", _NOT_WORDS.sub("", normalize(text).text))


def _longest(table: PhraseTable[Value], folded: str, cut: Sequence[Cut]) -> Value | None:
    matches = table.find(folded, cut)
    return max(matches, key=lambda match: match.end - match.start).value if matches else None
