"""Links, mail addresses and accounts in a draft, however disguised, and whose they are."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from bot.drafts.recognizing import Surroundings
from bot.drafts.short_hosts import load_short_hosts, short_links
from bot.drafts.text import DraftText, Span
from bot.drafts.views import View, address_view, apart

__all__ = ["handle", "load_short_hosts", "mail", "outside_url", "own_url", "short_url", "url"]

_TOP = (
    "com|net|org|info|biz|jp|co|io|me|tv|cc|gl|ly|gd|to|be|app|dev|page|site|online|shop|store|blog|xyz|club|link|live|"
    "news|work|works|tokyo|osaka|kyoto|nagoya|okinawa|yokohama|example|invalid|test|eu|us|uk|kr|cn|tw|hk|de|fr|ru|in|la|sc|is|ai|"
    "it|fm|gg|im|moe|world|life|design|art|fun|wiki|edu|gov|mobi|cafe|media|photo|studio|tech|cloud|space|website"
)
"""Ends of host names that are taken for one without http:// before them."""

_SCHEME = re.compile(r"(?:(?<![a-z])h ?[tx] ?[tx] ?p ?s?|(?<![a-z])ttps?|(?<![a-z])ftp) ?: ?/ ?/ ?")
_AUTHORITY = re.compile(r"[^\s/?#、。「」『』()<>\[\]…,!]{1,64}")
_BARE = re.compile(
    rf"(?<![a-z0-9@._%+-])(?:[a-z0-9][a-z0-9_-]{{0,62}}\.){{1,5}}(?:{_TOP})"
    r"(?![a-z0-9_-]|\.[a-z0-9]|@)(?::\d{1,5}(?!\d))?"
)
_MAIL = re.compile(r"(?<![a-z0-9._%+'/-])[a-z0-9._%+'-]{1,64}@(?:[a-z0-9_-]{1,63}\.){1,5}[a-z]{2,16}")
_HANDLE = re.compile(r"(?<![a-z0-9._%+'/@-])@ ?(?=[0-9_.]{0,8}[a-z])[a-z0-9_][a-z0-9_.]{1,30}")
_ASCII_HOST = re.compile(rf"(?:[a-z0-9_-]{{1,63}}\.){{1,5}}(?:{_TOP})(?![a-z0-9.-])")

_PATH = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-._~:/?#@!$&'*+,;=%[]")
_PREFECTURES = (
    "hokkaido|aomori|iwate|miyagi|akita|yamagata|fukushima|ibaraki|tochigi|gunma|saitama|chiba|tokyo|kanagawa|niigata|toyama|"
    "ishikawa|fukui|yamanashi|nagano|gifu|shizuoka|aichi|mie|shiga|kyoto|osaka|hyogo|nara|wakayama|tottori|shimane|okayama|"
    "hiroshima|yamaguchi|tokushima|kagawa|ehime|kochi|fukuoka|saga|nagasaki|kumamoto|oita|miyazaki|kagoshima|okinawa"
)
_PUBLIC_HOST = re.compile(
    rf"(?:^|\.)(?:(?:lg|go)|(?:city|town|vill|village)\.[a-z0-9-]{{1,63}}\.(?:{_PREFECTURES})|(?:pref|metro)\.(?:{_PREFECTURES})"
    r"|city\.(?:sapporo|sendai|yokohama|kawasaki|nagoya|kobe|kitakyushu))\.jp$"
)
"""Names that only public bodies get: lg.jp, go.jp and the local names city., town., vill. and pref. (JPRS)."""

_SOCIAL = re.compile(
    r"(?:www\.|m\.|mobile\.)?(?:(?:x|twitter|instagram|facebook|youtube|tiktok|note)\.com|threads\.(?:net|com)|line\.me)"
)
_NO_NAME = re.compile(r"[…‥.]{1,64}|127\.[0-9.]{1,16}|10\.[0-9.]{1,16}|192\.168\.[0-9.]{1,16}")
_FIRST_STEPS = 4


class _Link(NamedTuple):
    """A link: its place in the view's text, its host, its path."""

    start: int
    end: int
    host: str
    path: str


def url(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """Links of every kind, with or without http://."""
    view = address_view(draft)
    return apart(view.span(draft, link.start, link.end) for link in _links(view))


def short_url(draft: DraftText, around: Surroundings) -> Iterator[Span]:
    """Links through the shortening services of `around`, in all their disguises."""
    return short_links(draft, around.short_hosts)


def own_url(draft: DraftText, around: Surroundings) -> Iterator[Span]:
    """Links to the organisation's own pages and accounts."""
    view = address_view(draft)
    return apart(view.span(draft, link.start, link.end) for link in _links(view) if _own(link, around))


def outside_url(draft: DraftText, around: Surroundings) -> Iterator[Span]:
    """Links to hosts that are neither the organisation's nor of a public body, and that no service shortened."""
    view = address_view(draft)
    short = [*short_url(draft, around)]
    for span in apart(view.span(draft, link.start, link.end) for link in _links(view) if _outside(link, around)):
        if all(span[1] <= start or end <= span[0] for start, end in short):
            yield span


def mail(draft: DraftText, around: Surroundings) -> Iterator[Span]:
    """Mail addresses, disguised ones too; not those of the organisation or of public bodies."""
    view = address_view(draft)
    return apart(
        view.span(draft, *match.span())
        for match in _MAIL.finditer(view.text)
        if not _public(match[0].rpartition("@")[2], around)
    )


def handle(draft: DraftText, around: Surroundings) -> Iterator[Span]:
    """Accounts of others: @name that is neither one's own nor part of a mail address."""
    text = draft.masked
    view = View(text, range(len(text)))
    of_mails = {match.start() + match[0].index("@") for match in _MAIL.finditer(text)}
    for match in _HANDLE.finditer(text):
        name = match[0].lstrip("@ ").rstrip(".")
        if name not in around.accounts and match.start() not in of_mails:
            yield view.span(draft, match.start(), match.end() - (len(match[0]) - len(match[0].rstrip("."))))


def _links(view: View) -> Iterator[_Link]:
    """All links of a view, those with a scheme first."""
    text, done, bare_done = view.text, 0, 0
    within: deque[Span] = deque()
    for match in _SCHEME.finditer(text):
        authority = _AUTHORITY.match(text, match.end())
        if authority and match.start() >= done:
            link = _link(text, match.start(), match.end(), authority[0])
            done = link.end
            within.append((link.start, link.end))
            yield link
    for match in _BARE.finditer(text):
        while within and within[0][1] <= match.start():
            within.popleft()
        if match.start() >= bare_done and (not within or match.start() < within[0][0]):
            link = _link(text, match.start(), match.start(), match[0])
            bare_done = link.end  # what stands in its path is no link of its own
            yield link


def _link(text: str, start: int, host_at: int, authority: str) -> _Link:
    """A link whose host begins at `host_at`; ascii alone where it ends as a host does (example.com詳しくは)."""
    user, at, named = authority.rpartition("@")
    ascii_host = _ASCII_HOST.match(named)
    end = host_at + len(user) + len(at) + (ascii_host.end() if ascii_host else len(named))
    host = (ascii_host[0] if ascii_host else named).partition(":")[0].strip(".")
    path_at = end
    while end < len(text) and text[end] in _PATH and (end > path_at or text[end] in "/:?#"):
        end += 1
    while end > path_at and text[end - 1] in ".,:;!?":
        end -= 1
    return _Link(start, end, host, text[path_at:end])


def _own(link: _Link, around: Surroundings) -> bool:
    if any(link.host == own or link.host.endswith(f".{own}") for own in around.hosts):
        return True
    steps = link.path.split("/")[:_FIRST_STEPS]
    return _SOCIAL.fullmatch(link.host) is not None and any(step.lstrip("@") in around.accounts for step in steps)


def _outside(link: _Link, around: Surroundings) -> bool:
    named = "." in link.host and _NO_NAME.fullmatch(link.host) is None and link.host not in around.short_hosts
    return named and not _public(link.host, around) and not _own(link, around)


def _public(host: str, around: Surroundings) -> bool:
    own = any(host == one or host.endswith(f".{one}") for one in around.hosts)
    return own or _PUBLIC_HOST.search(host) is not None
