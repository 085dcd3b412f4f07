"""Cards → what Teams is sent: message activities, dialogs, the list of a search; all plain JSON."""

from __future__ import annotations

from typing import Any

from adapters.teams.elements import Element
from adapters.teams.escaping import escape
from adapters.teams.outbound import Renderer
from adapters.teams.texts import CITED
from bot.blocks import Card, Feedback, Quote, Steps, Text

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
PREVIEW_TYPE = "application/vnd.microsoft.card.thumbnail"
MOST_NAME, MOST_ABSTRACT, MOST_CITATIONS = 80, 160, 20
"""The platform's limits for a citation (Microsoft's reference of ClientCitationAppearance)."""
SUMMARY = 200
EXCERPT = 80


def messages(card: Card, renderer: Renderer) -> list[Element]:
    """The card as messages, in order: what it rests on, as text with the platform's citation marks; the card itself.

    They are two because the platform would split one of text and card by itself, and then tell us no id, which the
    thumbs need. A card of plain paragraphs is one message of text.
    """
    if all(isinstance(block, Text) for block in card.blocks):
        return [_message(text=escape(card.fallback), textFormat="plain")]
    found = [_message(attachments=[{"contentType": CARD_TYPE, "content": part}]) for part in renderer.cards(card)]
    found[0]["summary"] = escape(card.fallback)[:SUMMARY]
    if any(isinstance(block, Feedback) for block in card.blocks):
        found[-1]["channelData"] = {"feedbackLoop": {"type": "default"}}
    claims = _citations(card, renderer)
    if claims:
        marks = (f"{claim['appearance']['name']} [{claim['position']}]" for claim in claims)
        found.insert(0, _message(text=CITED + "、".join(marks), entities=[_cited(claims)]))
    return found


def _message(**fields: Any) -> Element:
    return {"type": "message", **fields}


def _cited(claims: list[Element]) -> Element:
    """The entity that carries citations (Microsoft's reference of bot messages with AI features)."""
    return {
        "type": "https://schema.org/Message",
        "@type": "Message",
        "@context": "https://schema.org",
        "@id": "",
        "citation": claims,
    }


def _citations(card: Card, renderer: Renderer) -> list[Element]:
    """The clauses that an answer rests on, for the platform's own citation marks."""
    found: list[tuple[str, str, str | None]] = []
    for block in card.blocks:
        if isinstance(block, Quote):
            found.append((block.source, block.text, renderer.link(block.ref.path)))
        elif isinstance(block, Steps):
            found += [(step.ref.locator, step.text, renderer.link(step.ref.path)) for step in block.items]
    if card.answer is None:
        return []
    return [_claim(position, *one) for position, one in enumerate(found[:MOST_CITATIONS], 1)]


def _claim(position: int, name: str, abstract: str, url: str | None) -> Element:
    appearance: Element = {
        "@type": "DigitalDocument",
        "name": _cut(escape(name), MOST_NAME),
        "abstract": _cut(escape(abstract), MOST_ABSTRACT),
    }
    if url and url.startswith("https://"):
        appearance["url"] = url
    return {"@type": "Claim", "position": position, "appearance": appearance}


def dialog(title: str, card: Card, renderer: Renderer) -> dict[str, Any]:
    """A card in a dialog: the answer to task/fetch."""
    return _dialog(title, renderer.still(card), "medium")


def form_dialog(title: str, card: Card, renderer: Renderer) -> dict[str, Any]:
    """A card in a dialog whose form and buttons the bot answers: what a fetched or submitted dialog shows next."""
    return _dialog(title, renderer.dialog(card), "large")


def _dialog(title: str, content: Element, height: str) -> dict[str, Any]:
    card = {"contentType": CARD_TYPE, "content": content}
    return {"task": {"type": "continue", "value": {"title": title, "width": "medium", "height": height, "card": card}}}


def dialog_text(text: str) -> dict[str, Any]:
    """A dialog of one sentence."""
    return {"task": {"type": "message", "value": text}}


def search_list(cards: tuple[Card, ...], renderer: Renderer) -> dict[str, Any]:
    """Clauses to choose from: the answer to composeExtension/query. What is chosen goes into the person's message."""
    attachments = [
        {
            "contentType": CARD_TYPE,
            "content": renderer.still(card),
            "preview": {"contentType": PREVIEW_TYPE, "content": _preview(card)},
        }
        for card in cards
    ]
    return {"composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": attachments}}


def search_text(text: str) -> dict[str, Any]:
    """A sentence in place of the list."""
    return {"composeExtension": {"type": "message", "text": text}}


def _preview(card: Card) -> Element:
    quote = next((block for block in card.blocks if isinstance(block, Quote)), None)
    if quote is None:
        return {"title": escape(card.fallback)[:EXCERPT]}
    title = " ".join(part for part in (quote.ref.locator, quote.heading or "") if part)
    return {"title": escape(_cut(title, EXCERPT)), "text": escape(_cut(" ".join(quote.text.split()), EXCERPT))}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
