"""Cards → what botbuilder sends: message activities, dialogs, the list of a search."""

from __future__ import annotations

from typing import Any

from botbuilder.schema import (  # type: ignore[import-untyped]
    Activity,
    Attachment,
    ChannelAccount,
    ConversationAccount,
    Entity,
)

from adapters.teams.addresses import Address
from adapters.teams.escaping import escape
from adapters.teams.outbound import Element, Renderer
from adapters.teams.texts import CITED
from bot.blocks import Card, Feedback, Quote, Steps, Text

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
PREVIEW_TYPE = "application/vnd.microsoft.card.thumbnail"
MOST_NAME, MOST_ABSTRACT, MOST_CITATIONS = 80, 160, 20
"""The platform's limits for a citation (Microsoft's reference of ClientCitationAppearance)."""
FINISHED = "finished"
"""The type, to the SDK's serializer, of what is JSON already; the connector's clients know it."""
SUMMARY = 200
EXCERPT = 80


class CardAttachment(Attachment):  # type: ignore[misc]
    """A finished card: the SDK neither copies it nor walks through it (half of a turn's time otherwise)."""

    _attribute_map = {  # noqa: RUF012  # the SDK reads it from the class
        "content_type": {"key": "contentType", "type": "str"},
        "content": {"key": "content", "type": FINISHED},
    }

    def __init__(self, card: Element) -> None:
        super().__init__(content_type=CARD_TYPE, content=card)

    def __deepcopy__(self, _memo: dict[int, Any]) -> CardAttachment:
        """Itself: nobody changes it."""
        return self


class _Citations(Entity):  # type: ignore[misc]
    """The citations entity; the SDK's own model drops every field but the type when it is sent."""

    _attribute_map = {  # noqa: RUF012  # the SDK reads it from the class
        "type": {"key": "type", "type": "str"},
        "at_type": {"key": "@type", "type": "str"},
        "at_context": {"key": "@context", "type": "str"},
        "at_id": {"key": "@id", "type": "str"},
        "citation": {"key": "citation", "type": "[object]"},
    }

    def __init__(self, citation: list[Element]) -> None:
        super().__init__(type="https://schema.org/Message")
        self.at_type = "Message"
        self.at_context = "https://schema.org"
        self.at_id = ""
        self.citation = citation


def towards(address: Address) -> Activity:
    """The activity that a turn towards an address starts from: it says where, to whom and as a reply to what."""
    return Activity(
        type="event",
        name="ContinueConversation",
        id=address.activity or None,
        channel_id="msteams",
        service_url=address.service_url,
        conversation=ConversationAccount(
            id=address.conversation, conversation_type=address.kind, tenant_id=address.tenant
        ),
        recipient=ChannelAccount(id=address.bot[0], name=address.bot[1]),
        from_property=ChannelAccount(id=address.user[0], name=address.user[1]),
    )


def messages(card: Card, renderer: Renderer) -> list[Activity]:
    """The card as messages, in order: what it rests on, as text with the platform's citation marks; the card itself.

    They are two because the platform would split one of text and card by itself, and then tell us no id, which the
    thumbs need. A card of plain paragraphs is one message of text.
    """
    if all(isinstance(block, Text) for block in card.blocks):
        return [Activity(type="message", text=escape(card.fallback), text_format="plain")]
    found = [_message(part) for part in renderer.cards(card)]
    found[0].summary = escape(card.fallback)[:SUMMARY]
    if any(isinstance(block, Feedback) for block in card.blocks):
        found[-1].channel_data = {"feedbackLoop": {"type": "default"}}
    claims = _citations(card, renderer)
    if claims:
        marks = (f"{claim['appearance']['name']} [{claim['position']}]" for claim in claims)
        found.insert(0, Activity(type="message", text=CITED + "、".join(marks), entities=[_Citations(claims)]))
    return found


def _message(card: Element) -> Activity:
    return Activity(type="message", attachments=[CardAttachment(card)])


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
    content = {"contentType": CARD_TYPE, "content": renderer.still(card)}
    return {
        "task": {"type": "continue", "value": {"title": title, "width": "medium", "height": "medium", "card": content}}
    }


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
