"""Report → Card: what a checked draft looks like, and the form it is typed into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import starmap

from bot.blocks import (
    Actions,
    Area,
    Block,
    Button,
    Card,
    Choice,
    ClauseItem,
    ClauseRef,
    Clauses,
    Excerpt,
    FindingRef,
    Form,
    Heading,
    Note,
    Text,
)
from bot.cards import CardMaker
from bot.drafts.checker import LONGEST
from bot.model import Account, CheckReport, Finding

SHOWN = 8
"""Findings shown whole; of more only their number is told."""

REASONS = ("consent", "published", "approved", "own", "mistaken")
"""Why a finding may be let pass: `dismiss_<reason>` in texts.yaml."""


class ReportCards:
    """Makes the cards of draft checks for one organisation; pure."""

    def __init__(self, maker: CardMaker, texts: Mapping[str, str], topics: Mapping[str, str]) -> None:
        """`topics`: their labels by id."""
        self._maker = maker
        self._texts = texts
        self._topics = topics

    def form(self, text: str = "", account: Account | None = None, *, asked: bool = False) -> Card:
        """Where a draft is typed; `asked`: it was sent already, only the account is missing."""
        say = self._texts
        fields = (
            Choice(
                "account",
                say["check_account"],
                (("official", say["check_official"]), ("private", say["check_private"])),
                account,
            ),
            Area("text", say["check_text"], say["check_hint"], text, LONGEST),
        )
        note = say["check_which_account" if asked else "check_promise"]
        head = Heading(say["check_head"])
        return Card((head, Note(note), Form("check", say["check_submit"], fields)), f"{head.text}\n{note}")

    def report(
        self,
        report: CheckReport,
        account: Account,
        refs: Sequence[FindingRef],
        dismissed: Sequence[str] = (),
    ) -> Card:
        """What was found. `refs` go with the findings' buttons, none: without; `dismissed` are reasons of old."""
        say = self._texts
        marked: list[Block] = [
            block
            for number, finding in enumerate(report.findings[:SHOWN], 1)
            for block in self._finding(number, finding, refs[number - 1] if refs else None)
        ]
        blocks: list[Block] = [
            Heading(self._headline(report)),
            Note(say["check_as"].format(account=say[f"account_{account}"])),
            *marked,
            *self._more(report),
            *[Note(say["check_dismissed"].format(reason=say[f"dismiss_{one}"])) for one in dismissed],
            *self._not_checked(report),
            *self._approval(report),
            *self._maker.contact_blocks(report.departments),
            Note(say["check_limits"]),
        ]
        tone = {"ng": "alarm", "caution": "unsure", "ok": "answer" if report.covered else "unsure"}[report.verdict]
        return Card(tuple(blocks), self._plain(report), tone=tone)  # type: ignore[arg-type]

    def reasons(self, ref: FindingRef) -> Card:
        """Why the finding may be let pass, one button a reason."""
        buttons = tuple(Button("dismiss", self._texts[f"dismiss_{one}"], f"{ref}/{one}") for one in REASONS)
        return Card((Text(self._texts["dismiss_why"]), Actions(buttons)), self._texts["dismiss_why"])

    def label(self, number: int, finding: Finding) -> str:
        """Number, severity and subject of a finding on one line."""
        severity, topic = self._texts[f"severity_{finding.severity}"], self._topics[finding.topic]
        return self._texts["check_finding"].format(number=number, severity=severity, topic=topic)

    def _headline(self, report: CheckReport) -> str:
        counts = {
            severity: sum(one.severity == severity for one in report.findings) for severity in ("error", "warning")
        }
        if not any(counts.values()):
            return self._texts["check_ok" if report.covered else "check_not_covered"]
        parts = [
            self._texts[f"check_count_{severity}"].format(count=count) for severity, count in counts.items() if count
        ]
        return self._texts["check_found"].format(counts=self._texts["check_joint"].join(parts))

    def _finding(self, number: int, finding: Finding, ref: FindingRef | None) -> list[Block]:
        """Words, reason and advice, the clause word for word, what can be said of it."""
        label = self.label(number, finding)
        advice = self._texts["check_advice"].format(advice=finding.advice)
        shown: Block = Heading(label) if finding.quote is None else Excerpt(label, finding.quote, finding.severity)
        blocks = [
            shown,
            Text("\n".join(part for part in (finding.message, finding.why, advice) if part)),
            self._maker.quote(finding.citations[0]),
        ]
        if ref is not None:
            buttons = (
                Button("dismiss", self._texts["button_dismiss"], str(ref)),
                Button("false_alarm", self._texts["button_false_alarm"], str(ref)),
            )
            blocks.append(Actions(buttons))
        return blocks

    def _more(self, report: CheckReport) -> list[Block]:
        more = len(report.findings) - SHOWN
        return [Note(self._texts["check_more"].format(count=more))] if more > 0 else []

    def _not_checked(self, report: CheckReport) -> list[Block]:
        items = tuple(ClauseItem(ClauseRef(self._maker.org, one.locator), one.why) for one in report.not_checked)
        return [Clauses(self._texts["check_by_hand"], items)] if items else []

    def _approval(self, report: CheckReport) -> list[Block]:
        if report.approval is None:
            return []
        items = tuple(
            ClauseItem(ClauseRef(one.org, one.locator), self._maker.beginning(one)) for one in report.approval.citations
        )
        return [Text(report.approval.text), Clauses(self._texts["check_approval"], items)]

    def _plain(self, report: CheckReport) -> str:
        """The report in plain text, without the draft's own words: it may stand in a notification."""
        lines = [self._headline(report), *starmap(self._line, enumerate(report.findings[:SHOWN], 1))]
        return "\n".join(lines)

    def _line(self, number: int, finding: Finding) -> str:
        return f"{self.label(number, finding)} {finding.citations[0].locator} {finding.message}"
