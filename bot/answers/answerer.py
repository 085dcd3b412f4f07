"""Question → Answer, for one organisation: the whole way from the message to the clause or the refusal."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.answers.explaining import Explainer
from bot.answers.history import Dialogue, DialogueReader
from bot.answers.incidents import IncidentPlans
from bot.answers.reading import states
from bot.answers.wording import Wording
from bot.corpus.contacts import ContactFinder, fitting_scope, named_in
from bot.corpus.intents import Quantity
from bot.corpus.quoting import Quoter
from bot.errors import UsageError
from bot.model import Account, Answer, AnswerStatus, Ask, Citation, Clause, IncidentPlan, Organization
from bot.retrieval.confidence import Calibration, Evidence
from bot.retrieval.retriever import Hit, Retriever

MAX_QUESTION = 2_000
RELATED = 3
DEPTH = 6
_BLANKS = frozenset("\t\n\v\f\r")


@dataclass(frozen=True, slots=True)
class Parts:
    """What an answerer is made of; `bootstrap` puts it together for one organisation."""

    organization: Organization
    dialogues: DialogueReader
    retriever: Retriever
    calibration: Calibration
    plans: IncidentPlans
    contacts: ContactFinder
    wording: Wording
    explainer: Explainer


def checked(question: str) -> str:
    """The question without blanks around it.

    Raises UsageError for an empty or over-long one and for control characters.
    """
    text = question.strip()
    if not text:
        raise UsageError("E301", "質問が空です。知りたいことを書いてください。", "the question is empty.")
    if len(text) > MAX_QUESTION:
        raise UsageError(
            "E302",
            f"質問が長すぎます（{len(text):,}字）。{MAX_QUESTION:,}字以内で書いてください。",
            f"the question is too long ({len(text):,} characters; {MAX_QUESTION:,} at most).",
        )
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in _BLANKS for character in text):
        raise UsageError(
            "E303",
            "質問に制御文字が入っています。取り除いてからもう一度送ってください。",
            "the question holds control characters; remove them and ask again.",
        )
    return text


class Answerer:
    """Answers the questions put to one organisation; safe between threads."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.quoter = Quoter(parts.organization)
        self._scopes = {clause.scope for clause in parts.organization.guideline.clauses}

    def answer(self, command: Ask) -> Answer:
        """Read and reply. Raises UsageError for a question that cannot be read."""
        return self.reply(command, self.read(command))

    def read(self, command: Ask) -> Dialogue:
        """The question in its dialogue. Raises UsageError for one that cannot be read."""
        return self.parts.dialogues.read(checked(command.question), command.history, command.account)

    def reply(self, command: Ask, dialogue: Dialogue) -> Answer:
        """The answer to a question that was read."""
        reading = dialogue.message.reading
        if reading.smalltalk is not None or reading.wordless:
            return self._smalltalk(command, dialogue)
        plan = self._plan(dialogue)
        if plan is not None and reading.incident is not None:
            return self._incident(command, dialogue, plan, reading.incident.label)
        return self._found(command, dialogue)

    def asked_of_others(self, dialogue: Dialogue) -> str | None:
        """The question without the words that ask for other organisations; None where it does not.

        A bare 他の市は？ asks the question before it.
        """
        if not dialogue.message.reading.others:
            return None
        rest = dialogue.message.query.text
        for start, end in sorted(dialogue.message.reading.others, reverse=True):
            rest = rest[:start] + rest[end:]
        rest = rest.strip(" 、,。?？のはでも")
        return rest or (dialogue.context.text if dialogue.context is not None else None)

    def beside(self, answer: Answer, others: Sequence[tuple[str, Citation]]) -> Answer:
        """The answer with clauses of other organisations (name, clause) behind it, marked as 参考."""
        text = self.parts.wording.others(answer.answer, others)
        status: AnswerStatus = "suggested" if answer.status == "not_found" and others else answer.status
        related = (*answer.related, *(citation for _, citation in others))
        return replace(answer, status=status, answer=text, related=related)

    def _smalltalk(self, command: Ask, dialogue: Dialogue) -> Answer:
        kind = dialogue.message.reading.smalltalk
        reply = kind.reply if kind is not None else self.parts.wording.texts["smalltalk_wordless"]
        return Answer(command.id, "smalltalk", 1.0, None, reply, departments=self.parts.contacts.contacts((), None))

    def _plan(self, dialogue: Dialogue) -> IncidentPlan | None:
        """The plan for what is happening, None where the message is a question like any other.

        What is told as a fact is news, whatever was asked before it.
        """
        reading = dialogue.message.reading
        if reading.incident is None:
            return None
        return self.parts.plans.plan(reading.incident.id, dialogue.account)

    def _incident(self, command: Ask, dialogue: Dialogue, plan: IncidentPlan, label: str) -> Answer:
        parts, tree = self.parts, self.quoter.tree
        steps = parts.plans.steps(plan)
        hits = self._search(dialogue)
        told = dict.fromkeys(step.locator for step in steps)
        best = [hit.clause.locator for hit in hits[:1] if hit.clause.locator in told]
        locators = list(dict.fromkeys([*best, *told]))
        related = self._citations([hit for hit in hits if hit.clause.locator not in told][:RELATED])
        citations = tuple(self.quoter.citation(tree.by_locator[locator], 1.0) for locator in locators)
        contacts = parts.contacts.contacts(
            [(tree.by_locator[locator], tree.full_text(locator)) for locator in locators],
            fitting_scope(plan.account, dialogue.account),
        )
        explain = [parts.wording.texts["explain_incident"].format(label=label), *parts.explainer.reading(dialogue)]
        return Answer(
            command.id,
            "incident",
            1.0,
            plan.account,
            parts.wording.incident(label, steps, plan.report_to, contacts),
            citations,
            steps,
            plan.report_to,
            related,
            departments=contacts,
            explain=tuple(explain),
        )

    def _found(self, command: Ask, dialogue: Dialogue) -> Answer:
        hits = self._search(dialogue)
        if not hits:
            return self._not_found(command, dialogue, 0.0)
        evidence = self.evidence(dialogue, hits)
        confidence = self.parts.calibration.confidence(evidence)
        if confidence < self.parts.calibration.suggested:
            return self._not_found(command, dialogue, confidence)
        if confidence < self.parts.calibration.answered or evidence.lacks_the_point:
            return self._suggested(command, dialogue, hits, confidence)
        return self._answered(command, dialogue, hits, confidence)

    def _search(self, dialogue: Dialogue) -> list[Hit]:
        context = dialogue.context.query if dialogue.context is not None else None
        return self.parts.retriever.search(dialogue.message.query, DEPTH, self._allowed(dialogue.account), context)

    def _allowed(self, account: Account | None) -> Callable[[Clause], bool] | None:
        """Clauses that hold for the account asked about, where the document has such a part at all."""
        if account is None or not self._scopes & {account, "both"}:
            return None
        return lambda clause: clause.scope in (None, "both", account)

    def best_evidence(self, command: Ask) -> Evidence | None:
        """The measures of the best match for a question, for fitting; None where nothing matches."""
        dialogue = self.read(command)
        hits = self._search(dialogue)
        return self.evidence(dialogue, hits) if hits else None

    def evidence(self, dialogue: Dialogue, hits: Sequence[Hit]) -> Evidence:
        """The measures of the best hit."""
        reading, best = dialogue.message.reading, hits[0]
        second = hits[1].score if len(hits) > 1 else 0.0
        related = dialogue.context is not None
        return Evidence(
            cover=best.cover,
            text=best.text,
            topic=best.topic,
            margin=(best.score - second) / best.score,
            social=float(reading.social or related),
            outside=float(reading.outside is not None and not reading.social and not related),
            silent=float(reading.silent is not None),
            number=float(reading.quantity is not None and not self._states(best, reading.quantity)),
        )

    def _states(self, hit: Hit, quantity: Quantity) -> bool:
        return states(self.quoter.tree.full_text(hit.clause.locator), quantity)

    def _answered(self, command: Ask, dialogue: Dialogue, hits: Sequence[Hit], confidence: float) -> Answer:
        parts, best = self.parts, hits[0]
        citation = self.quoter.citation(best.clause, best.score)
        below = {clause.locator for clause in self.quoter.tree.subtree(best.clause.locator)}
        least = parts.calibration.related * best.score
        further = [hit for hit in hits[1:] if hit.clause.locator not in below and hit.score >= least]
        related = self._citations(further[:RELATED])
        contacts = parts.contacts.contacts(
            [(best.clause, citation.text)], fitting_scope(best.clause.scope, dialogue.account)
        )
        roles = named_in(parts.organization, citation.text)
        return Answer(
            command.id,
            "answered",
            round(confidence, 3),
            best.clause.scope,
            parts.wording.answered(citation, related, contacts, dialogue.account),
            (citation,),
            report_to=tuple(roles),
            related=related,
            departments=contacts,
            explain=(*parts.explainer.reading(dialogue), *parts.explainer.match(best)),
            remark=parts.wording.other_account(citation, dialogue.account),
        )

    def _suggested(self, command: Ask, dialogue: Dialogue, hits: Sequence[Hit], confidence: float) -> Answer:
        parts = self.parts
        related = self._citations(hits[:RELATED])
        contacts = parts.contacts.contacts((), fitting_scope(hits[0].clause.scope, dialogue.account))
        explain = [*parts.explainer.reading(dialogue), parts.explainer.unsure(confidence, parts.calibration.answered)]
        return Answer(
            command.id,
            "suggested",
            round(confidence, 3),
            None,
            parts.wording.suggested(related, contacts),
            related=related,
            departments=contacts,
            explain=tuple(explain),
        )

    def _not_found(self, command: Ask, dialogue: Dialogue, confidence: float) -> Answer:
        parts, reading = self.parts, dialogue.message.reading
        reason = parts.explainer.refusal(reading)
        contacts = parts.contacts.contacts((), dialogue.account)
        return Answer(
            command.id,
            "not_found",
            round(confidence, 3),
            None,
            parts.wording.not_found(reason, contacts),
            departments=contacts,
            explain=(*parts.explainer.reading(dialogue), *([reason] if reason else [])),
            remark=reason,
        )

    def _citations(self, hits: Sequence[Hit]) -> tuple[Citation, ...]:
        return tuple(self.quoter.citation(hit.clause, hit.score) for hit in hits)
