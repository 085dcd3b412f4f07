"""The knowledge folder: organisations by id, and the shared files with the bundle as fallback."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from bot.corpus.course_file import load_course, load_course_defaults
from bot.corpus.drafts_file import load_draft_policy
from bot.corpus.intents import IncidentSigns, Intents, load_incidents, load_intents
from bot.corpus.organization_file import load_organization
from bot.corpus.rules_file import load_checklist, load_image_rules, load_lexicon, load_rules
from bot.corpus.schema import Node
from bot.course import Course, CourseDefaults
from bot.errors import SettingsError
from bot.model import Organization, ThesaurusEntry, Topic
from bot.rules import CheckItem, DraftPolicy, ImageRule, Rule

DEFAULT_WEIGHT = 0.8
SHORT_URLS = "short_urls.yaml"
DRAFT_FILES = ("checklist.yaml", "images.yaml", "ordinary.yaml", SHORT_URLS)
"""Files of the draft check beside the folders rules/ and lexicon/."""

SHARED = ("topics.yaml", "thesaurus.yaml", "intents.yaml", "incidents.yaml", "analysis.yaml", "texts.yaml")
"""The files that serve every organisation of a folder."""

ONBOARDING = "onboarding.yaml"
"""What every course starts from."""

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def bundle() -> Path:
    """The knowledge that ships with the program: inside the wheel, or beside bot/ in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_knowledge"
    return inside if inside.is_dir() else package.parent / "knowledge"


def is_organization_id(text: str) -> bool:
    """Ids are folder names: small Latin letters, digits, - and _; nothing that could leave the folder."""
    return _ID.fullmatch(text) is not None


class Knowledge:
    """One knowledge folder. Everything is read when first asked for and kept; nothing is ever changed."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or bundle()
        self._organizations: dict[str, Organization] = {}
        self._policies: dict[str, DraftPolicy] = {}
        self._courses: dict[str, Course | None] = {}

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The organisations in this folder, sorted. Raises SettingsError where it is no knowledge folder."""
        folder = self.root / "organizations"
        if not folder.is_dir():
            raise SettingsError(
                "E201",
                f"「{self.root}」に organizations/ がありません。--knowledge の指定を確かめてください。",
                f"the knowledge folder '{self.root}' has no organizations/; check --knowledge.",
            )
        named = (one.name for one in folder.iterdir() if (one / "organization.yaml").is_file())
        return tuple(sorted(name for name in named if is_organization_id(name)))

    def folder(self, org: str) -> Path:
        """Where one organisation's files lie. Raises SettingsError for an unknown one, listing the known."""
        if not is_organization_id(org) or org not in self.ids:
            known = "、".join(self.ids) or "（なし）"
            raise SettingsError(
                "E202",
                f"団体「{org[:64]}」は登録されていません。使えるのは: {known}",
                f"unknown organisation '{org[:64]}'; known: {', '.join(self.ids) or '(none)'}",
            )
        return self.root / "organizations" / org

    def organization(self, org: str) -> Organization:
        """One organisation. Raises SettingsError when unknown, DataError when its files are wrong."""
        if org not in self._organizations:
            self._organizations[org] = load_organization(self.folder(org))
        return self._organizations[org]

    def name(self, org: str) -> str:
        """An organisation's name alone, without its clauses. Raises as `organization` does."""
        if org in self._organizations:
            return self._organizations[org].name
        return Node.load(self.folder(org) / "organization.yaml").need("name").text()

    def shared(self, name: str) -> Path:
        """A shared file or folder: this knowledge's own, else the bundle's."""
        own = self.root / name
        return own if own.exists() else bundle() / name

    def files(self, org: str) -> tuple[Path, ...]:
        """All files an organisation's answers are made of. Raises SettingsError for an unknown one."""
        return (*sorted(self.folder(org).glob("*.yaml")), *(self.shared(name) for name in SHARED))

    def draft_files(self) -> tuple[Path, ...]:
        """All files that the rules of the draft check are made of, for every organisation."""
        folders = (self.shared("rules"), self.shared("lexicon"))
        names = (*DRAFT_FILES, "topics.yaml")
        policies = (self.folder(org) / "drafts.yaml" for org in self.ids)
        lists = (self.shared(name) for name in names)
        return (*policies, *lists, *(one for at in folders for one in sorted(at.glob("*.yaml"))))

    def draft_policy(self, org: str) -> DraftPolicy:
        """An organisation's drafts.yaml. Raises SettingsError when unknown, DataError when it is wrong."""
        if org not in self._policies:
            clauses = self.organization(org).guideline.clauses
            locators = frozenset(clause.locator for clause in clauses)
            self._policies[org] = load_draft_policy(self.folder(org), locators, tuple(self.topics))
        return self._policies[org]

    def course(self, org: str) -> Course | None:
        """An organisation's course.yaml, None where it has none. Raises as `organization` does.

        It may cite clauses that have changed since: see `digests.stale`.
        """
        if org not in self._courses:
            self._courses[org] = load_course(self.folder(org), self.course_defaults)
        return self._courses[org]

    @cached_property
    def course_defaults(self) -> CourseDefaults:
        """onboarding.yaml."""
        return load_course_defaults(self.shared(ONBOARDING), self.topics)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """rules/*.yaml by id."""
        return load_rules(self.shared("rules"), self.topics)

    @cached_property
    def lexicon(self) -> dict[str, tuple[str, ...]]:
        """lexicon/*.yaml: lists of expressions by name."""
        return load_lexicon(self.shared("lexicon"))

    @cached_property
    def checklist(self) -> tuple[CheckItem, ...]:
        """checklist.yaml in file order."""
        return load_checklist(self.shared("checklist.yaml"), self.topics)

    @cached_property
    def ordinary(self) -> tuple[str, ...]:
        """ordinary.yaml: posts that break no rule, of every kind that towns and their staff write."""
        return tuple(text for _, node in Node.load(self.shared("ordinary.yaml")).items() for text in node.texts())

    @cached_property
    def image_rules(self) -> tuple[ImageRule, ...]:
        """images.yaml in file order."""
        return load_image_rules(self.shared("images.yaml"), self.topics)

    @cached_property
    def topics(self) -> dict[str, Topic]:
        """topics.yaml by id."""
        return {topic: _topic(topic, node) for topic, node in Node.load(self.shared("topics.yaml")).items()}

    @cached_property
    def thesaurus(self) -> tuple[ThesaurusEntry, ...]:
        """thesaurus.yaml in file order."""
        return tuple(_entry(node) for node in Node.load(self.shared("thesaurus.yaml")).each())

    @cached_property
    def intents(self) -> Intents:
        """intents.yaml."""
        return load_intents(self.shared("intents.yaml"))

    @cached_property
    def incidents(self) -> IncidentSigns:
        """incidents.yaml."""
        return load_incidents(self.shared("incidents.yaml"))

    @cached_property
    def analysis(self) -> Node:
        """analysis.yaml: `analyzer`, `bm25`, `retriever`, `confidence`; who uses a part checks it."""
        return Node.load(self.shared("analysis.yaml"))

    @cached_property
    def texts(self) -> dict[str, str]:
        """texts.yaml: the bot's wording by key; what a folder's own file leaves out comes from the bundle."""
        files = dict.fromkeys((bundle() / "texts.yaml", self.shared("texts.yaml")))
        return {key: node.text() for file in files for key, node in Node.load(file).items()}


def _topic(topic: str, node: Node) -> Topic:
    node.only("label", "words", "clause_words", "questions", "prompt")
    return Topic(
        topic,
        node.need("label").text(),
        node.need("words").texts(),
        node.need("clause_words").texts(),
        node.need("questions").texts(),
        node.opt_text("prompt"),
    )


def _entry(node: Node) -> ThesaurusEntry:
    node.only("say", "means", "weight")
    weight = node.get("weight")
    value = DEFAULT_WEIGHT if weight is None else weight.number()
    if weight is not None and not 0 < value <= 1:
        weight.fail("weight は 0 より大きく 1 以下の数です。", "weight is above 0 and at most 1.")
    return ThesaurusEntry(node.need("say").texts(), node.need("means").texts(), value)
