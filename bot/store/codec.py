"""A request as the text that is kept until it is answered, and back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from bot.commands import (
    Acknowledge,
    AnswerQuiz,
    Command,
    CourseCommand,
    Home,
    OpenLesson,
    Question,
    Refer,
    Request,
    Sender,
    ShowContacts,
    SteerCourse,
)

KINDS: dict[str, type[Question | Home | Refer | ShowContacts | CourseCommand]] = {
    "question": Question,
    "home": Home,
    "refer": Refer,
    "contacts": ShowContacts,
    "course": SteerCourse,
    "lesson": OpenLesson,
    "quiz": AnswerQuiz,
    "acknowledge": Acknowledge,
}
"""What is answered with a message of its own and so may wait; everything else is answered where it was asked."""


def dump(request: Request) -> str:
    """The request as JSON in ASCII.

    Raises TypeError for a command that is answered in the request itself and must never be stored.
    """
    command = request.command
    kind = next((name for name, one in KINDS.items() if isinstance(command, one)), None)
    if kind is None:
        raise TypeError(f"{type(command).__name__} is not stored")
    return json.dumps(
        {
            "key": request.key,
            "sender": asdict(request.sender),
            kind: asdict(command),
            "address": request.address,
            "at": request.at,
        }
    )


def load(text: str) -> Request:
    """The reverse of `dump`. Raises ValueError, KeyError or TypeError for any other text."""
    fields = json.loads(text)
    (kind,) = set(fields) & set(KINDS)
    command: Command = _question(fields[kind]) if kind == "question" else KINDS[kind](**fields[kind])
    return Request(fields["key"], Sender(**fields["sender"]), command, fields["address"], fields["at"])


def key_hash(request: Request) -> str:
    """What stands for the request's key when the key itself is gone."""
    return hashlib.blake2b(request.key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _question(fields: dict[str, object]) -> Question:
    history = fields.pop("history")
    if not isinstance(history, list):
        raise TypeError("history is a list")
    return Question(**fields, history=tuple(history))  # type: ignore[arg-type]  # as `dump` wrote them
