"""Floors under the figures on questions and documents that nobody who works on the bot has read.

Only figures are printed, never a question or a clause. A floor may be raised, never lowered.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.documents import mean_f1, score_documents
from bot.evaluation.judging import figures
from bot.evaluation.labels import load_labels
from bot.evaluation.run import run_labels
from bot.service import Service

DATA = Path(__file__).parents[1] / "data"
EXAMPLES = Path(__file__).parents[3] / "shared" / "examples"

FLOORS = {
    "questions: first": 0.83,
    "questions: in three": 0.93,
    "questions: department": 0.95,
    "questions: answered or suggested": 0.96,
    "questions: quotation holds the label's words": 0.93,
    "unanswerable: refused": 0.86,
    "follow-ups: first": 0.79,
    "follow-ups: in three": 0.90,
    "incidents: 80 % of the steps": 0.76,
    "incidents: status incident": 0.76,
}
DOCUMENTS = {"tune": 0.98, "blind": 0.978}
"""Mean F1 of the locators. A blind document that has been read moves to tune."""


@pytest.fixture(scope="session")
def shares(service: Service) -> dict[str, float]:
    """The figures on the blind questions, measured once."""
    rows = figures(run_labels(service, load_labels([DATA / "measure" / "blind"])))
    print(*(f"{row.share:6.3f} {row.right:4d}/{row.of:<4d} {row.what}" for row in rows), sep="\n")
    return {row.what: row.share for row in rows}


def test_the_figures_on_unseen_questions_stand_above_their_floors(shares: dict[str, float]) -> None:
    assert {what: (shares[what], floor) for what, floor in FLOORS.items() if shares[what] < floor} == {}


@pytest.mark.parametrize("part", DOCUMENTS)
def test_documents_are_cut_where_a_reader_cuts_them_and_lose_nothing(part: str) -> None:
    scores = score_documents(DATA / "documents" / part)
    if not scores:
        pytest.skip("no documents here")
    found = (mean_f1(scores), sum(score.lost for score in scores), sum(not score.in_order for score in scores))
    print(f"{part}: {found[0]:.4f} F1 of {len(scores)} documents, {found[1]} characters lost, {found[2]} out of order")
    assert (found[0] >= DOCUMENTS[part], *found[1:]) == (True, 0, 0)


def test_what_is_tuned_on_and_what_is_measured_on_share_no_message() -> None:
    blind, tune = (
        {(label.org, label.question, label.history) for label in load_labels([DATA / "measure" / part])}
        for part in ("blind", "tune")
    )
    assert len(blind & tune) == 0


def test_the_given_examples_are_read_without_an_error(service: Service) -> None:
    """The examples lie beside the repository; elsewhere there is nothing to run."""
    if not any(EXAMPLES.glob("*.yaml")):
        pytest.skip("no examples here")
    from bot.errors import DataError

    try:
        labels = load_labels([EXAMPLES])
    except DataError as error:
        if error.code != "E106":
            raise
        pytest.skip("the examples hold no labelled questions")
    rows = {row.what: row.share for row in figures(run_labels(service, labels))}
    assert rows["questions: in three"] >= 0.9
