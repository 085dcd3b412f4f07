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
    button,
    context,
    cut,
    header,
    leads_to,
    link,
    paragraphs,
    person,
    pieces,
    plain,
    rich,
    rows,
    section,
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
    Feedback,
    Heading,
    Link,
    Note,
    Prompts,
    Quote,
    Step,
    Steps,
    Text,
)
from bot.blocks import Block as CardBlock

QUOTED = 700
"""Characters of a clause shown in a message; a button opens the rest."""
MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_CHARACTERS, VIEW_CHARACTERS = 8500, 60_000
"""Slack shows about 13,000 characters of a message, its fallback text included, and takes 250 KB of a view."""
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
    renderer = _Renderer(page, surface, alarm=card.tone == "alarm")
    parts = [renderer.blocks(block) for block in card.blocks]
    kept = [index for index, block in enumerate(card.blocks) if isinstance(block, Actions | Feedback)]
    return Rendered(fallback(card.fallback), _fitted(parts, kept, surface))


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


def _fitted(parts: Sequence[list[Block]], kept: Sequence[int], surface: Surface) -> list[Block]:
    """As many blocks as Slack takes. Buttons and feedback always stay, and it is said where something is missing."""
    most, room = (
        (MESSAGE_BLOCKS, MESSAGE_CHARACTERS) if surface == "message" else (VIEW_BLOCKS, VIEW_CHARACTERS)
    )  # fmt: skip
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

    def __init__(self, page: str | None, surface: Surface, *, alarm: bool) -> None:
        self._page = page
        self._surface = surface
        self._alarm = alarm

    def blocks(self, block: CardBlock) -> list[Block]:  # noqa: C901, PLR0911  # one a kind of block
        match block:
            case Heading(text):
                return header(texts.ALARM + text if self._alarm else text)
            case Text(text):
                return paragraphs(text)
            case Note(text):
                return context(text)
            case Quote():
                return self._quote(block)
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
            case _:
                assert_never(block)

    def _quote(self, quote: Quote) -> list[Block]:
        above = "\n".join(part for part in (*quote.breadcrumb, quote.lead_in or "") if part)
        whole = self._surface != "message"
        shown = pieces(quote.text) if whole else [cut(quote.text, QUOTED)]
        blocks = [*context(above), *paragraphs(quote.heading or "", bold=True)]
        blocks += [rich("quote", [words(piece)]) for piece in shown if piece]
        blocks += context(f"※ {quote.note}") if quote.note else []
        source: list[Element] = [words(quote.source)]
        if quote.url and quote.url.startswith("https://"):
            source += [words("　"), link(texts.ORIGINAL, quote.url)]
        blocks.append(rich("section", source))
        cut_off = not whole and len(quote.text) > QUOTED
        return blocks + (rows([button("read:all", texts.READ_ALL, str(quote.ref))]) if cut_off else [])

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
            return button(f"{item.verb}:{number}", item.label, item.value)
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
