"""Why this answer: one sentence for each thing that decided."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.answers.history import Dialogue
from bot.answers.reading import Reading
from bot.model import Account
from bot.retrieval.retriever import Hit

SHOWN = 5
_TELLING = re.compile(r"[\u3400-\u9fff]|[ァ-ヶー]{3,}|[a-z]{3,}")


class Explainer:
    """Writes the explanations; all wording comes from texts.yaml."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def reading(self, dialogue: Dialogue) -> list[str]:
        """How the message was read: history, account, spelling, everyday words."""
        query, said = dialogue.message.query, []
        if dialogue.context is not None:
            said.append(self.texts["explain_history"].format(question=dialogue.context.text[:60]))
        if dialogue.account is not None:
            said.append(self.texts["explain_account"].format(account=self.account(dialogue.account)))
        said += [
            self.texts["explain_spelling"].format(
                written=dialogue.message.text[found.start : found.end], word=found.word
            )
            for found in query.corrections[:SHOWN]
        ]
        said += [
            self.texts["explain_words"].format(said=match.phrase, meant="・".join(match.value.words))
            for match in query.matches[:SHOWN]
        ]
        return said

    def match(self, hit: Hit) -> list[str]:
        """Which words of the question the clause holds."""
        covered = [f"「{word}」" for word in dict.fromkeys(hit.covered) if _TELLING.search(word)]
        return [self.texts["explain_match"].format(words="、".join(covered[:SHOWN]))] if covered else []

    def unsure(self, confidence: float, threshold: float) -> str:
        """Why nothing is claimed to be the answer."""
        return self.texts["explain_low"].format(confidence=f"{confidence:.2f}", threshold=f"{threshold:.2f}")

    def refusal(self, reading: Reading) -> str | None:
        """Why nothing was found, as far as is known."""
        if reading.silent is not None:
            return self.texts["not_found_silent"].format(label=reading.silent.label)
        if reading.outside is not None and not reading.social:
            return self.texts["not_found_outside"].format(label=reading.outside.label)
        return None

    def account(self, account: Account) -> str:
        """公式 or 個人."""
        return self.texts[f"account_{account}"]
