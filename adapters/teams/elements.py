"""The pieces an Adaptive Card is made of. Foreign text stands in text runs, which know no markup, or goes escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from adapters.teams.escaping import escape, plain
from adapters.teams.texts import CHOOSE, COPY_LABEL, MORE, WRITE
from bot.blocks import Area, Choice, Excerpt, Form, Progress, Quote, Table

Element = dict[str, Any]

SHOWN = 400
"""Characters of a quotation that stand open; the rest is folded."""
RUN = 1_000
"""Characters of one paragraph at most; a longer one goes on in the next, cut at the end of a sentence."""
MARKED = 300
"""Characters of a draft that are shown with a finding; of more its beginning and end."""
CELLS = 10
"""Signs of a bar at most; of more parts it shows the share."""
FACTS = 20
"""Rows of a table in one element: what is too long for a card is divided between elements."""

_SENTENCE = re.compile(r"[^。]*。?")
_LISTED = re.compile(r"^(\d+)\.(?= )")
_STYLES = {"error": "attention", "warning": "warning", "info": "accent"}


def heading(text: str) -> Element:
    """The title of a card or of a part of it."""
    return {"type": "TextBlock", "text": _unlisted(escape(text)), "size": "Medium", "weight": "Bolder", "wrap": True,
            "style": "heading"}  # fmt: skip


def label(text: str) -> Element:
    """A smaller title."""
    return {"type": "TextBlock", "text": escape(text), "weight": "Bolder", "wrap": True, "spacing": "Medium"}


def line(*texts: tuple[str, str]) -> Element:
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


def paragraphs(text: str, **look: object) -> list[Element]:
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


def quotation(quote: Quote, number: int) -> list[Element]:
    """A clause word for word, with where it stands. `number`: of its block, for what is folded."""
    head = paragraphs("　".join((quote.ref.locator, *quote.breadcrumb)), size="Small", isSubtle=True)
    if quote.lead_in:
        head += paragraphs(quote.lead_in, isSubtle=True)
    if quote.heading:
        head += paragraphs(quote.heading, weight="Bolder")
    tail = paragraphs(f"※ {quote.note}", size="Small", isSubtle=True) if quote.note else []
    tail += paragraphs(quote.source, size="Small", isSubtle=True)
    return [{"type": "Container", "style": "emphasis", "items": [*head, *_folded(quote.text, number), *tail]}]


def _folded(text: str, number: int) -> list[Element]:
    """A quotation: its beginning, and behind a button the rest of it."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(text) <= SHOWN * 3 // 2:
        return paragraphs(text)
    pieces = [(piece, last) for line in lines for piece, last in _marked(_pieces(line, SHOWN))]
    shown = 0
    count = 0
    while count < len(pieces) and (not count or shown + len(pieces[count][0]) <= SHOWN):
        shown += len(pieces[count][0])
        count += 1
    opened, rest = pieces[:count], pieces[count:]
    if not rest:
        return paragraphs(text)
    name = f"rest{number}"
    toggle = {"type": "Action.ToggleVisibility", "title": MORE, "targetElements": [name]}
    hidden = {"type": "Container", "id": name, "isVisible": False, "items": paragraphs(_joined(rest))}
    return [*paragraphs(_joined(opened)), hidden, action_set([toggle])]


def _marked(pieces: Iterator[str]) -> Iterator[tuple[str, bool]]:
    """Each piece of a line, and whether it is the last."""
    found = list(pieces)
    return ((one, position == len(found)) for position, one in enumerate(found, 1))


def _joined(pieces: Sequence[tuple[str, bool]]) -> str:
    return "".join(piece + ("\n" if last else "") for piece, last in pieces)


def copyable(text: str, number: int) -> Element:
    """Text to be copied in one go."""
    return {
        "type": "Input.Text",
        "id": f"copy{number}",
        "isMultiline": True,
        "label": COPY_LABEL,
        "value": plain(text),
        "height": "stretch",
    }


def action_set(actions: Sequence[Element]) -> Element:
    """Buttons in a row."""
    return {"type": "ActionSet", "actions": list(actions)}


def excerpt(block: Excerpt) -> Element:
    """Words of a draft that a finding is about. The label says how grave it is; the colour only repeats it."""
    words = " ".join(plain(block.text).split())
    if len(words) > MARKED:
        words = f"{words[: MARKED * 2 // 3]} … {words[-MARKED // 3 :]}"
    found = [line((block.label, "bold"))]
    if words:
        found.append(line((f"「{words}」", "")))
    return {"type": "Container", "style": _STYLES[block.severity], "items": found}


def progress(block: Progress) -> Element:
    """The words, then a bar of signs: cells of a column set have no width on a phone, and nothing for a listener."""
    cells = min(max(block.total, 0), CELLS)
    full = min(max(block.done, 0), block.total) * cells // block.total if cells else 0
    return line((block.text, ""), ("　" + "■" * full + "□" * (cells - full), "subtle"))


def table(block: Table) -> list[Element]:
    """A row as a fact under its first cell, the other cells with the names of their columns: phones know no tables."""
    told = [(row[0], _named(block.columns, row)) for row in block.rows if row]
    facts = [{"title": _unlisted(escape(title)), "value": _unlisted(escape(value))} for title, value in told]
    return [{"type": "FactSet", "facts": facts[start : start + FACTS]} for start in range(0, len(facts), FACTS)]


def _named(columns: Sequence[str], row: Sequence[str]) -> str:
    named = zip(columns[1:], row[1:], strict=True)
    return "　".join(f"{column}\u00a0{cell}" for column, cell in named)  # a figure stays beside its name


def form(block: Form) -> Element:
    """A form; one piece, so that fields and button never part."""
    fields = [_choice(one) if isinstance(one, Choice) else _area(one) for one in block.fields]
    button = {"type": "Action.Submit", "title": plain(block.submit), "data": {"verb": block.verb}}
    return {"type": "Container", "spacing": "Medium", "items": [*fields, action_set([button])]}


def _choice(field: Choice) -> Element:
    found: Element = {
        "type": "Input.ChoiceSet",
        "id": field.id,
        "label": plain(field.label),
        "style": "expanded",
        "isRequired": True,
        "errorMessage": CHOOSE,
        "choices": [{"title": plain(title), "value": value} for value, title in field.options],
    }
    return found if field.value is None else {**found, "value": field.value}


def _area(field: Area) -> Element:
    return {
        "type": "Input.Text",
        "id": field.id,
        "label": plain(field.label),
        "isMultiline": True,
        "isRequired": True,
        "errorMessage": WRITE,
        "placeholder": plain(field.hint),
        "maxLength": field.limit,
        "value": plain(field.value),
    }


def _unlisted(text: str) -> str:
    """「2. 」 at the beginning would be the item of a list, and numbered anew."""
    return _LISTED.sub("\\1．", text)
