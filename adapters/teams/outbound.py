"""A card → an Adaptive Card 1.5. Pure.

Foreign text stands in text runs, which know no markup; headings go through the escape. Nothing is cut: what is long
is folded, and what is too long for one card goes on in the next.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from adapters.teams.escaping import escape, plain
from adapters.teams.texts import COPY_LABEL, MORE, READ
from bot.blocks import (
    Actions,
    Block,
    Button,
    Card,
    Clauses,
    Contacts,
    Copyable,
    Feedback,
    Heading,
    Link,
    Note,
    Prompts,
    Quote,
    Steps,
    Text,
)

Element = dict[str, Any]

MOST_BYTES = 28 * 1024
"""Of one card as it goes over the line: the platform's limit is about this."""
SHOWN = 400
"""Characters of a quotation that stand open; the rest is folded."""
FALLBACK = 1_000
"""Characters for clients that cannot show cards at all."""
RUN = 1_000
"""Characters of one paragraph at most; a longer one goes on in the next, cut at the end of a sentence."""
DIALOG_VERBS = ("copy", "read")
"""Buttons whose answer opens in a dialog, for the one who pressed."""

_SENTENCE = re.compile(r"[^。]*。?")


class Renderer:
    """Renders cards for one site. `base`: the page's address for links to it, None to leave such links out."""

    def __init__(self, base: str | None) -> None:
        self._base = base

    def cards(self, card: Card) -> list[Element]:
        """The card, in as many parts as its length needs."""
        body = self._body(card, live=True)
        whole = _document(body, card.fallback)
        if size(whole) <= MOST_BYTES:
            return [whole]
        return [_document(part, card.fallback) for part in _parts(body)]

    def still(self, card: Card) -> Element:
        """The card without buttons that need the bot: for messages that somebody else sends, and for dialogs."""
        return _document(self._body(card, live=False), card.fallback)

    def link(self, url: str) -> str | None:
        """The whole address of a link, None where it leads nowhere from here."""
        if url.startswith("https://"):
            return url
        own = url.startswith("/") and not url.startswith("//")
        return f"{self._base}{url}" if own and self._base else None

    def _body(self, card: Card, *, live: bool) -> list[Element]:
        found: list[Element] = []
        for number, block in enumerate(card.blocks):
            found += self._block(block, number, live=live)
        if card.tone == "alarm" and found and found[0]["type"] == "TextBlock":
            found[0]["color"] = "Attention"
        return found

    def _block(self, block: Block, number: int, *, live: bool) -> list[Element]:  # noqa: C901, PLR0911  # one case a block
        match block:
            case Heading(text):
                return [_heading(text)]
            case Text(text):
                return _paragraphs(text)
            case Note(text):
                return _paragraphs(text, size="Small", isSubtle=True)
            case Quote():
                return _quote(block, number)
            case Steps(items):
                return [_run((f"{one.number}. ", "bold"), (one.text, ""), (f"（{one.ref.locator}）", "subtle"))
                        for one in items]  # fmt: skip
            case Clauses():
                return self._clauses(block, live=live)
            case Contacts(heading, items):
                lines = [_run((one.text, ""), (f"　{one.why}" if one.why else "", "subtle")) for one in items]
                return [_label(heading), *lines]
            case Prompts(heading, questions):
                return [
                    _label(heading),
                    *({**_actions([_prompt(one)]), "spacing": "Small"} for one in questions if live),
                ]
            case Copyable(text):
                return [_copyable(text, number)]
            case Actions(items):
                buttons = [action for one in items if (action := self._action(one, live=live))]
                return [_actions(buttons)] if buttons else []
            case Feedback():
                return []  # the platform's own 👍👎 stand below the message

    def _clauses(self, block: Clauses, *, live: bool) -> list[Element]:
        found = [_label(block.heading)]
        for item in block.items:
            of = f"{item.of} " if item.of else ""
            found.append(_run((f"{of}{item.ref.locator}", "bold"), (f"　{item.excerpt}", "")))
        if live:
            found.append(_actions([_submit("read", READ.format(locator=one.ref.locator), str(one.ref))
                                   for one in block.items]))  # fmt: skip
        return found

    def _action(self, item: Button | Link, *, live: bool) -> Element | None:
        if isinstance(item, Link):
            url = self.link(item.url)
            return None if url is None else {"type": "Action.OpenUrl", "title": plain(item.label), "url": url}
        if not live:
            return None
        return _prompt(item.value) if item.verb == "ask" else _submit(item.verb, item.label, item.value)


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


def _heading(text: str) -> Element:
    return {"type": "TextBlock", "text": escape(text), "size": "Medium", "weight": "Bolder", "wrap": True,
            "style": "heading"}  # fmt: skip


def _label(text: str) -> Element:
    return {"type": "TextBlock", "text": escape(text), "weight": "Bolder", "wrap": True, "spacing": "Medium"}


def _run(*texts: tuple[str, str]) -> Element:
    """One paragraph of runs; each is a text and how it looks (`bold`, `subtle`, empty)."""
    inlines = []
    for text, look in texts:
        if text:
            run: Element = {"type": "TextRun", "text": plain(text)}
            if look == "bold":
                run["weight"] = "Bolder"
            if look == "subtle":
                run |= {"isSubtle": True, "size": "Small"}
            inlines.append(run)
    return {"type": "RichTextBlock", "inlines": inlines, "spacing": "Small"}


def _paragraphs(text: str, **look: object) -> list[Element]:
    """A text, one element a line: clients differ in what they make of a line end inside a run."""
    return [
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": plain(part), **look}], "spacing": "Small"}
        for line in text.split("\n")
        if line.strip()
        for part in _pieces(line, RUN)
    ]


def _pieces(text: str, most: int) -> Iterator[str]:
    """The text in pieces of at most `most` characters, ended where a sentence ends if one does; joined, the text."""
    piece = ""
    for found in _SENTENCE.findall(text):
        sentence = str(found)
        while len(piece) + len(sentence) > most:
            if not piece:
                piece, sentence = sentence[:most], sentence[most:]
            yield piece
            piece = ""
        piece += sentence
    if piece:
        yield piece


def _quote(quote: Quote, number: int) -> list[Element]:
    head = _paragraphs("　".join((quote.ref.locator, *quote.breadcrumb)), size="Small", isSubtle=True)
    if quote.lead_in:
        head += _paragraphs(quote.lead_in, isSubtle=True)
    if quote.heading:
        head += _paragraphs(quote.heading, weight="Bolder")
    tail = _paragraphs(f"※ {quote.note}", size="Small", isSubtle=True) if quote.note else []
    tail += _paragraphs(quote.source, size="Small", isSubtle=True)
    return [{"type": "Container", "style": "emphasis", "items": [*head, *_folded(quote.text, number), *tail]}]


def _folded(text: str, number: int) -> list[Element]:
    """A quotation: its beginning, and behind a button the rest of it."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(text) <= SHOWN * 3 // 2:
        return _paragraphs(text)
    pieces = [(piece, last) for line in lines for piece, last in _marked(_pieces(line, SHOWN))]
    shown = 0
    count = 0
    while count < len(pieces) and (not count or shown + len(pieces[count][0]) <= SHOWN):
        shown += len(pieces[count][0])
        count += 1
    opened, rest = pieces[:count], pieces[count:]
    if not rest:
        return _paragraphs(text)
    name = f"rest{number}"
    toggle = {"type": "Action.ToggleVisibility", "title": MORE, "targetElements": [name]}
    hidden = {"type": "Container", "id": name, "isVisible": False, "items": _paragraphs(_joined(rest))}
    return [*_paragraphs(_joined(opened)), hidden, _actions([toggle])]


def _marked(pieces: Iterator[str]) -> Iterator[tuple[str, bool]]:
    """Each piece of a line, and whether it is the last."""
    found = list(pieces)
    return ((one, position == len(found)) for position, one in enumerate(found, 1))


def _joined(pieces: Sequence[tuple[str, bool]]) -> str:
    return "".join(piece + ("\n" if last else "") for piece, last in pieces)


def _copyable(text: str, number: int) -> Element:
    return {
        "type": "Input.Text",
        "id": f"copy{number}",
        "isMultiline": True,
        "label": COPY_LABEL,
        "value": plain(text),
        "height": "stretch",
    }


def _actions(actions: Sequence[Element]) -> Element:
    return {"type": "ActionSet", "actions": list(actions)}


def _submit(verb: str, label: str, value: str) -> Element:
    """A button. Copying and reading open a dialog; the others arrive as a message and are answered with one."""
    data: Element = {"verb": verb, "value": value}
    if verb in DIALOG_VERBS:
        data["msteams"] = {"type": "task/fetch"}
    return {"type": "Action.Submit", "title": plain(label), "data": data}


def _prompt(question: str) -> Element:
    """A button that asks as if the person had written the question."""
    said = {"type": "messageBack", "text": question, "displayText": escape(question),
            "value": {"verb": "ask", "value": question}}  # fmt: skip
    return {"type": "Action.Submit", "title": plain(question), "data": {"msteams": said}}
