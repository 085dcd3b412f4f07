"""An HTML fragment taken apart, with a complaint about whatever the templates of cards do not write."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

TAGS = frozenset(
    {"article", "p", "h2", "h3", "figure", "span", "div", "blockquote", "details", "summary", "figcaption"}
)
TAGS |= {"a", "ol", "ul", "li", "button", "textarea", "svg", "path"}
ATTRIBUTES = frozenset({"class", "aria-hidden", "aria-expanded", "aria-pressed", "aria-label", "role", "href", "rel"})
ATTRIBUTES |= {"type", "value", "data-verb", "data-value", "readonly", "rows", "viewbox", "d", "transform"}
TAGS |= {"form", "fieldset", "legend", "label", "input"}
ATTRIBUTES |= {"id", "for", "name", "method", "action", "required", "checked", "placeholder", "data-limit"}
ATTRIBUTES |= {"autocomplete", "autocapitalize", "spellcheck"}
TAGS |= {"progress", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES |= {"max", "scope"}
VOID = frozenset({"path", "input"})


class Parsed(HTMLParser):
    """The elements of a fragment, and its text; complains of anything that the templates do not write."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.complaints: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.complaints += [f"<{tag}> stays open" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        self.complaints += [f"<{tag}>"] if tag not in TAGS else []
        self.complaints += [f"{tag} {name}=" for name in found if name not in ATTRIBUTES]
        href = found.get("href", "/")
        if not (href.startswith(("https://", "tel:")) or (href.startswith("/") and not href.startswith(("//", "/\\")))):
            self.complaints.append(f"href={href}")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open.pop() != tag:
            self.complaints.append(f"</{tag}> unasked")

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.complaints.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.complaints.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.complaints.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.complaints.append(f"<![{data}]>")

    def values(self, attribute: str) -> Iterator[str]:
        return (attributes[attribute] for _, attributes in self.elements if attribute in attributes)
