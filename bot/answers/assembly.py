"""Puts one organisation's answerer together from its knowledge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.analysis.analyzer import AnalysisConfig, Analyzer
from bot.analysis.spelling import Spelling
from bot.analysis.vocabulary import collect_vocabulary
from bot.answers.answerer import Answerer, Parts
from bot.answers.contacts import ContactFinder
from bot.answers.explaining import Explainer
from bot.answers.history import DialogueReader
from bot.answers.incidents import IncidentPlans
from bot.answers.reading import MessageReader
from bot.answers.wording import Wording
from bot.corpus.knowledge import Knowledge
from bot.model import Organization
from bot.retrieval.confidence import MEASURES, Calibration
from bot.retrieval.index import BM25Constants
from bot.retrieval.query import QueryBuilder
from bot.retrieval.retriever import Retriever, RetrieverConfig
from bot.retrieval.units import UnitWeights


def build_answerer(knowledge: Knowledge, org: str) -> Answerer:
    """The answerer of one organisation. Raises SettingsError or DataError where its knowledge is wrong."""
    organization = knowledge.organization(org)
    analysis = knowledge.analysis
    analyzer = Analyzer(clause_terms(analysis))
    whole = guideline_text(organization)
    messages = MessageReader(knowledge.intents, knowledge.incidents, analyzer.tokenizer, whole)
    retriever = Retriever(organization, knowledge.topics, analyzer, retriever_config(analysis))
    words = collect_vocabulary(vocabulary(organization, knowledge), analyzer)
    spelling = Spelling(words, analyzer, right=knowledge.intents.phrases())
    queries = QueryBuilder(analyzer, knowledge.thesaurus, spelling, retriever.knows)
    return Answerer(
        Parts(
            organization=organization,
            dialogues=DialogueReader(queries, messages),
            retriever=retriever,
            calibration=calibration(analysis["confidence"]),
            plans=IncidentPlans(organization, knowledge.incidents.kinds),
            contacts=ContactFinder(organization, knowledge.texts),
            wording=Wording(organization, knowledge.texts),
            explainer=Explainer(knowledge.texts),
        )
    )


def guideline_text(organization: Organization) -> str:
    """All that the document says, for questions of whether it mentions a thing at all."""
    guideline = organization.guideline
    parts = [guideline.title]
    for clause in guideline.clauses:
        parts += [clause.heading or "", clause.text]
    return "\n".join(parts)


def clause_terms(analysis: Mapping[str, Any]) -> AnalysisConfig:
    """The analyzer as clauses want it: single kanji count more than in long passages."""
    return replace(AnalysisConfig.from_mapping(analysis["analyzer"]), kanji=float(analysis["retriever"]["kanji"]))


def retriever_config(analysis: Mapping[str, Any]) -> RetrieverConfig:
    """The `retriever` part of analysis.yaml."""
    weights = {key: float(value) for key, value in analysis["retriever"].items()}
    units = clause_terms(analysis).units
    return RetrieverConfig(
        bm25=BM25Constants(weights["k1"], weights["b"], units),
        units=UnitWeights(weights["headings"], weights["questions"]),
        topic=weights["topic"],
        second_topic=weights["second_topic"],
        context=weights["context"],
        near=weights["near"],
    )


def calibration(confidence: Mapping[str, Any]) -> Calibration:
    """The `confidence` part of analysis.yaml."""
    return Calibration(
        bias=float(confidence["bias"]),
        weights={name: float(confidence["weights"][name]) for name in MEASURES},
        answered=float(confidence["answered"]),
        suggested=float(confidence["suggested"]),
    )


def vocabulary(organization: Organization, knowledge: Knowledge) -> list[str]:
    """The texts whose words the speller knows: the guideline, its questions and the thesaurus."""
    texts = [guideline_text(organization)]
    texts += [word for entry in knowledge.thesaurus for word in (*entry.say, *entry.means)]
    return texts
