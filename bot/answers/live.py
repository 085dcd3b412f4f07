"""Tells a message about something that is happening now from a question about such things in general."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.analysis.phrases import Cut, PhraseTable
from bot.analysis.tokenizer import Tokenizer
from bot.corpus.intents import REGRET, IncidentKind, IncidentSigns

_SENTENCE = re.compile(r"(?:「[^」]*」|『[^』]*』|[^。!?\n])+[。!?\n]*")
_OPENING, _CLOSING = frozenset("「『"), frozenset("」』")
_PREDICATES = frozenset({"動詞", "形容詞", "助動詞"})
_FINITE_ENDS = frozenset("ただるす")
Span = tuple[int, int]


class IncidentReader:
    """Applies incidents.yaml; its head says how the lists work together."""

    def __init__(self, signs: IncidentSigns, tokenizer: Tokenizer) -> None:
        self._kinds = {kind.id: kind for kind in signs.kinds}
        self._scenes = signs.scenes
        self._grammar = Grammar(signs.grammar)
        named = ((phrase, name) for name, phrases in signs.words.items() for phrase in phrases)
        self._words = PhraseTable(named, tokenizer.cut)

    def kind(self, folded: str, cut: Sequence[Cut]) -> IncidentKind | None:
        """The kind of incident a normalised message reports; None where it asks about one, or about none."""
        found = [(match.start, match.end, match.value) for match in self._words.find(folded, cut)]
        named = {REGRET, *(value for _, _, value in found)}
        if not any(named.issuperset(scene.parts) for scene in self._scenes):
            return None  # most messages: nothing to parse for
        sentences = list(_sentences(folded, cut))
        spans = self._facts(sentences, found)
        said = {value for start, end, value in found if _within((start, end), spans)}
        if any(_within(place, spans) for sentence in sentences for place in self._grammar.regrets(sentence)):
            said.add(REGRET)
        mentioned = said.union(value for _, _, value in found)
        for scene in self._scenes:
            if said.issuperset(scene.parts) and mentioned.isdisjoint(scene.without):
                return self._kinds[scene.kind]
        return None

    def _facts(self, sentences: Sequence[_Sentence], found: Sequence[tuple[int, int, str]]) -> list[Span]:
        """Where the message tells facts; none of them are about such matters in general."""
        calls = [(sentence.start, sentence.end) for sentence in sentences if not sentence.asks]
        alarmed = any(value == "alarm" and _within((start, end), calls) for start, end, value in found)
        general = [(start, end) for start, end, value in found if value == "general"]
        return [
            span
            for sentence in sentences
            for span in self._grammar.reported(sentence, alarmed=alarmed)
            if not any(_within(place, [span]) for place in general)
        ]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """The words of one sentence; `asks` = it ends in ? or か."""

    words: tuple[Cut, ...]
    start: int
    end: int
    mark: bool

    @property
    def asks(self) -> bool:
        return self.mark or (bool(self.words) and self.words[-1][0] == "か")


class Grammar:
    """What a sentence tells as a fact, by its verbs' endings; the lists are those under `grammar`."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._lists = {name: frozenset(words) for name, words in lists.items()}

    def reported(self, sentence: _Sentence, *, alarmed: bool) -> Iterator[Span]:
        """The stretches that tell what has happened or goes on; for an alarmed writer also bare nouns."""
        words = sentence.words
        start, supposed, real, quoted = 0, 0, False, False
        for at in _outside_brackets(words):
            if at == len(words) or (real and self._closes(words, at)):
                if real or (alarmed and not sentence.asks):
                    start = supposed if supposed and (quoted or not real) else start
                    yield from _span(words, start, at)
                start, supposed, real, quoted = at + 1, 0, False, False
            elif self._is(words, at, "suppositions") and self._is_predicate(words, at - 1):
                start, supposed, real, quoted = at + 1, 0, False, False
            elif self._supposes(words, at):
                supposed, real, quoted = at + 1, False, False
            elif self._is(words, at, "quotes"):
                quoted = True
            else:
                real = real or self._is_real(sentence, at)

    def regrets(self, sentence: _Sentence) -> Iterator[Span]:
        """Where the writer says 〜てしまった or 〜ちゃった."""
        for at, (surface, _, start) in enumerate(sentence.words):
            if self._is(sentence.words, at, "regret") and not self._is(sentence.words, at + 1, "unreal"):
                yield start, start + len(surface)

    def _is(self, words: Sequence[Cut], at: int, name: str) -> bool:
        """Whether the word there stands in the list, as it is written or in its dictionary form."""
        if not 0 <= at < len(words):
            return False
        surface, word, _ = words[at]
        return surface in self._lists[name] or word.lemma in self._lists[name]

    def _is_predicate(self, words: Sequence[Cut], at: int) -> bool:
        return at >= 0 and words[at][1].pos in _PREDICATES

    def _closes(self, words: Sequence[Cut], at: int) -> bool:
        """Whether a fact ends here: 〜ました、 〜てるけど 〜ますが 〜ので."""
        if not self._is_predicate(words, at - 1):
            return False
        if words[at][0] in {"、", ","}:
            return words[at - 1][0][-1] in _FINITE_ENDS
        return self._is(words, at, "closers")

    def _supposes(self, words: Sequence[Cut], at: int) -> bool:
        """〜たら, 〜ば, 〜なら, unless it asks for advice: どうしたら, 誰に言えば, 消したらいい."""
        if words[at][0] not in self._lists["conditions"] or self._is(words, at + 1, "permission"):
            return False
        return not any(self._is(words, before, "interrogatives") for before in range(at - 4, at))

    def _is_real(self, sentence: _Sentence, at: int) -> bool:
        """Whether the word there makes what was said a fact: past, going on, being there, coming in."""
        words = sentence.words
        surface, word, _ = words[at]
        if word.lemma == "た" and surface in {"た", "だ"}:
            return not self._is_hearsay(words, at) and self._is_final(sentence, at + 1)
        if self._is(words, at, "denials"):
            endless = self._is(words, at - 1, "endless") or self._is(words, at - 2, "endless")
            return endless and self._is_final(sentence, at + 1)
        if self._is(words, at, "regret"):
            return self._links(words, at + 1) or (surface.endswith("い") and self._pauses(words, at + 1))
        if self._is(words, at, "states"):
            pending = self._is(words, at + 1, "linking") or self._is_abstract(words, at)
            return not pending and self._is_final(sentence, at + 1)
        if self._is(words, at, "last_nouns"):
            return at > 0 and self._is_last_noun(sentence, at)
        return self._is(words, at, "ongoing") and self._is_final(sentence, at + 1)

    def _is_hearsay(self, words: Sequence[Cut], at: int) -> bool:
        """聞きました, 読んだ: the past is that of hearing, not of what was heard."""
        before = at - 1
        while before > 0 and words[before][1].pos == "助動詞":
            before -= 1
        return self._is(words, before, "hearsay")

    def _is_abstract(self, words: Sequence[Cut], at: int) -> bool:
        """決まりがある, 必要がある, ことがある, 書いてある: nothing has happened."""
        return any(self._is(words, before, "abstract") for before in (at - 1, at - 2))

    def _is_last_noun(self, sentence: _Sentence, at: int) -> bool:
        """炎上中です。 苦情が殺到、: a noun that stands for the predicate, not for a thing (炎上中の投稿)."""
        words = sentence.words
        if self._pauses(words, at + 1):
            return not sentence.mark and (words[at][1].pos == "接尾辞" or self._is(words, at - 1, "particles"))
        return (
            self._is(words, at + 1, "copula")
            and self._is_final(sentence, at + 1)
            and not self._is(words, at + 2, "quotes")
        )

    def _is_final(self, sentence: _Sentence, at: int) -> bool:
        """Whether a verb whose ending begins there is the sentence's own: no 〜ている写真, 〜ますか, 〜てもいい."""
        words, polite = sentence.words, False
        while self._is(words, at, "tail") and words[at][0] not in self._lists["conditions"]:
            if words[at][0] in {"の", "ん"} and self._is(words, at + 1, "particles"):
                return False
            polite = polite or self._is(words, at, "polite")
            at += 1
        if at >= len(words):
            return not sentence.mark
        if self._is(words, at, "wrappers"):
            return self._pauses(words, at + 1) or self._is(words, at + 1, "copula")
        return self._is_followed_freely(words, at) and (polite or words[at][1].pos not in {"名詞", "接頭辞"})

    def _is_followed_freely(self, words: Sequence[Cut], at: int) -> bool:
        """Whether what stands there leaves the verb before it a fact."""
        if self._is(words, at, "linking"):
            return self._links(words, at)
        if self._is(words, at, "questions"):
            return self._is(words, at + 1, "perhaps")
        return not any(self._is(words, at, name) for name in ("suppositions", "unreal", "conditions"))

    def _links(self, words: Sequence[Cut], at: int) -> bool:
        """Whether a て there goes on telling: 載せてしまって、; not てもいい, nor the て of ている."""
        if not self._is(words, at, "linking") or self._is(words, at, "ongoing"):
            return False
        return not self._is(words, at + 1, "permission") and not self._is(words, at + 1, "ongoing")

    def _pauses(self, words: Sequence[Cut], at: int) -> bool:
        return at >= len(words) or words[at][1].pos == "補助記号"


def _sentences(text: str, cut: Sequence[Cut]) -> Iterator[_Sentence]:
    for match in _SENTENCE.finditer(text):
        words = tuple(
            word for word in cut if match.start() <= word[2] < match.end() and word[0] not in {"。", "!", "?"}
        )
        yield _Sentence(words, match.start(), match.end(), match.group().endswith("?"))


def _outside_brackets(words: Sequence[Cut]) -> Iterator[int]:
    """The places of the words nobody else is quoted with, and that behind the last word."""
    depth = 0
    for at, (surface, _, _) in enumerate(words):
        depth += (surface in _OPENING) - (surface in _CLOSING)
        if depth <= 0:
            yield at
    yield len(words)


def _span(words: Sequence[Cut], first: int, after: int) -> Iterator[Span]:
    if first < after:
        surface, _, start = words[after - 1]
        yield words[first][2], start + len(surface)


def _within(place: Span, spans: Iterable[Span]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in spans)
