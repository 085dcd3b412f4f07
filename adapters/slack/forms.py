"""The view in which a draft is typed, and its report shown above and below the fields. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from adapters.slack import texts
from adapters.slack.blocks import LABEL, TYPED, Block, Element, context, cut, leads_to, paragraphs, plain, rows
from adapters.slack.kept import Kept
from adapters.slack.outbound import VIEW_BLOCKS, Rendered, render
from adapters.slack.surface import CHECK_VIEW
from adapters.slack.views import TITLE, View, showing
from bot.blocks import Area, Card, Choice, Form, Heading, Note
from bot.check_desk import MOST_PICTURES
from bot.outcome import Outcome

INPUT = "value"
ACCOUNT, TEXT = "account", "text"
_LABEL, _PLACEHOLDER = 2000, 150
_HEAD = 2
"""Blocks of a report that stand above the fields: what was found, and for which account."""
PAGE_PATH = "/check"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form with what its view remembers. `page`: the web page's address, None: nobody else reaches it."""

    form: Form
    kept: Kept
    page: str | None


def form_of(card: Card) -> Form | None:
    """The card's form; None where it has none."""
    return next((block for block in card.blocks if isinstance(block, Form)), None)


def opened(sheet: Sheet, card: Card) -> View:
    """The form, with what its card says about it."""
    said = [block for block in card.blocks if not isinstance(block, Form | Heading)]
    return _view(sheet, render(replace(card, blocks=tuple(said)), sheet.page, "modal").blocks, [])


def waiting(sheet: Sheet) -> View:
    """While the check lasts; the fields stay as they were."""
    return _view(sheet, paragraphs(texts.CHECK_WAITING, bold=True), [])


def reported(sheet: Sheet, card: Card, missed: int) -> View:
    """The report, or whatever came of the check, with the fields filled. `missed` pictures could not be read."""
    parts = (replace(card, blocks=card.blocks[:_HEAD]), replace(card, blocks=card.blocks[_HEAD:], tone="plain"))
    head, rest = (render(part, sheet.page, "modal").blocks for part in parts)
    lost = context(texts.CHECK_PICTURES_MISSED.format(count=missed)) if missed else []
    below = [{"type": "divider"}, *rest] if rest else []
    return _view(sheet, [*head, *lost, *context(texts.CHECK_AGAIN)], below)


def refused(outcome: Outcome) -> dict[str, str]:
    """Why there is no report, by the field at which it is said."""
    asked = next((block.text for block in outcome.card.blocks if isinstance(block, Note)), outcome.card.fallback)
    return {ACCOUNT: asked} if form_of(outcome.card) else {TEXT: outcome.card.fallback}


def _view(sheet: Sheet, above: Sequence[Block], below: Sequence[Block]) -> View:
    blocks = [*above, *_remarks(sheet), *_inputs(sheet), *below]
    view = showing(texts.CHECK_TITLE, Rendered("", blocks[:VIEW_BLOCKS]), str(sheet.kept))
    return {**view, "callback_id": CHECK_VIEW, "submit": plain(sheet.form.submit, TITLE)}


def _remarks(sheet: Sheet) -> list[Block]:
    """What goes with the draft and what does not; said as long as the view stands."""
    kept, found = sheet.kept, []
    if kept.length:
        found += paragraphs(texts.CHECK_CUT.format(length=kept.length, most=TYPED), bold=True)
        if sheet.page:
            found += context(texts.CHECK_CUT_PAGE)
            found += rows([leads_to("open:check", texts.CHECK_PAGE, sheet.page.rstrip("/") + PAGE_PATH)])
    if kept.files:
        found += context(texts.CHECK_PICTURES.format(count=len(kept.files)))
    if kept.left:
        found += context(texts.CHECK_PICTURES_LEFT.format(count=kept.left, most=MOST_PICTURES))
    return found


def _inputs(sheet: Sheet) -> list[Block]:
    return [
        {
            "type": "input",
            "block_id": field.id,
            "label": plain(field.label, _LABEL),
            "optional": isinstance(field, Area) and bool(sheet.kept.files),  # a picture may be checked alone
            "element": _chosen(field) if isinstance(field, Choice) else _typed(field),
        }
        for field in sheet.form.fields
    ]


def _chosen(field: Choice) -> Element:
    options = [{"text": plain(label, LABEL), "value": value} for value, label in field.options]
    chosen = [one for one in options if one["value"] == field.value]
    initial = {"initial_option": chosen[0]} if chosen else {}
    return {"type": "radio_buttons", "action_id": INPUT, "options": options, **initial}


def _typed(field: Area) -> Element:
    return {
        "type": "plain_text_input",
        "action_id": INPUT,
        "multiline": True,
        "max_length": min(field.limit, TYPED),
        "placeholder": plain(cut(field.hint, _PLACEHOLDER), _PLACEHOLDER),
        **({"initial_value": field.value[:TYPED]} if field.value else {}),
    }
