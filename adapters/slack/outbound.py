"""Card → Block Kit and fallback text; pure. What Slack limits is limited here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, assert_never

from adapters.slack import texts
from adapters.slack.blocks import (
    LABEL,
    SECTION,
    Block,
    Element,
    bar,
    button,
    columns,
    context,
    cut,
    header,
    leads_to,
    link,
    paragraphs,
    person,
    pieces,
    plain,
    revealed,
    rich,
    rows,
    section,
    stacked,
    words,
)
from bot.blocks import (
    Actions,
    Button,
    Card,
    ClauseItem,
    Clauses,
    Contacts,
    Copyable,
    Excerpt,
    Feedback,
    Form,
    Heading,
    Link,
    Note,
    Progress,
    Prompts,
    Quote,
    Step,
    Steps,
    Table,
    Text,
)
from bot.blocks import Block as CardBlock

QUOTED = 700
"""Characters of a clause shown in a message; a button opens the rest."""
MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_CHARACTERS, VIEW_CHARACTERS = 8500, 60_000
"""Slack shows about 13,000 characters of a message, its fallback text included, and takes 250 KB of a view."""
REPORT_CHARACTERS = 12_000
"""Of a report in a view: Slack sends the whole view back with every press, and the door takes 256 KiB of it."""
FALLBACK = 3000

Surface = Literal["message", "modal", "home"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """What Slack is sent: `text` for notifications and plain clients, and the blocks."""

    text: str
    blocks: list[Block]


def escape(text: str) -> str:
    """The one escape: after it nothing in the text is a mention, a channel or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fallback(text: str) -> str:
    """The plain text of a card, escaped; at most 3,000 characters, cut before escaping and never inside an entity."""
    most = FALLBACK
    while len(escaped := escape(cut(text, most))) > FALLBACK:
        most = most * FALLBACK // len(escaped)
    return escaped if escaped.strip() else texts.NOTICE_TITLE  # Slack refuses a message without one


def render(card: Card, page: str | None, surface: Surface = "message") -> Rendered:
    """The card as blocks. `page`: the web page's address where others reach it, None: no links to it."""
    report = any(isinstance(block, Excerpt) or _of_finding(block) for block in card.blocks)
    renderer = _Renderer(page, surface, alarm=card.tone == "alarm", report=report)
    parts = [renderer.blocks(block) for block in card.blocks]
    kept = [index for index, block in enumerate(card.blocks) if _stays(block)]
    room = MESSAGE_CHARACTERS if surface == "message" else REPORT_CHARACTERS if report else VIEW_CHARACTERS
    return Rendered(fallback(card.fallback), _fitted(parts, kept, surface, room))


def signed(rendered: Rendered, user: str, said: str) -> Rendered:
    """With a line below that names a person: the one who asked, the one who shared."""
    return Rendered(
        rendered.text, [*rendered.blocks[: MESSAGE_BLOCKS - 1], rich("section", [person(user), words(said)])]
    )


def asked(rendered: Rendered, question: str) -> Rendered:
    """With the question above it."""
    above = context(cut(texts.ASKED.format(question=question), 300))
    return Rendered(rendered.text, [*above, *rendered.blocks[: MESSAGE_BLOCKS - len(above)]])


def characters(block: Any) -> int:
    """Characters of text in a block, in whatever depth."""
    if isinstance(block, dict):
        own = len(block["text"]) if isinstance(block.get("text"), str) else 0
        return own + sum(characters(value) for value in block.values() if isinstance(value, dict | list))
    return sum(characters(one) for one in block) if isinstance(block, list) else 0


def _of_finding(block: CardBlock) -> bool:
    """Whether these are the buttons of one finding among others: without it they would mean nothing."""
    return isinstance(block, Actions) and any(
        isinstance(item, Button) and item.verb in ("dismiss", "false_alarm") for item in block.items
    )


def _stays(block: CardBlock) -> bool:
    return isinstance(block, Actions | Feedback) and not _of_finding(block)


def _fitted(parts: Sequence[list[Block]], kept: Sequence[int], surface: Surface, room: int) -> list[Block]:
    """As many blocks as Slack takes. Buttons and feedback always stay, and it is said where something is missing."""
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    most -= 2 + sum(len(parts[index]) for index in kept)  # a line of our own, and a question or a name around it
    room -= sum(characters(parts[index]) for index in kept)
    found: list[Block] = []
    short = False
    for index, part in enumerate(parts):
        if index in kept:
            found += (context(texts.SHORTENED) if short else []) + part
            short = False
            continue
        for block in part:
            if most < 1 or characters(block) > room:
                short, most = True, 0
                break
            found.append(block)
            most, room = most - 1, room - characters(block)
    return found + (context(texts.SHORTENED) if short else [])


class _Renderer:
    """One card's blocks. Actions of a message need ids of their own only within their block."""

    def __init__(self, page: str | None, surface: Surface, *, alarm: bool, report: bool) -> None:
        self._page = page
        self._surface = surface
        self._alarm = alarm
        self._report = report

    def blocks(self, block: CardBlock) -> list[Block]:  # noqa: C901, PLR0911, PLR0912  # one a kind of block
        match block:
            case Heading(text):
                sign, self._alarm = texts.ALARM if self._alarm else "", False
                return header(sign + text)
            case Text(text):
                return paragraphs(text)
            case Note(text):
                return context(text)
            case Quote():
                return self._compact(block) if self._report else self._quote(block)
            case Excerpt(label, text):
                said = revealed(cut(text, QUOTED))
                return [stacked(("section", [words(label, bold=True)]), ("preformatted", [words(said)]))]
            case Form(verb, submit):  # fields stand in a view of their own, see forms.py
                return rows([button(f"open_{verb}:form", submit, "")])
            case Steps(items):
                return self._steps(items)
            case Clauses(heading, items):
                return [*paragraphs(heading, bold=True), *(self._clause(item) for item in items)]
            case Contacts(heading, items):
                offices = [[words(item.text, bold=True), *_why(item.why)] for item in items]
                return [*paragraphs(heading, bold=True), *_list(offices, "bullet")]
            case Prompts(heading, questions):
                asks = [button(f"ask:{n}", one, one) for n, one in enumerate(questions)]
                return [*context(heading), *rows(asks)]
            case Copyable(text):
                return [rich("preformatted", [words(piece)]) for piece in pieces(text)]
            case Actions(items):
                return rows(self._action(item, number) for number, item in enumerate(items))
            case Feedback(answer):
                return self._feedback(answer)
            case Progress(done, total, text):
                return context(f"{text}　{bar(done, total)}")  # words first: whoever listens need not count signs
            case Table():
                return _table(block)
            case _:
                assert_never(block)

    def _quote(self, quote: Quote) -> list[Block]:
        above = "\n".join(part for part in (*quote.breadcrumb, quote.lead_in or "") if part)
        whole = self._surface != "message"
        shown = pieces(quote.text) if whole else [cut(quote.text, QUOTED)]
        blocks = [*context(above), *paragraphs(quote.heading or "", bold=True)]
        blocks += [rich("quote", [words(piece)]) for piece in shown if piece]
        blocks += context(f"※ {quote.note}") if quote.note else []
        blocks.append(rich("section", _source(quote)))
        cut_off = not whole and len(quote.text) > QUOTED
        return blocks + (rows([button("read:all", texts.READ_ALL, str(quote.ref))]) if cut_off else [])

    def _compact(self, quote: Quote) -> list[Block]:
        """One of several clauses of a report: in one block, its beginning only."""
        above = "\n".join(part for part in (*quote.breadcrumb, quote.lead_in or "", quote.heading or "") if part)
        note = [words(f"※ {quote.note}\n")] if quote.note else []
        block = stacked(
            ("section", [words(cut(above, QUOTED))] if above else []),
            ("quote", [words(cut(quote.text, QUOTED))] if quote.text else []),
            ("section", [*note, *_source(quote)]),
        )
        more = [button("read:all", texts.READ_ALL, str(quote.ref))] if len(quote.text) > QUOTED else []
        return [block, *rows(more)]

    def _steps(self, steps: Sequence[Step]) -> list[Block]:
        """In one list; a button for each step that does not fit."""
        shown = [[words(cut(step.text, QUOTED)), words(f"（{step.ref.locator}）")] for step in steps]
        long = [(n, step) for n, step in enumerate(steps) if len(step.text) > QUOTED]
        more = [button(f"read:{n}", f"{one.number}. {texts.READ_ALL}", str(one.ref)) for n, one in long]
        return [*_list(shown, "ordered"), *rows(more)]

    def _clause(self, item: ClauseItem) -> Block:
        text = f"{item.of} {item.ref.locator} {item.excerpt}" if item.of else f"{item.ref.locator} {item.excerpt}"
        return section(cut(text, QUOTED), button("read", texts.READ, str(item.ref)))

    def _action(self, item: Button | Link, number: int) -> Element | None:
        if isinstance(item, Button):
            return button(f"{item.verb}:{number}", item.label, item.value, item.hint)
        url = item.url
        if url.startswith("/"):
            if self._page is None:
                return None
            url = self._page.rstrip("/") + url
        return leads_to(f"open:{number}", item.label, url) if url.startswith(("https://", "http://")) else None

    def _feedback(self, answer: str) -> list[Block]:
        """Slack's own feedback buttons; views do not take them and get two plain ones."""
        if self._surface != "message":
            up = button("rate_up", f"{texts.RATE_UP} {texts.RATE_UP_LABEL}", answer)
            return rows([up, button("rate_down", f"{texts.RATE_DOWN} {texts.RATE_DOWN_LABEL}", answer)])
        element = {
            "type": "feedback_buttons",
            "action_id": "rate",
            "positive_button": _thumb(texts.RATE_UP, texts.RATE_UP_LABEL, f"up:{answer}"),
            "negative_button": _thumb(texts.RATE_DOWN, texts.RATE_DOWN_LABEL, f"down:{answer}"),
        }
        return [{"type": "context_actions", "elements": [element]}]


def _source(quote: Quote) -> list[Element]:
    """Where the clause stands, and the document itself where it has an address."""
    there = quote.url and quote.url.startswith("https://")
    return [words(quote.source), *([words("　"), link(texts.ORIGINAL, quote.url)] if there and quote.url else [])]


def _table(table: Table) -> list[Block]:
    """As preformatted text: Slack takes one table of its own in a message, and refuses all for one cell."""
    said = columns([table.columns, *table.rows])
    return [rich("preformatted", [words(piece)]) for piece in pieces(said) if piece.strip()]


def _thumb(sign: str, label: str, value: str) -> Element:
    return {"text": plain(sign, LABEL), "accessibility_label": label, "value": value}


def _why(why: str) -> list[Element]:
    return [words(f"\n{cut(why, QUOTED)}")] if why else []


def _list(items: Sequence[Sequence[Element]], style: str) -> list[Block]:
    """Lists of at most so many characters that each stays a block Slack takes; numbering goes on."""
    groups: list[list[Sequence[Element]]] = []
    room = 0
    for item in items:
        size = characters(list(item))
        if not groups or size > room:
            groups.append([])
            room = SECTION
        groups[-1].append(item)
        room -= size
    blocks, done = [], 0
    for group in groups:
        sections = [{"type": "rich_text_section", "elements": list(item)} for item in group]
        blocks.append(rich("list", sections, style=style, **({"offset": done} if done and style == "ordered" else {})))
        done += len(group)
    return blocks
