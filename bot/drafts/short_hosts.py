"""Addresses of shortening services, however they are disguised."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from bot.analysis.normalize import normalize
from bot.corpus.schema import Node
from bot.drafts.text import DraftText, Span, fold
from bot.drafts.views import View, address_view, apart

_CODE = re.compile(
    r" ?(?:/|\\|の(?:うしろ|あと)?|すらつしゆ|すら|から) ?[「『(]?(?=[a-z0-9_~-] ?[a-z0-9_~-])"
    r"[a-z0-9_~-](?: ?[a-z0-9_~-]){0,40}"
)
"""What follows the host: a sign and a code; the code alone tells an address from talk about the service."""

_SPOKEN_TAIL = re.compile(r" ?(?:(?:どつと|てん|\.) ?)?(?:えるわい|りい|こむ|com|ly)?")
_SCHEME = re.compile(r"(?:h ?[tx] ?[tx] ?p ?s?|ttps?) ?: ?/ ?/ ?(?:www ?\. ?)?$")
_LONGEST_SCHEME = 24
_LABEL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.@")


class ShortHosts(NamedTuple):
    """Hosts by the characters beside their first dot; names in folded kana by their first character."""

    by_dot: dict[str, list[tuple[str, str]]]
    spoken: re.Pattern[str] | None


def load_short_hosts(path: Path) -> frozenset[str]:
    """The services of short_urls.yaml: hosts, and (without a dot) how their names are written out.

    Raises DataError where the file is not as it should be.
    """
    root = Node.load(path).only("hosts", "spoken")
    return frozenset((*root.need("hosts").texts(), *root.opt_texts("spoken")))


def short_links(draft: DraftText, hosts: frozenset[str]) -> Iterator[Span]:
    """Where links through one of these hosts stand in `plain`, in order."""
    if not hosts:
        return iter(())
    table = _table(hosts)
    view = address_view(draft)
    return apart([*_written(draft, view, table), *_spoken(draft, table)])


@lru_cache(maxsize=8)
def _table(hosts: frozenset[str]) -> ShortHosts:
    by_dot: dict[str, list[tuple[str, str]]] = defaultdict(list)
    spoken = []
    for host in sorted(hosts):
        left, dot, right = host.partition(".")
        if dot:
            by_dot[left[-1] + right[0]].append((left, right))
        else:
            spoken.append(re.escape(fold(normalize(host).text)))
    names = "|".join(sorted(spoken, key=len, reverse=True))
    return ShortHosts(dict(by_dot), re.compile(names) if spoken else None)


def _written(draft: DraftText, view: View, table: ShortHosts) -> Iterator[Span]:
    text = view.text
    at = text.find(".")
    while at >= 0:
        for left, right in table.by_dot.get(_beside(text, at), ()):
            start, end = _backward(text, at, left), _forward(text, at + 1, right)
            code = _CODE.match(text, end) if start >= 0 and end >= 0 else None
            if code:
                yield view.span(draft, _with_scheme(text, start), code.end())
                break
        at = text.find(".", at + 1)


def _beside(text: str, dot: int) -> str:
    """The characters beside a dot, blanks left out."""
    before = text[dot - 2 : dot].rstrip()[-1:] if dot > 1 else text[:dot]
    return before + text[dot + 1 : dot + 3].lstrip()[:1]


def _backward(text: str, end: int, label: str) -> int:
    """Where `label` begins that ends at `end`, single blanks between its letters allowed; -1 = it is not there."""
    at = end
    for letter in reversed(label):
        at -= 1
        if at > 0 and text[at] == " ":
            at -= 1
        if at < 0 or text[at] != letter:
            return -1
    before = text[max(0, at - 4) : at]
    return at if not before or before[-1] not in _LABEL or before.endswith("www.") else -1


def _forward(text: str, start: int, label: str) -> int:
    """Where `label` ends that begins at `start`; -1 = it is not there."""
    at = start
    for letter in label:
        if text[at : at + 1] == " ":
            at += 1
        if text[at : at + 1] != letter:
            return -1
        at += 1
    return at


def _with_scheme(text: str, start: int) -> int:
    low = max(0, start - _LONGEST_SCHEME)
    scheme = _SCHEME.search(text[low:start])
    return low + scheme.start() if scheme else start


def _spoken(draft: DraftText, table: ShortHosts) -> Iterator[Span]:
    if table.spoken is None:
        return
    for match in table.spoken.finditer(draft.folded):
        tail = _SPOKEN_TAIL.match(draft.folded, match.end())
        code = _CODE.match(draft.folded, tail.end() if tail else match.end())
        if code:
            yield match.start(), code.end()
