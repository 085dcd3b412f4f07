"""The desk for drafts: a draft in, its report out. Nothing of a draft is ever kept or logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.blocks import FindingRef
from bot.cards import CardMaker
from bot.commands import Check, Dismiss, FalseAlarm, OpenCheck, Request
from bot.drafts.images import read_image
from bot.drafts.situations import situations
from bot.model import CheckDraft, Finding
from bot.outcome import Outcome
from bot.ports import Clock, FindingRecords
from bot.report_cards import REASONS, ReportCards
from bot.service import Service

MOST_PICTURES = 10


class CheckDesk:
    """Serves the commands about drafts; safe to call from several threads."""

    def __init__(self, service: Service, findings: FindingRecords, clock: Clock) -> None:
        self._service = service
        self._findings = findings
        self._clock = clock

    def handle(self, request: Request, command: Check | OpenCheck | FalseAlarm | Dismiss, maker: CardMaker) -> Outcome:
        """Serve one command. Raises UsageError for a draft or picture that cannot be read."""
        cards = self._cards(maker)
        match command:
            case OpenCheck(text, account):
                return Outcome(cards.form(text, account))
            case Check():
                return self._checked(request, command, maker)
            case FalseAlarm(finding):
                self._findings.false_alarm(request.sender.tenant, finding, request.sender.user)
                return Outcome(maker.notice("false_alarm_noted"))
            case Dismiss(finding, reason):
                if reason not in REASONS:
                    return Outcome(cards.reasons(finding))
                self._findings.dismiss(request.sender.tenant, finding, request.sender.user, reason)
                return Outcome(maker.notice("dismissed"))

    def _checked(self, request: Request, command: Check, maker: CardMaker) -> Outcome:
        cards = self._cards(maker)
        if not command.text.strip() and not command.pictures:
            return Outcome(maker.notice("check_empty"))
        if command.account is None:
            return Outcome(cards.form(command.text, asked=True))
        pictures = [(one.name, read_image(one.data)) for one in command.pictures[:MOST_PICTURES]]
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        draft = CheckDraft(maker.org, command.account, command.text)
        draft = replace(draft, situations=situations(self._service.knowledge.draft_policy(maker.org), now))

        def passed_before(finding: Finding) -> bool:
            (ref,) = self._refs(request, maker.org, [finding])
            return bool(self._findings.dismissed(request.sender.tenant, [ref]))

        report = self._service.check(draft, pictures, passed_before)
        refs = self._refs(request, maker.org, report.findings)
        passed = self._findings.dismissed(request.sender.tenant, refs)
        kept = [place for place, ref in enumerate(refs) if ref not in passed]
        report = report.with_findings(tuple(report.findings[place] for place in kept))
        if not command.typing:
            self._findings.shown(request.sender.tenant, maker.org, [one.rule for one in report.findings])
        reasons = [passed[ref] for ref in dict.fromkeys(refs) if ref in passed]
        card = cards.report(report, command.account, [refs[place] for place in kept], reasons)
        return Outcome(card, report=report)

    def _refs(self, request: Request, org: str, findings: Sequence[Finding]) -> list[FindingRef]:
        tenant = request.sender.tenant
        return [
            FindingRef(one.rule, self._findings.digest(tenant, f"{org}/{one.rule}", one.quote or one.message))
            for one in findings
        ]

    def _cards(self, maker: CardMaker) -> ReportCards:
        knowledge = self._service.knowledge
        return ReportCards(maker, knowledge.texts, {topic.id: topic.label for topic in knowledge.topics.values()})
