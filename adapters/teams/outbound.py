"""A card → an Adaptive Card 1.5. Pure.

Nothing of the bot's is cut: what is long is folded, and what is too long for one card goes on in the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from adapters.teams.elements import (
    SHOWN,
    Element,
    action_set,
    copyable,
    excerpt,
    form,
    heading,
    label,
    line,
    paragraphs,
    progress,
    quotation,
    table,
)
from adapters.teams.escaping import escape, plain
from adapters.teams.texts import READ
from bot.blocks import (
    Actions,
    Block,
    Button,
    Card,
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
    Steps,
    Table,
    Text,
)

MOST_BYTES = 28 * 1024
"""Of one card as it goes over the line: the platform's limit is about this."""
DIALOG_BYTES = 80_000
"""Of a dialog's one card: the platform takes 100 KB and asks for no more than 80."""
FALLBACK = 1_000
"""Characters for clients that cannot show cards at all."""
DIALOG_VERBS = ("copy", "read", "open_check")
"""Buttons whose answer opens in a dialog, for the one who pressed."""
INSIDE_VERBS = ("copy", "read", "check", "dismiss", "false_alarm")
"""Buttons that a dialog answers itself."""

Surface = Literal["message", "dialog", "still"]
"""Where a card is shown: in a message of the bot's, in a dialog, or where no button of ours works."""


class Renderer:
    """Renders cards for one site. `base`: the page's address for links to it, None to leave such links out."""

    def __init__(self, base: str | None) -> None:
        self._base = base

    def cards(self, card: Card) -> list[Element]:
        """The card, in as many parts as its length needs."""
        body = self._body(card, "message")
        whole = _document(body, card.fallback)
        if size(whole) <= MOST_BYTES:
            return [whole]
        return [_document(part, card.fallback) for part in _parts(body)]

    def still(self, card: Card) -> Element:
        """The card without buttons that need the bot: for messages that somebody else sends, and for dialogs."""
        return _document(self._body(card, "still"), card.fallback)

    def dialog(self, card: Card) -> Element:
        """The card for a dialog whose buttons the bot answers; too long, only the beginnings of its quotations."""
        whole = _document(self._body(card, "dialog"), card.fallback)
        if size(whole) <= DIALOG_BYTES:
            return whole
        blocks = tuple(part for block in card.blocks for part in _beginning(block))
        return _document(self._body(replace(card, blocks=blocks), "dialog"), card.fallback)

    def link(self, url: str) -> str | None:
        """The whole address of a link, None where it leads nowhere from here."""
        if url.startswith("https://"):
            return url
        own = url.startswith("/") and not url.startswith("//")
        return f"{self._base}{url}" if own and self._base else None

    def _body(self, card: Card, surface: Surface) -> list[Element]:
        found: list[Element] = []
        for number, block in enumerate(card.blocks):
            found += self._block(block, number, surface)
        titled = next((one for one in found if one["type"] == "TextBlock"), None)
        if card.tone == "alarm" and titled is not None and (surface == "dialog" or titled is found[0]):
            titled["color"] = "Attention"
        return found

    def _block(self, block: Block, number: int, surface: Surface) -> list[Element]:  # noqa: C901, PLR0911, PLR0912  # one case a block
        match block:
            case Heading(text):
                return [heading(text)]
            case Text(text):
                return paragraphs(text)
            case Note(text):
                return paragraphs(text, size="Small", isSubtle=True)
            case Quote():
                return quotation(block, number)
            case Steps(items):
                return [line((f"{one.number}. ", "bold"), (one.text, ""), (f"（{one.ref.locator}）", "subtle"))
                        for one in items]  # fmt: skip
            case Clauses():
                return self._clauses(block, surface)
            case Contacts(title, items):
                lines = [line((one.text, ""), (f"　{one.why}" if one.why else "", "subtle")) for one in items]
                return [label(title), *lines]
            case Prompts(title, questions):
                asked = questions if surface == "message" else ()
                return [label(title), *({**action_set([_prompt(one)]), "spacing": "Small"} for one in asked)]
            case Copyable(text):
                return [copyable(text, number)]
            case Actions(items):
                buttons = [action for one in items if (action := self._action(one, surface))]
                return [action_set(buttons)] if buttons else []
            case Feedback():
                return []  # the platform's own 👍👎 stand below the message
            case Excerpt():
                return [excerpt(block)]
            case Form():
                return [] if surface == "still" else [form(block)]
            case Progress():
                return [progress(block)]
            case Table():
                return table(block)

    def _clauses(self, block: Clauses, surface: Surface) -> list[Element]:
        found = [label(block.heading)]
        for item in block.items:
            of = f"{item.of} " if item.of else ""
            found.append(line((f"{of}{item.ref.locator}", "bold"), (f"　{item.excerpt}", "")))
        if surface != "still":
            found.append(action_set([_submit("read", READ.format(locator=one.ref.locator), str(one.ref), surface)
                                     for one in block.items]))  # fmt: skip
        return found

    def _action(self, item: Button | Link, surface: Surface) -> Element | None:
        if isinstance(item, Link):
            url = self.link(item.url)
            return None if url is None else {"type": "Action.OpenUrl", "title": plain(item.label), "url": url}
        if surface == "still" or (surface == "dialog" and item.verb not in INSIDE_VERBS):
            return None
        found = _prompt(item.value) if item.verb == "ask" else _submit(item.verb, item.label, item.value, surface)
        return {**found, "tooltip": plain(item.hint)} if item.hint else found


def size(card: Element) -> int:
    """Bytes of a card on the line."""
    return len(json.dumps(card, ensure_ascii=False).encode())


def _document(body: Sequence[Element], fallback: str) -> Element:
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "lang": "ja",
        "body": list(body),
        "fallbackText": escape(fallback)[:FALLBACK],
        "msteams": {"width": "Full"},
    }


def _parts(body: Sequence[Element]) -> Iterator[list[Element]]:
    """The body in pieces that fit; a folded quotation that is too long for one card stands open in several."""
    room = MOST_BYTES - size(_document([], "あ" * FALLBACK))
    piece: list[Element] = []
    for element in body:
        fits = [element] if size(element) <= room else _opened(element)
        for one in fits:
            if piece and sum(map(size, piece)) + size(one) + 2 * len(piece) > room:
                yield piece
                piece = []
            piece.append(one)
    yield piece


def _opened(element: Element) -> list[Element]:
    """The lines of a container, the folded ones with them."""
    found: list[Element] = []
    for one in element.get("items", []):
        if one["type"] == "Container":
            found += _opened(one)
        elif one["type"] != "ActionSet":
            found.append(one)
    return found


def _beginning(block: Block) -> tuple[Block, ...]:
    """A quotation's beginning, with a button that opens the whole; any other block as it is."""
    if not isinstance(block, Quote) or len(block.text) <= SHOWN:
        return (block,)
    button = Button("read", READ.format(locator=block.ref.locator), str(block.ref))
    return (replace(block, text=f"{block.text[:SHOWN]}…"), Actions((button,)))


def _submit(verb: str, title: str, value: str, surface: Surface) -> Element:
    """A button. From a message some open a dialog, the others arrive as a message and are answered with one."""
    data: Element = {"verb": verb, "value": value}
    if verb in DIALOG_VERBS and surface == "message":
        data["msteams"] = {"type": "task/fetch"}
    return {"type": "Action.Submit", "title": plain(title), "data": data}


def _prompt(question: str) -> Element:
    """A button that asks as if the person had written the question."""
    said = {"type": "messageBack", "text": question, "displayText": escape(question),
            "value": {"verb": "ask", "value": question}}  # fmt: skip
    return {"type": "Action.Submit", "title": plain(question), "data": {"msteams": said}}
