"""How answers are judged against their labels, and the figures that come of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.evaluation.labels import Label
from bot.model import Answer

ENOUGH_STEPS = 0.8
"""Share of an incident's labelled steps that must be told."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One answer judged: which of the measures it met; None where a measure does not apply."""

    label: Label
    answer: Answer
    first: bool | None = None
    in_three: bool | None = None
    quoted: bool | None = None
    department: bool | None = None
    refused: bool | None = None
    reached: bool | None = None
    steps: bool | None = None
    report_to: bool | None = None

    @property
    def failed(self) -> bool:
        """Whether any measure that applies was missed."""
        measures = (self.first, self.in_three, self.department, self.refused, self.steps, self.report_to)
        return any(met is False for met in measures)


@dataclass(frozen=True, slots=True)
class Figure:
    """A share: `right` of `of`, over the messages `what` applies to."""

    what: str
    right: int
    of: int

    @property
    def share(self) -> float:
        """0–1; 1 of nothing."""
        return self.right / self.of if self.of else 1.0


def judge(label: Label, answer: Answer) -> Judgement:
    """Hold one answer against its label."""
    department = _department(label, answer) if label.departments else None
    if label.kind == "unanswerable":
        return Judgement(label, answer, refused=_refused(label, answer), department=None)
    shown = [*answer.citations, *answer.related][:3]
    first = bool(answer.citations) and answer.citations[0].locator in label.gold
    common = {
        "first": first,
        "in_three": any(citation.locator in label.gold for citation in shown),
        "department": department,
    }
    if label.kind == "incident":
        told = [_told(step.must_contain, answer) for step in label.steps]
        names = set(answer.report_to)
        return Judgement(
            label,
            answer,
            steps=sum(told) >= ENOUGH_STEPS * len(told),
            report_to=all(name in names for name in label.report_to) if label.report_to else None,
            **common,
        )
    reached = answer.status not in {"not_found", "smalltalk"}
    quoted = None if not first or label.must_contain is None else _holds(answer.citations[0].text, label.must_contain)
    return Judgement(label, answer, quoted=quoted, reached=reached, **common)


def figures(judgements: Sequence[Judgement]) -> list[Figure]:
    """The figures of the whole, then by kind of refusal; each named as the tables of the project name it."""
    by_kind = {kind: [found for found in judgements if found.label.kind == kind] for kind in _KINDS}
    questions, refusals = by_kind["question"], by_kind["unanswerable"]
    rows = [
        _figure("questions: first", (found.first for found in questions)),
        _figure("questions: in three", (found.in_three for found in questions)),
        _figure("questions: department", (found.department for found in questions)),
        _figure("questions: answered or suggested", (found.reached for found in questions)),
        _figure("questions: quotation holds the label's words", (found.quoted for found in questions)),
        _figure("unanswerable: refused", (found.refused for found in refusals)),
        *(
            _figure(f"unanswerable: refused, {group}", (f.refused for f in refusals if f.label.group == group))
            for group in sorted({found.label.group for found in refusals})
        ),
        _figure("follow-ups: first", (found.first for found in by_kind["followup"])),
        _figure("follow-ups: in three", (found.in_three for found in by_kind["followup"])),
        _figure("incidents: clause first", (found.first for found in by_kind["incident"])),
        _figure("incidents: 80 % of the steps", (found.steps for found in by_kind["incident"])),
        _figure("incidents: all of report_to", (found.report_to for found in by_kind["incident"])),
        _figure("incidents: status incident", (f.answer.status == "incident" for f in by_kind["incident"])),
    ]
    return [row for row in rows if row.of]


_KINDS = ("question", "unanswerable", "followup", "incident")


def _figure(what: str, met: Iterable[bool | None]) -> Figure:
    counted = [found for found in met if found is not None]
    return Figure(what, sum(counted), len(counted))


def _refused(label: Label, answer: Answer) -> bool:
    allowed = {"not_found", "smalltalk"}
    if label.group == "near_miss":
        allowed.add("suggested")
    return answer.status in allowed


def _department(label: Label, answer: Answer) -> bool:
    return any(contact.name in label.departments for contact in answer.departments)


def _told(words: str, answer: Answer) -> bool:
    return any(_holds(step.text, words) for step in answer.steps)


def _holds(text: str, words: str) -> bool:
    return "".join(words.split()) in "".join(text.split())
