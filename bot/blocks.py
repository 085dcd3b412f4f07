"""The neutral card: a closed set of semantic blocks. Each front renders every one of them as well as it can.

Every text in a block is foreign text (a clause, a question, a name): a renderer escapes all of it for its platform.
No block holds markup, colours or sizes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from bot.model import Severity

Verb = Literal[
    "copy", "read", "refer", "share", "ask", "contacts", "home", "open_check", "check", "false_alarm", "dismiss",
    "course", "lesson", "quiz", "acknowledge"
]  # fmt: skip
"""What a button asks for; `commands.pressed` turns one into a command."""

_RULE = re.compile(r"[a-z0-9_-]{1,64}")
_DIGEST = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class ClauseRef:
    """One clause of one organisation. `str()` is `org/locator`, as buttons carry it."""

    org: str
    locator: str

    def __str__(self) -> str:
        """As buttons carry it."""
        return f"{self.org}/{self.locator}"

    @property
    def path(self) -> str:
        """Where the clause stands on the web page, below the page's base address."""
        return f"/guidelines/{quote(self.org)}#{quote(self.locator)}"

    @classmethod
    def parse(cls, text: str) -> ClauseRef | None:
        """The reverse of `str()`; None for anything else."""
        org, slash, locator = text.partition("/")
        return cls(org, locator) if slash and org and locator else None


@dataclass(frozen=True, slots=True)
class FindingRef:
    """A finding as buttons carry it: the rule, and a keyed digest of the words in place of the words."""

    rule: str
    digest: str

    def __str__(self) -> str:
        """As buttons carry it."""
        return f"{self.rule}/{self.digest}"

    @classmethod
    def parse(cls, text: str) -> tuple[FindingRef | None, str | None]:
        """The reverse of `str()`, and the reason that may stand behind it: `rule/digest/reason`."""
        rule, _, rest = text.partition("/")
        digest, _, reason = rest.partition("/")
        fine = _RULE.fullmatch(rule) and _DIGEST.fullmatch(digest)
        return (cls(rule, digest), reason or None) if fine else (None, None)


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a card or of a part of it."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of the bot's own; line ends stay."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: for which account a clause holds, what was understood."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A clause word for word with where it stands. `text` may be long: show its beginning and a way to the rest.

    `breadcrumb` are the headings above, outermost first; `lead_in` is the text the clause completes; `source`
    is document, date and locator on one line, ready to show. `note` is curation's remark on a misprint.
    `url` is the document's own address where it has an https one.
    """

    ref: ClauseRef
    breadcrumb: tuple[str, ...]
    lead_in: str | None
    heading: str | None
    text: str
    note: str | None
    source: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an incident plan, word for word."""

    number: int
    text: str
    ref: ClauseRef


@dataclass(frozen=True, slots=True)
class Steps:
    """What to do now, in order."""

    items: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ClauseItem:
    """A clause in a list: `excerpt` is its beginning; `of` names the organisation where it is not one's own."""

    ref: ClauseRef
    excerpt: str
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Clauses:
    """Clauses worth reading; each can be opened (`read`)."""

    heading: str
    items: tuple[ClauseItem, ...]


@dataclass(frozen=True, slots=True)
class ContactItem:
    """Whom to ask. `text` is name and numbers on one line as a person reads them; `phone` is for a tel: link."""

    name: str
    text: str
    phone: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Contacts:
    """Offices to ask."""

    heading: str
    items: tuple[ContactItem, ...]


@dataclass(frozen=True, slots=True)
class Prompts:
    """Questions that one press asks."""

    heading: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Copyable:
    """Text to be copied in one go, line ends included."""

    text: str


@dataclass(frozen=True, slots=True)
class Button:
    """`value` goes back with the press: a clause, an answer's id or a question.

    `hint`: what a screen reader says in place of a label that is only a sign.
    """

    verb: Verb
    label: str
    value: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Leads to a page of ours (`url` begins with /; leave it out where the page has no address) or to https."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Actions:
    """What can be done with the card."""

    items: tuple[Button | Link, ...]


@dataclass(frozen=True, slots=True)
class Feedback:
    """👍👎 on the answer with this id."""

    answer: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of a draft that a finding is about. `label` says number, severity and subject, ready to show."""

    label: str
    text: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of a form: one of `options`, each (value, label). `value` is chosen already, None: nothing yet."""

    id: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A field of a form for a long text; `value` stands in it already."""

    id: str
    label: str
    hint: str
    value: str
    limit: int


@dataclass(frozen=True, slots=True)
class Form:
    """Fields and a button that sends them: `submitted` makes a command of `verb` and the values by field id."""

    verb: Verb
    submit: str
    fields: tuple[Choice | Area, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody is: a bar of `total` parts, `done` of them full. `text` says the same in words."""

    done: int
    total: int
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Figures by rows; every row has a cell for each column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = (
    Heading | Text | Note | Quote | Steps | Clauses | Contacts | Prompts | Copyable | Actions | Feedback | Excerpt
    | Form | Progress | Table
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """What is shown. `fallback` is the whole in plain text, for notifications and plain clients.

    `answer` is the id of the answer shown, None for cards that are none; `tone` tells renderers how grave it is.
    """

    blocks: tuple[Block, ...]
    fallback: str
    answer: str | None = None
    tone: Literal["plain", "answer", "unsure", "alarm"] = "plain"
