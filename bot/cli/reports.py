"""A report as people and as a build log read it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping

from bot.model import CheckReport, Citation, Finding

_LIVE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u061c\u2028\u2029\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""What a terminal obeys instead of showing it: controls, escape sequences, changes of direction."""

_WIDTH = 38
"""Full-width characters on a line of a terminal."""

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def harmless(text: str) -> str:
    """Text that a terminal only shows: control characters become ␦."""
    return _LIVE.sub("␦", text)


def text_report(report: CheckReport, text: str, texts: Mapping[str, str], topics: Mapping[str, str]) -> str:
    """For people: what was found with place, words, reason, advice and clause; what is left to check by eye."""
    lines = [_headline(report, texts), ""]
    for number, finding in enumerate(report.findings, 1):
        severity, topic = texts[f"severity_{finding.severity}"], topics[finding.topic]
        where = "" if finding.start is None else "（{}行{}文字目）".format(*_place(text, finding.start))
        lines.append(texts["check_finding"].format(number=number, severity=severity, topic=topic) + where)
        lines += _indented(f"「{harmless(finding.quote)}」") if finding.quote else []
        lines += [*_indented(finding.message), *(_indented(finding.why) if finding.why else ())]
        lines += [*_indented(texts["check_advice"].format(advice=finding.advice))]
        lines += [*_indented(_source(finding.citations[0], texts)), *_quoted(finding.citations[0], texts), ""]
    if report.not_checked:
        lines += [texts["check_by_hand"], *(f"  □ {one.locator} {one.why}" for one in report.not_checked), ""]
    if report.approval:
        cited = "、".join(one.locator for one in report.approval.citations)
        lines += [f"{texts['check_approval']}（{cited}）", *_indented(report.approval.text), ""]
    if report.departments:
        lines += [
            texts["ask_head"],
            *(f"  {_office(one.name, one.phone, one.extension)}" for one in report.departments),
        ]
    return harmless("\n".join(lines).rstrip()) + "\n"


def github_report(report: CheckReport, text: str, file: str) -> str:
    """For a build log: one workflow command a finding (GitHub's `::warning file=…,line=…::message`)."""
    lines = []
    for finding in report.findings:
        fields = [f"file={_property(file)}"]
        if finding.start is not None and finding.end is not None:
            line, column = _place(text, finding.start)
            last_line, last_column = _place(text, finding.end)
            fields += [f"line={line}", f"endLine={last_line}", f"col={column}", f"endColumn={last_column}"]
        fields.append(f"title={_property(f'{finding.citations[0].locator} {finding.rule}')}")
        lines.append(f"::{_LEVELS[finding.severity]} {','.join(fields)}::{_data(_sentence(finding))}")
    return "".join(f"{line}\n" for line in lines)


def _headline(report: CheckReport, texts: Mapping[str, str]) -> str:
    counts = {one: sum(finding.severity == one for finding in report.findings) for one in ("error", "warning")}
    parts = [texts[f"check_count_{one}"].format(count=count) for one, count in counts.items() if count]
    if parts:
        return texts["check_found"].format(counts=texts["check_joint"].join(parts))
    return texts["check_ok" if report.covered else "check_not_covered"]


def _source(citation: Citation, texts: Mapping[str, str]) -> str:
    date = citation.date or texts["no_date"]
    return texts["source"].format(document=citation.document, date=date, locator=citation.locator)


def _quoted(citation: Citation, texts: Mapping[str, str]) -> list[str]:
    """The clause with the headings above it and the words it completes: an item of a list says little alone."""
    above = texts["breadcrumb_joint"].join(citation.breadcrumb)
    lead_in = texts["lead_in"].format(text=citation.lead_in) if citation.lead_in else ""
    return [line for part in (above, lead_in, citation.heading, citation.text) if part for line in _indented(part)]


def _sentence(finding: Finding) -> str:
    return f"{finding.message} {finding.advice}"


def _place(text: str, at: int) -> tuple[int, int]:
    """Line and column of a place, from 1."""
    before = text[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1


def _indented(text: str) -> list[str]:
    return [f"   {piece}" for line in text.split("\n") for piece in textwrap.wrap(line, _WIDTH) or [""]]


def _office(name: str, phone: str | None, extension: str | None) -> str:
    numbers = " ".join(part for part in (phone or "", f"内線 {extension}" if extension else "") if part)
    return f"{name}（{numbers}）" if numbers else name


def _data(text: str) -> str:
    """Escaped as the toolkit of GitHub's actions does it for a message."""
    return harmless(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escaped as the toolkit of GitHub's actions does it for a property."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
