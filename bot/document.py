"""What `ingest` reads out of a document; frozen records."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Clause, LineRange


@dataclass(frozen=True, slots=True)
class Office:
    """A department as a document prints it; phone and extension are the document's own digits."""

    name: str
    phone: str | None = None
    extension: str | None = None


@dataclass(frozen=True, slots=True)
class ParseWarning:
    """Something doubtful in a document; `line` counts from 1."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Lines that are no clause: `why` is title, date, contents, page_number, running_header or rule."""

    lines: LineRange
    why: str


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """What `ingest` reads out of one document.

    `established` is the date text as printed (the latest establishing or revising date), or None.
    Clauses stand in document order. Every non-blank line of the source lies in the line ranges of
    a clause or in `skipped`; none is lost.
    """

    title: str
    organization: str | None
    established: str | None
    departments: tuple[Office, ...]
    clauses: tuple[Clause, ...]
    skipped: tuple[Skipped, ...] = ()
    warnings: tuple[ParseWarning, ...] = ()
