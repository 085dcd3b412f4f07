"""`eval` and `bench`: the project's own figures."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.analysis.analyzer import AnalysisConfig, Analyzer
from bot.bootstrap import build_service
from bot.cli.common import print_json
from bot.cli.main import OK
from bot.corpus.knowledge import Knowledge
from bot.errors import UsageError
from bot.evaluation.bench_data import jsquad_to_jsonl
from bot.evaluation.drafts import (
    DraftLabel,
    by_rule,
    by_topic,
    check_labels,
    draft_failures,
    draft_figures,
    load_draft_labels,
    time_drafts,
)
from bot.evaluation.fitting import Fit, fit_confidence
from bot.evaluation.judging import Figure, Judgement, figures
from bot.evaluation.labels import load_labels
from bot.evaluation.run import run_labels, time_labels
from bot.retrieval.index import BM25Constants
from bot.service import Service
from bot.settings import Settings


def evaluate(arguments: argparse.Namespace, settings: Settings) -> int:
    """Answer every labelled message and print the figures."""
    service, drafts = build_service(settings), load_draft_labels(arguments.files)
    if drafts:
        return _evaluate_drafts(arguments, service, drafts)
    labels = load_labels(arguments.files)
    if arguments.fit:
        return _fit(fit_confidence(service, labels))
    judgements = run_labels(service, labels)
    rows = figures(judgements)
    times = time_labels(service, labels) if arguments.time else None
    if arguments.json:
        shares = {row.what: {"share": round(row.share, 4), "right": row.right, "of": row.of} for row in rows}
        print_json(shares if times is None else {**shares, "milliseconds": times})
        return OK
    if arguments.failures:
        for judgement in judgements:
            if judgement.failed:
                sys.stdout.write(_failure(judgement) + "\n")
    sys.stdout.write("\n".join(_row(row) for row in rows) + "\n")
    if times is not None:
        sys.stdout.write(f"{times['p50']:.2f} ms p50, {times['p99']:.2f} ms p99 from question to answer, warm\n")
    return OK


def _evaluate_drafts(arguments: argparse.Namespace, service: Service, labels: list[DraftLabel]) -> int:
    """Check every labelled draft and print the figures, by topic and by rule too."""
    checked = check_labels(service, labels)
    rows = draft_figures(checked)
    times = time_drafts(service, labels) if arguments.time else None
    if arguments.json:
        shares = {row.what: {"share": round(row.share, 4), "right": row.right, "of": row.of} for row in rows}
        print_json(shares if times is None else {**shares, "milliseconds": times})
        return OK
    if arguments.failures:
        sys.stdout.writelines(f"{line}\n" for line in draft_failures(checked))
    sys.stdout.writelines(f"{_row(row)}\n" for row in rows)
    sys.stdout.writelines(f"  {_row(row)}\n" for row in by_topic(checked))
    wrong = [row for row in by_rule(checked) if row.right < row.of]
    sys.stdout.writelines(f"  {_row(row)} (rule, right clause)\n" for row in wrong)
    if times is not None:
        sys.stdout.write(f"{times['p50']:.2f} ms p50, {times['p99']:.2f} ms p99 for a draft, warm\n")
    return OK


def bench(arguments: argparse.Namespace, settings: Settings) -> int:
    """Measure retrieval beside other engines on one corpus, in one run."""
    from bot.evaluation.bench import run_bench  # noqa: PLC0415  # numpy and the peers: only when asked for

    analysis = Knowledge(settings.knowledge).analysis
    config = AnalysisConfig.from_mapping(analysis.need("analyzer").value)
    bm25 = analysis.need("bm25")
    constants = BM25Constants(bm25.need("k1").number(), bm25.need("b").number(), config.units)
    with tempfile.TemporaryDirectory() as folder:
        corpus, queries = _bench_files(arguments, Path(folder))
        result = run_bench(corpus, queries, Analyzer(config), constants)
    if arguments.json:
        print_json(result)
    else:
        sys.stdout.write(_table(result))
    return OK


def _bench_files(arguments: argparse.Namespace, folder: Path) -> tuple[Path, Path]:
    if arguments.jsquad is not None:
        return jsquad_to_jsonl(arguments.jsquad, folder)
    if arguments.corpus is None or arguments.queries is None:
        raise UsageError(
            "E311",
            "--corpus と --queries、または --jsquad を指定してください。",
            "name --corpus and --queries, or --jsquad.",
        )
    return arguments.corpus, arguments.queries


def _table(result: dict[str, Any]) -> str:
    """One row an engine."""
    shown = ("ndcg@10", "mrr", "recall@1", "recall@3", "recall@10")
    rows = [" " * 22 + "nDCG@10    MRR    R@1    R@3   R@10    p50 µs    p99 µs  build s     MiB"]
    for row in result["engines"]:
        if not row["installed"]:
            rows.append(f"{row['name']:22s}{row['note']}")
            continue
        quality = " ".join(f"{row[key]:6.4f}" for key in shown)
        mib = "-" if row["mib"] is None else f"{row['mib']:.1f}"
        times = f"{row['p50_us']:9.1f} {row['p99_us']:9.1f} {row['build_s']:8.3f}"
        rows.append(f"{row['name']:22s} {quality} {times} {mib:>7s}")
    return "\n".join(rows) + "\n"


def _fit(fit: Fit) -> int:
    weights = ", ".join(f"{name}: {weight:.2f}" for name, weight in fit.weights.items())
    sys.stdout.write(f"confidence:  # {fit.rows} 件から\n  bias: {fit.bias:.2f}\n  weights: {{{weights}}}\n")
    return OK


def _row(figure: Figure) -> str:
    return f"{figure.share:6.3f}  {figure.right:4d}/{figure.of:<4d} {figure.what}"


def _failure(judgement: Judgement) -> str:
    label, answer = judgement.label, judgement.answer
    shown = [citation.locator for citation in (*answer.citations, *answer.related)][:4]
    names = [contact.name for contact in answer.departments]
    missed = [
        name
        for name in ("first", "in_three", "department", "refused", "steps", "report_to")
        if getattr(judgement, name) is False
    ]
    before = f"「{label.history[-1]}」→" if label.history else ""
    return (
        f"{label.id} [{label.group}] {before}「{label.question}」 {answer.status} {answer.confidence:.2f} "
        f"gold {'/'.join(label.gold)} got {' '.join(shown)} dept {'/'.join(names)} missed {','.join(missed)}"
    )
