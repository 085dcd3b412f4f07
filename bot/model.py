"""Every domain type, frozen and slotted; this module imports the standard library only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Scope = Literal["official", "private", "both"]
"""For which accounts a clause holds: the body's own, the employee's private ones, or both."""

Account = Literal["official", "private"]
"""The account a question is about, where it says so."""

ClauseKind = Literal["clause", "qa", "row", "form", "supplement", "preamble", "ending", "contact"]

AnswerStatus = Literal["answered", "suggested", "incident", "not_found", "smalltalk"]

LineRange = tuple[int, int]
"""First and last physical line of a stretch of the source, counted from 1, both included."""


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest unit that is cited.

    `text` is the clause's own text only, verbatim: the source's characters without marker and
    heading, hard wraps joined and nothing else changed. `marker` is as printed. `heading` is the
    title beside the marker, or the question of a Q&A. `printed` is the marker with the signs around it
    (`- (1)`, `1．`), None where there are none. `lines` are where marker, heading and own
    text stand in the source. `scope`, `topics`, `refers_to` and `note` come from curation.
    """

    locator: str
    marker: str | None
    heading: str | None
    text: str
    kind: ClauseKind
    parent: str | None
    lines: tuple[LineRange, ...]
    printed: str | None = None
    scope: Scope | None = None
    topics: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Department:
    """An office of an organisation and what it is asked about.

    `scopes`: questions of these scopes go here; none means only when a clause names it. `cites` are
    the locators where the document says so; `why` is one Japanese phrase for the reader.
    """

    name: str
    aliases: tuple[str, ...] = ()
    phone: str | None = None
    extension: str | None = None
    scopes: tuple[Scope, ...] = ()
    cites: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Guideline:
    """One edition of one body's guideline. `date` is as printed, None where the document has none."""

    title: str
    date: str | None
    url: str | None
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """Everyday questions and the clauses that answer them, the best first."""

    cites: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepSource:
    """Where a step of an incident plan stands: a whole clause, or one verbatim stretch (`quote`) of it."""

    locator: str
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class IncidentPlan:
    """What an organisation's own document says to do, in order, and whom to tell."""

    kind: str
    account: Scope
    steps: tuple[StepSource, ...]
    report_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Organization:
    """One body with its guideline and all that curation adds. `roles` are posts as printed (所属長)."""

    id: str
    name: str
    guideline: Guideline
    departments: tuple[Department, ...]
    roles: tuple[str, ...] = ()
    faq: tuple[FaqEntry, ...] = ()
    incidents: tuple[IncidentPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """One subject of the closed list; `words` point a question at it, `clause_words` a clause.

    `prompt` is a question that may be suggested to whoever opens the bot.
    """

    id: str
    label: str
    words: tuple[str, ...]
    clause_words: tuple[str, ...]
    questions: tuple[str, ...]
    prompt: str | None = None


@dataclass(frozen=True, slots=True)
class ThesaurusEntry:
    """Everyday words and the official words they lead to; `weight` is 0–1 of a word used by the asker."""

    say: tuple[str, ...]
    means: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as it comes in. `history` holds the earlier questions, oldest first."""

    org: str
    question: str
    account: Account | None = None
    history: tuple[str, ...] = ()
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A clause as it is quoted: `text` is verbatim, everything below the clause included."""

    org: str
    document: str
    date: str | None
    locator: str
    breadcrumb: tuple[str, ...]
    lead_in: str | None
    heading: str | None
    text: str
    scope: Scope | None
    kind: ClauseKind
    url: str | None
    score: float
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an incident plan, verbatim."""

    locator: str
    text: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask or to tell, and why this office."""

    name: str
    phone: str | None
    extension: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to `Ask`; `citations[0]` is the answer, `related` are others worth reading.

    `suggested` has no citations and up to three clauses in `related`; `departments` is whom to ask,
    also when nothing was found. `confidence` is 0–1, calibrated on the tuning questions. `remark` is the bot's
    own sentence beside the clauses: why nothing was found, or that the clause is about the other account.
    """

    id: str | None
    status: AnswerStatus
    confidence: float
    scope: Scope | None
    answer: str
    citations: tuple[Citation, ...] = ()
    steps: tuple[Step, ...] = ()
    report_to: tuple[str, ...] = ()
    related: tuple[Citation, ...] = ()
    departments: tuple[Contact, ...] = ()
    explain: tuple[str, ...] = ()
    remark: str | None = None


Severity = Literal["error", "warning", "info"]
"""How grave a finding is: error 要修正, warning 要確認, info 参考."""

Verdict = Literal["ok", "caution", "ng"]

Situation = Literal["election", "disaster", "office_hours"]
"""What holds for an organisation at a moment, and rules may depend on."""


@dataclass(frozen=True, slots=True)
class CheckDraft:
    """A draft post to be checked for one organisation and account. `situations` are those that hold now."""

    org: str
    account: Account
    text: str
    id: str | None = None
    situations: frozenset[Situation] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule has against a draft.

    `start` and `end` are string indices into the text as given, `quote` what stands there; all three None where the
    finding is about the draft as a whole or an image. `citations[0]` is the claim: the organisation's own clause.
    `why` is the reason behind the message.
    """

    rule: str
    topic: str
    severity: Severity
    start: int | None
    end: int | None
    quote: str | None
    message: str
    advice: str
    citations: tuple[Citation, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A clause that only a person can judge for this draft; `why` is the question to ask oneself."""

    locator: str
    why: str


@dataclass(frozen=True, slots=True)
class Approval:
    """The sign-off an organisation asks for before posting, with the clauses that say so."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The reply to `CheckDraft`; findings are sorted by severity, then by place.

    `covered`: the document speaks of this kind of account at all.
    """

    id: str | None
    verdict: Verdict
    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    departments: tuple[Contact, ...]
    approval: Approval | None = None
    covered: bool = True

    def with_findings(self, findings: tuple[Finding, ...]) -> CheckReport:
        """The report of these findings only, with the verdict they make."""
        return replace(self, findings=findings, verdict=verdict(findings))


def verdict(findings: Iterable[Finding]) -> Verdict:
    """An error makes ng, a warning caution."""
    severities = {finding.severity for finding in findings}
    return "ng" if "error" in severities else "caution" if "warning" in severities else "ok"
