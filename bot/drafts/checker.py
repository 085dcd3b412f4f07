"""A draft against one organisation's own clauses: text in, report out. Nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.analysis.tokenizer import Tokenizer
from bot.corpus.contacts import ContactFinder
from bot.drafts.checklist import Checklist
from bot.drafts.claims import Claims
from bot.drafts.frames import Places, said
from bot.drafts.pictures import Pictures, picture_findings
from bot.drafts.recognizers import RECOGNIZERS
from bot.drafts.recognizing import Surroundings
from bot.drafts.ruleset import RuleSet
from bot.drafts.text import DraftText, Span, read_draft
from bot.drafts.weighing import Suspect, suspects
from bot.errors import UsageError
from bot.model import Approval, CheckDraft, CheckReport, Citation, Contact, Finding, verdict
from bot.rules import DraftException, ImageRule, Rule

LONGEST = 10_000
"""Characters of a draft."""

MOST_FINDINGS, MOST_SUSPECTS = 40, 400
_SEVERITIES = ("error", "warning", "info")
_LONG_SENTENCE = 90
_TRIMMED = " \n。!?！？、…♪"
_EMOJI = 0x2600
Passed = Callable[[Finding], bool]
"""Whether somebody has let a finding pass."""


def _never(_finding: Finding) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class CheckerParts:
    """What a checker is made of. `rules.lists` holds what exceptions and checklist items call."""

    rules: RuleSet
    claims: Claims
    surroundings: Surroundings
    checklist: Checklist
    contacts: ContactFinder
    images: tuple[ImageRule, ...]


class Checker:
    """Checks drafts for one organisation; safe to share between threads."""

    def __init__(self, parts: CheckerParts, tokenizer: Tokenizer) -> None:
        self.parts = parts
        self.tokenizer = tokenizer

    def check(self, command: CheckDraft, pictures: Pictures = (), passed: Passed | None = None) -> CheckReport:
        """What the organisation's clauses say against a draft; findings that were let pass hide no others.

        Raises UsageError for a draft that is too long.
        """
        if len(command.text) > LONGEST:
            raise UsageError(
                "E312",
                f"下書きは{LONGEST:,}文字までです（いま{len(command.text):,}文字）。分けて点検してください。",
                f"a draft has at most {LONGEST:,} characters, this one {len(command.text):,}.",
            )
        draft = read_draft(command.text, self.tokenizer.cut)
        found = self.parts.rules.matcher.find(draft, RECOGNIZERS, self.parts.surroundings)
        findings = self._findings(command, draft, found, passed or _never)
        of_pictures = picture_findings(self.parts.images, pictures, self.parts.claims, command.account)
        every = [*findings, *of_pictures]
        shown = tuple(sorted(every, key=lambda one: _SEVERITIES.index(one.severity)))
        return CheckReport(
            id=command.id,
            verdict=verdict(shown),
            findings=shown,
            not_checked=self.parts.checklist.for_draft(command.account, shown, found),
            departments=self._departments(command, shown),
            approval=self._approval(command),
            covered=self.parts.claims.covers(command.account),
        )

    def _findings(self, command: CheckDraft, draft: DraftText, found: Places, passed: Passed) -> list[Finding]:
        """One for the same words, the surest; but what is less grave never hides what is graver."""

        def claimable(rule: Rule) -> bool:
            return self._claim(command, rule, found) is not None

        ordered = sorted(
            suspects(self.parts.rules, draft, found, claimable),
            key=lambda one: (-one.weight, one.spans, one.rule.id),
        )
        kept: list[Finding] = []
        for suspect in ordered[:MOST_SUSPECTS]:
            finding = self._finding(command, draft, suspect, found)
            if finding and not any(_hides(other, finding) and not passed(other) for other in kept):
                kept.append(finding)
        kept.sort(key=lambda one: (_SEVERITIES.index(one.severity), one.start))
        return kept[:MOST_FINDINGS]

    def _finding(self, command: CheckDraft, draft: DraftText, suspect: Suspect, found: Places) -> Finding | None:
        claim = self._claim(command, suspect.rule, found)
        if claim is None:
            return None
        rule, (topic, citations) = suspect.rule, claim
        start, end = draft.span(*_stretch(draft, suspect.spans))
        quote = draft.original[start:end]
        return Finding(rule.id, topic, rule.severity, start, end, quote, rule.message, rule.advice, citations, rule.why)

    def _claim(self, command: CheckDraft, rule: Rule, found: Places) -> tuple[str, tuple[Citation, ...]] | None:
        """The topic and the clauses; none without one, at another moment, or where the document allows it."""
        if rule.account not in ("both", command.account) or not _holds(rule, command):
            return None
        claim = self.parts.claims.first(rule.topics, command.account, rule.prefers)
        if claim is None or (rule.requires and not any(word in claim[1][0].text for word in rule.requires)):
            return None
        exceptions = self.parts.claims.allowing(claim[0], command.account)
        allowing = (self.parts.rules.lists[allowed(command.org, one)] for one in exceptions)
        return None if any(said(one, found) for one in allowing) else claim

    def _departments(self, command: CheckDraft, findings: Iterable[Finding]) -> tuple[Contact, ...]:
        clauses = {one.locator: one for one in self.parts.claims.organization.guideline.clauses}
        cited = [(clauses[one.citations[0].locator], one.citations[0].text) for one in findings]
        return self.parts.contacts.contacts(cited, command.account)

    def _approval(self, command: CheckDraft) -> Approval | None:
        approval = self.parts.claims.policy.approval
        if approval is None or command.account != "official":
            return None
        text, locators = approval
        return Approval(text, self.parts.claims.cite(locators))


def allowed(org: str, exception: DraftException) -> str:
    """The name of the list of expressions that an exception calls."""
    return f"{org}/{exception.locator}/{' '.join(exception.topics)}/{exception.account}"


def _holds(rule: Rule, command: CheckDraft) -> bool:
    """Whether the rule is for a moment like this."""
    if rule.only_in and command.situations.isdisjoint(rule.only_in):
        return False
    return command.situations.isdisjoint(rule.not_in)


def _stretch(draft: DraftText, spans: Sequence[Span]) -> Span:
    """What is underlined: the sentence; of a long one only the words themselves."""
    start, end = min(start for start, _ in spans), max(end for _, end in spans)
    first, last = draft.sentences[draft.sentence_at(start)], draft.sentences[draft.sentence_at(end - 1)]
    if last[1] - first[0] <= _LONG_SENTENCE + len(_TRIMMED):
        whole = _trimmed(draft, first[0], last[1])
        if whole[1] - whole[0] <= _LONG_SENTENCE:
            return whole
    return _trimmed(draft, start, end)


def _trimmed(draft: DraftText, start: int, end: int) -> Span:
    """Without the blanks, stops and emoji at both ends."""
    text = draft.plain
    while end > start + 1 and (
        text[end - 1] in _TRIMMED or (ord(text[end - 1]) >= _EMOJI and not text[end - 1].isalnum())
    ):
        end -= 1
    while start < end - 1 and (text[start] in _TRIMMED or (ord(text[start]) >= _EMOJI and not text[start].isalnum())):
        start += 1
    return start, end


def _hides(one: Finding, other: Finding) -> bool:
    return _SEVERITIES.index(one.severity) <= _SEVERITIES.index(other.severity) and _overlap(one, other)


def _overlap(one: Finding, other: Finding) -> bool:
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return False
    return one.start < other.end and other.start < one.end
