"""Answer → Card: what is shown, in which order. The only place that lays a card out; fronts only render."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.wording import Wording, excerpt
from bot.blocks import (
    Actions,
    Block,
    Button,
    Card,
    ClauseItem,
    ClauseRef,
    Clauses,
    ContactItem,
    Contacts,
    Copyable,
    Feedback,
    Heading,
    Link,
    Note,
    Prompts,
    Quote,
    Step,
    Steps,
    Text,
)
from bot.corpus.knowledge import Knowledge
from bot.corpus.quoting import Quoter
from bot.model import Answer, Citation, Contact, Department


class CardMaker:
    """Makes the cards of one organisation; pure."""

    def __init__(self, knowledge: Knowledge, org: str, prompts: Sequence[str] = ()) -> None:
        """`prompts`: questions to suggest to whoever does not know how to begin."""
        self.org = org
        self._knowledge = knowledge
        self._organization = knowledge.organization(org)
        self._texts = knowledge.texts
        self._wording = Wording(self._organization, self._texts)
        self._quoter = Quoter(self._organization)
        self._prompts = tuple(prompts)

    def answer(self, answer: Answer, answer_id: str, *, private: bool = False) -> Card:
        """The card of an answer; `answer_id` goes with its buttons. `private`: nobody else sees it yet."""
        match answer.status:
            case "answered":
                blocks = self._answered(answer)
            case "incident":
                blocks = self._incident(answer)
            case "suggested":
                own, others = self._apart(answer.related)
                blocks = [Text(self._texts["suggested"]), *self._remark(answer), *self._related(own, "suggested_head")]
                blocks += [*self._related(others, "others_card_head"), *self.contact_blocks(answer.departments)]
            case "not_found":
                blocks = [Heading(self._texts["not_found"]), *self._remark(answer)]
                blocks += self.contact_blocks(answer.departments, "not_found_ask")
            case "smalltalk":
                return Card((Text(answer.answer), *self._suggestions()), answer.answer, tone="plain")
        blocks += [self._actions(answer, answer_id, private=private), Feedback(answer_id)]
        tone = {"answered": "answer", "incident": "alarm"}.get(answer.status, "unsure")
        return Card(tuple(blocks), answer.answer, answer_id, tone)  # type: ignore[arg-type]

    def clause(self, ref: ClauseRef) -> Card | None:
        """One clause, whole; None where the organisation has no such clause (any more)."""
        citation = self._citation(ref)
        if citation is None:
            return None
        copy = Button("copy", self._texts["button_copy"], str(ref))
        open_page = Link(self._texts["button_open"], ref.path)
        blocks = (Note(self._scope(citation)), self.quote(citation), Actions((copy, open_page)))
        return Card(blocks, self.quotation(citation))

    def copy(self, ref: ClauseRef) -> Card | None:
        """The clause as text for a written proposal; None where there is no such clause."""
        citation = self._citation(ref)
        if citation is None:
            return None
        text = self.quotation(citation)
        return Card((Heading(self._texts["copy_head"]), Copyable(text)), text)

    def found(self, citations: Sequence[Citation]) -> tuple[Card, ...]:
        """Clauses as cards of their own, for a list to choose from."""
        cards = (self.clause(ClauseRef(one.org, one.locator)) for one in citations)
        return tuple(card for card in cards if card is not None)

    def contacts(self) -> Card:
        """Every office of the document and what it is asked about."""
        found = tuple(_contact(one) for one in self._organization.departments)
        blocks = self.contact_blocks(found, "contacts_head") or [Text(self._texts["contacts_none"])]
        return Card(tuple(blocks), _plain(blocks))

    def home(self, *more: Block, joined: bool = False) -> Card:
        """What the bot can do, questions to begin with, whom to ask; then `more`."""
        name, document = self._organization.name, self._organization.guideline.title
        blocks: list[Block] = [
            Heading(self._texts["home_joined" if joined else "home_head"].format(organization=name)),
            Text(self._texts["home_text"].format(organization=name, document=document)),
            *self._suggestions(),
            *self.contacts().blocks,
            Actions(
                (
                    Button("open_check", self._texts["button_check"]),
                    Link(self._texts["button_document"], f"/guidelines/{self._organization.id}"),
                )
            ),
            *more,
        ]
        return Card(tuple(blocks), _plain(blocks))

    def notice(self, key: str, **names: str) -> Card:
        """One sentence of texts.yaml."""
        return self.said(self._texts[key].format(**names))

    def said(self, text: str) -> Card:
        """One paragraph."""
        return Card((Text(text),), text)

    def referral(self, question: str, refs: Sequence[ClauseRef], asker: str) -> Card:
        """What a department reads when a question is referred to it."""
        head = Heading(self._texts["referral_head"])
        body = Text(self._texts["referral_text"].format(asker=asker, question=question))
        clause = self.citations(refs[:1])
        blocks: list[Block] = [head, body]
        if clause:
            blocks += [Note(self._texts["referral_clause"]), self.quote(clause[0])]
        quoted = self.quotation(clause[0]) if clause else ""
        return Card(tuple(blocks), f"{head.text}\n{body.text}\n{quoted}".strip())

    def shared(self, question: str, status: str, refs: Sequence[ClauseRef]) -> Card:
        """An answer once more, for everybody: the question and the clauses it was answered with."""
        found = self.citations(refs)
        blocks: list[Block] = [Note(self._texts["shared_question"].format(question=question))]
        if status == "answered" and found:
            blocks += [Note(self._scope(found[0])), self.quote(found[0])]
            found = found[1:]
        blocks += self._related(found, "related_head")
        quoted = "\n\n".join(self.quotation(one) for one in self.citations(refs[:1]))
        return Card(tuple(blocks), f"{self._texts['shared_question'].format(question=question)}\n{quoted}".strip())

    def offices(self, key: str, names: Sequence[str]) -> Card:
        """A sentence of texts.yaml and how these offices are reached."""
        text = self._texts[key]
        known = tuple(_contact(one) for one in self._organization.departments if one.name in names)
        blocks = (Text(text), *self.contact_blocks(known))
        return Card(blocks, _plain(blocks))

    def quotation(self, citation: Citation) -> str:
        """The clause, its locator, document and date as plain text."""
        head = self._texts["breadcrumb_joint"].join(citation.breadcrumb)
        lead_in = self._texts["lead_in"].format(text=citation.lead_in) if citation.lead_in else ""
        note = f"※ {citation.note}" if citation.note else ""
        parts = (head, lead_in, citation.heading or "", citation.text, note, self._wording.source(citation))
        return "\n".join(part for part in parts if part)

    def beginning(self, citation: Citation) -> str:
        """The first words of a clause."""
        return excerpt(citation)

    def _answered(self, answer: Answer) -> list[Block]:
        own, others = self._apart(answer.related)
        return [
            Note(self._scope(answer.citations[0])),
            *self._remark(answer),
            self.quote(answer.citations[0]),
            *self.contact_blocks(answer.departments),
            *self._related(own, "related_head"),
            *self._related(others, "others_card_head"),
        ]

    def _incident(self, answer: Answer) -> list[Block]:
        head, *rest = answer.answer.split("\n\n", 1)[0].split("\n")
        refs = [ClauseRef(self._organization.id, step.locator) for step in answer.steps]
        steps = tuple(
            Step(number, step.text, ref) for number, (step, ref) in enumerate(zip(answer.steps, refs, strict=True), 1)
        )
        return [Heading(head), Text("\n".join(rest)), Steps(steps), *self.contact_blocks(answer.departments)]

    def _apart(self, citations: Sequence[Citation]) -> tuple[list[Citation], list[Citation]]:
        own = [one for one in citations if one.org == self._organization.id]
        return own, [one for one in citations if one.org != self._organization.id]

    def _remark(self, answer: Answer) -> list[Block]:
        return [Note(answer.remark)] if answer.remark else []

    def _scope(self, citation: Citation) -> str:
        return self._texts[f"scope_{citation.scope or 'unknown'}"]

    def _citation(self, ref: ClauseRef) -> Citation | None:
        quoter = self._quoter
        if ref.org != self._organization.id:
            if ref.org not in self._knowledge.ids:
                return None
            quoter = Quoter(self._knowledge.organization(ref.org))
        clause = quoter.tree.by_locator.get(ref.locator)
        return None if clause is None else quoter.citation(clause, 1.0)

    def citations(self, refs: Sequence[ClauseRef]) -> list[Citation]:
        """The clauses behind references, those that are gone left out."""
        return [one for one in map(self._citation, refs) if one is not None]

    def document(self) -> tuple[str, str]:
        """The document's title and its date, ready to show."""
        guideline = self._organization.guideline
        return guideline.title, guideline.date or self._texts["no_date"]

    def quote(self, citation: Citation) -> Quote:
        """The clause as a block."""
        return Quote(
            ClauseRef(citation.org, citation.locator),
            citation.breadcrumb,
            citation.lead_in,
            citation.heading,
            citation.text,
            citation.note,
            self._wording.source(citation),
            citation.url if citation.url and citation.url.startswith("https://") else None,
        )

    def _related(self, citations: Sequence[Citation], head: str) -> list[Block]:
        if not citations:
            return []
        items = tuple(
            ClauseItem(ClauseRef(one.org, one.locator), excerpt(one), self._foreign(one.org)) for one in citations
        )
        heading = self._texts[head].format(organization=self._organization.name)
        return [Clauses(heading.rstrip(":："), items)]

    def _foreign(self, org: str) -> str | None:
        return None if org == self._organization.id else self._knowledge.organization(org).name

    def contact_blocks(self, contacts: Sequence[Contact], head: str = "ask_head") -> list[Block]:
        """Whom to ask; nothing where there is nobody."""
        if not contacts:
            return []
        items = tuple(ContactItem(one.name, self._wording.contact_line(one), one.phone, one.why) for one in contacts)
        return [Contacts(self._texts[head].rstrip("。"), items)]

    def _actions(self, answer: Answer, answer_id: str, *, private: bool) -> Actions:
        buttons: list[Button | Link] = []
        if answer.citations:
            ref = ClauseRef(answer.citations[0].org, answer.citations[0].locator)
            buttons += [
                Button("copy", self._texts["button_copy"], str(ref)),
                Link(self._texts["button_open"], ref.path),
            ]
        if answer.departments:
            buttons.append(Button("refer", self._texts["button_refer"], answer_id))
        if private and (answer.citations or answer.related):
            buttons.append(Button("share", self._texts["button_share"], answer_id))
        return Actions(tuple(buttons))

    def _suggestions(self) -> list[Block]:
        return [Prompts(self._texts["prompts_head"], self._prompts)] if self._prompts else []


def _contact(department: Department) -> Contact:
    return Contact(department.name, department.phone, department.extension, department.why)


def _plain(blocks: Sequence[Block]) -> str:
    """Headings, texts, questions and offices, a line each."""
    lines: list[str] = []
    for block in blocks:
        match block:
            case Heading(text) | Text(text) | Note(text):
                lines.append(text)
            case Contacts(heading, items):
                lines += [heading, *(item.text for item in items)]
            case Prompts(heading, questions):
                lines += [heading, *(f"・{question}" for question in questions)]
            case _:
                pass
    return "\n".join(lines)
