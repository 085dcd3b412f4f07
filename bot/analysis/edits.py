"""Words one slip of a finger away, found by leaving characters out (Garbe's SymSpell)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class OneEdit:
    """Finds the words within one edit: a character dropped, added, replaced, or two swapped."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_deletion: dict[str, list[str]] = {}
        for word in words:
            for form in {word, *deletions(word)}:
                self._by_deletion.setdefault(form, []).append(word)

    def near(self, typed: str) -> list[str]:
        """Return the known words at a distance of at most one edit, nearest first."""
        found: dict[str, None] = {}
        for form in (typed, *deletions(typed)):
            for word in self._by_deletion.get(form, ()):
                if word not in found and (word == typed or is_one_edit(typed, word)):
                    found[word] = None
        return sorted(found, key=lambda word: word != typed)


def deletions(word: str) -> list[str]:
    """Return the word with each of its characters left out in turn."""
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


def is_one_edit(one: str, other: str) -> bool:
    """Whether two different words are one insertion, deletion, replacement or swap apart."""
    if len(one) > len(other):
        one, other = other, one
    at = 0
    while at < len(one) and one[at] == other[at]:
        at += 1
    if len(other) - len(one) == 1:
        return one[at:] == other[at + 1 :]
    if len(one) != len(other) or at == len(one):
        return False
    swapped = one[at + 1 : at + 2] + one[at] == other[at : at + 2] and one[at + 2 :] == other[at + 2 :]
    return one[at + 1 :] == other[at + 1 :] or swapped
