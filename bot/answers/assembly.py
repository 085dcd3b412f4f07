"""Puts one organisation's answerer together from its knowledge."""

from __future__ import annotations

from dataclasses import replace

from bot.analysis.analyzer import AnalysisConfig, Analyzer
from bot.analysis.spelling import Spelling
from bot.analysis.vocabulary import collect_vocabulary
from bot.answers.answerer import Answerer, Parts
from bot.answers.explaining import Explainer
from bot.answers.history import DialogueReader
from bot.answers.incidents import IncidentPlans
from bot.answers.reading import MessageReader
from bot.answers.wording import Wording
from bot.corpus.contacts import ContactFinder
from bot.corpus.knowledge import Knowledge
from bot.corpus.schema import Node
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
            calibration=calibration(analysis, organization),
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


def clause_terms(analysis: Node) -> AnalysisConfig:
    """The analyzer as clauses want it: single kanji count more than in long passages."""
    config = AnalysisConfig.from_mapping(analysis.need("analyzer").value)
    return replace(config, kanji=analysis.need("retriever").need("kanji").number())


def retriever_config(analysis: Node) -> RetrieverConfig:
    """The `retriever` part of analysis.yaml."""
    part = analysis.need("retriever")
    return RetrieverConfig(
        bm25=BM25Constants(part.need("k1").number(), part.need("b").number(), clause_terms(analysis).units),
        units=UnitWeights(part.need("headings").number(), part.need("questions").number()),
        topic=part.need("topic").number(),
        second_topic=part.need("second_topic").number(),
        context=part.need("context").number(),
        near=part.need("near").number(),
    )


def calibration(analysis: Node, organization: Organization) -> Calibration:
    """The `confidence` part of analysis.yaml, or `confidence_uncurated` where nobody has written everyday questions."""
    part = analysis.need("confidence" if organization.faq else "confidence_uncurated")
    weights = part.need("weights").only(*MEASURES)
    return Calibration(
        bias=part.need("bias").number(),
        weights={name: weights.need(name).number() for name in MEASURES},
        answered=part.need("answered").number(),
        suggested=part.need("suggested").number(),
        related=analysis.need("retriever").need("related").number(),
    )


def vocabulary(organization: Organization, knowledge: Knowledge) -> list[str]:
    """The texts whose words the speller knows: the guideline, its questions and the thesaurus."""
    texts = [guideline_text(organization)]
    texts += [word for entry in knowledge.thesaurus for word in (*entry.say, *entry.means)]
    return texts
