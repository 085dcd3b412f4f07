"""Labelled drafts: what the check finds of what a careful person would, beside a plain list of keywords."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from bot.corpus.schema import Node
from bot.evaluation.judging import Figure
from bot.model import Account, CheckDraft, Finding
from bot.service import Service

DISGUISED = "adv-"
"""Ids of disguised violations hold this."""

KEYWORDS = {
    "undecided": ("未定", "検討中", "未発表", "内部", "調整中", "予定"),
    "secret": ("秘密", "機密", "極秘", "内緒", "ここだけの話", "予定価格"),
    "personal_info": ("個人情報", "住所", "電話番号", "090-", "080-", "生年月日", "名簿"),
    "security": ("パスワード", "暗証番号", "ip", "サーバー"),
    "political": ("選挙", "投票", "候補", "政党", "議員"),
    "religious": ("宗教", "信仰", "神社", "教会", "祈り"),
    "defamation": ("バカ", "アホ", "死ね", "カス", "無能"),
    "discrimination": ("差別", "外国人", "障害者"),
    "advertising": ("広告", "宣伝", "セール", "お得", "半額"),
    "copyright": ("歌詞", "新聞", "アニメ", "転載", "コピー"),
    "portrait": ("写真", "顔", "盗撮", "隠し撮り"),
    "rumour": ("らしい", "噂", "デマ", "聞いた"),
    "obscenity": ("エロ", "わいせつ", "アダルト"),
    "illegal": ("違法", "飲酒運転", "無断"),
    "work_hours": ("勤務中", "仕事中", "会議中", "出張"),
    "short_url": ("bit.ly", "goo.gl", "t.co", "短縮url"),
    "flame": ("炎上", "反論", "批判"),
    "correction": ("削除", "訂正"),
}
"""A plain list, as a small office would write it: the baseline that the rules must beat."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One labelled violation: any of `clauses` is right, `span` is what a person would underline."""

    topic: str
    clauses: tuple[str, ...]
    span: str


@dataclass(frozen=True, slots=True)
class DraftLabel:
    """One labelled draft."""

    id: str
    org: str
    account: Account
    text: str
    expected: tuple[Expected, ...]

    @property
    def disguised(self) -> bool:
        """Whether the violation is disguised."""
        return DISGUISED in self.id


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft with what was found at warning and above."""

    label: DraftLabel
    findings: tuple[Finding, ...]

    def hit(self, expected: Expected) -> Finding | None:
        """The finding that names a right clause, one on the labelled words first."""
        right = [one for one in self.findings if one.citations[0].locator in expected.clauses]
        right.sort(key=lambda one: not self.overlaps(one, expected))
        return right[0] if right else None

    def overlaps(self, finding: Finding, expected: Expected) -> bool:
        """Whether a finding's words are among the labelled ones."""
        start = self.label.text.find(expected.span)
        end = start + len(expected.span)
        return finding.start is not None and finding.end is not None and finding.start < end and start < finding.end

    def right(self, finding: Finding) -> bool:
        """Whether a finding names a clause that some label accepts."""
        return any(finding.citations[0].locator in one.clauses for one in self.label.expected)


def load_draft_labels(paths: Iterable[Path]) -> list[DraftLabel]:
    """The labelled drafts of files and folders; other labels in them are passed over. Raises DataError."""
    files = [one for path in paths for one in (sorted(path.glob("*.yaml")) if path.is_dir() else [path])]
    roots = [root for root in map(Node.load, files) if isinstance(root.value, list)]
    return [_label(node) for root in roots for node in root.each() if _is_draft(node)]


def _is_draft(node: Node) -> bool:
    return isinstance(node.value, dict) and "expected" in node.value and "text" in node.value


def _label(node: Node) -> DraftLabel:
    return DraftLabel(
        node.need("id").text(),
        node.need("org").text(),
        cast("Account", node.need("account").one_of(("official", "private"))),
        str(node.need("text").value),  # an empty draft is a draft
        tuple(
            Expected(one.need("topic").text(), one.need("clauses").texts(), one.need("span").text())
            for one in node.need("expected").each()
        ),
    )


def check_labels(service: Service, labels: Sequence[DraftLabel]) -> list[CheckedDraft]:
    """Every draft checked."""
    checked = []
    for label in labels:
        report = service.check(CheckDraft(label.org, label.account, label.text))
        checked.append(CheckedDraft(label, tuple(one for one in report.findings if one.severity != "info")))
    return checked


def draft_figures(checked: Sequence[CheckedDraft]) -> list[Figure]:
    """The figures of the table in the order people read them; parts without cases are left out."""
    plain = [one for one in checked if not one.label.disguised]
    wanted = [(one, expected) for one in plain for expected in one.label.expected]
    hits = [(one, expected, hit) for one, expected in wanted if (hit := one.hit(expected))]
    found = [(one, finding) for one in checked for finding in one.findings]
    disguised = [one for one in checked if one.label.disguised and one.label.expected]
    rows = [
        _figure("clean: no finding", [not one.findings for one in checked if not one.label.expected]),
        _figure("findings: right clause", [one.right(finding) for one, finding in found]),
        _figure("violations found", [one.hit(expected) is not None for one, expected in wanted]),
        _figure("hits on the labelled words", [one.overlaps(hit, expected) for one, expected, hit in hits]),
        _figure("disguised found", [any(map(one.hit, one.label.expected)) for one in disguised]),
        _figure("keywords: clean without", [not _keyword(one.label) for one in checked if not one.label.expected]),
        _figure("keywords: violations flagged", [_keyword(one.label) for one in plain if one.label.expected]),
    ]
    return [row for row in rows if row.of]


def _figure(what: str, right: Sequence[bool]) -> Figure:
    return Figure(what, sum(right), len(right))


def _keyword(label: DraftLabel) -> bool:
    text = label.text.lower()
    return any(word in text for words in KEYWORDS.values() for word in words)


def by_topic(checked: Sequence[CheckedDraft]) -> list[Figure]:
    """How many labelled violations of each topic are found."""
    return _grouped(
        (expected.topic, one.hit(expected) is not None) for one in checked for expected in one.label.expected
    )


def by_rule(checked: Sequence[CheckedDraft]) -> list[Figure]:
    """How many findings of each rule name a right clause."""
    return _grouped((finding.rule, one.right(finding)) for one in checked for finding in one.findings)


def _grouped(judged: Iterable[tuple[str, bool]]) -> list[Figure]:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for name, fine in judged:
        total[name] += 1
        right[name] += fine
    return [Figure(name, right[name], total[name]) for name in sorted(total)]


def draft_failures(checked: Sequence[CheckedDraft]) -> Iterator[str]:
    """One line for each label that was missed and each finding that is wrong."""
    for one in checked:
        label = one.label
        name = f"{label.id} {label.account}"
        for expected in one.label.expected:
            if one.hit(expected) is None:
                yield f"MISSED {name} {expected.topic} {expected.clauses[0]}: {_one_line(expected.span)}"
        for finding in one.findings:
            if not one.right(finding):
                yield f"WRONG  {name} {finding.rule} {finding.citations[0].locator}: {_one_line(finding.quote or '')}"


def time_drafts(service: Service, labels: Sequence[DraftLabel]) -> dict[str, float]:
    """p50 and p99 milliseconds for one draft, each checked three times, warm."""
    times = []
    for label in [*labels] * 3:
        started = time.perf_counter()
        service.check(CheckDraft(label.org, label.account, label.text))
        times.append((time.perf_counter() - started) * 1000)
    times.sort()
    return {"p50": times[len(times) // 2], "p99": times[int(len(times) * 0.99)]}


def _one_line(text: str) -> str:
    return text.replace("\n", "⏎")
