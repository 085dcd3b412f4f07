"""botbuilder's activity handler: each kind of activity becomes a request, or is answered in its own response."""

from __future__ import annotations

import logging
from typing import Any

from botbuilder.core import ActivityHandler, TurnContext  # type: ignore[import-untyped]
from botbuilder.schema import InvokeResponse  # type: ignore[import-untyped]

from adapters.intake import Intake
from adapters.teams.acquaintances import Acquaintances
from adapters.teams.answering import Answering, ForeignError
from adapters.teams.chats import Chats, Send
from adapters.teams.delivery import rated_place
from adapters.teams.dialogs import Dialogs
from adapters.teams.drafts import Shown, draft_command
from adapters.teams.inbound import PLATFORM, Incoming, button_command, message_command, request
from adapters.teams.messages import dialog, dialog_text, search_list, search_text
from adapters.teams.outbound import Renderer
from adapters.teams.texts import COPY_TITLE, GONE, READ_TITLE, SEARCH_NONE, SEARCH_START
from bot.commands import Command, Copy, Find, Home, OpenCheck, Rate, Read

INCOMING = "guideline-bot.incoming"
"""Where a turn's state holds the activity in our own words."""

log = logging.getLogger(__name__)


class Handler(ActivityHandler):  # type: ignore[misc]
    """Serves one turn. Raises ForeignError where the intake knows the workspace not."""

    def __init__(self, intake: Intake, renderer: Renderer, acquaintances: Acquaintances, send: Send) -> None:
        """`send` delivers what is answered past the inbox."""
        self._intake = intake
        self._renderer = renderer
        self._acquaintances = acquaintances
        self._answering = Answering(intake)
        self._dialogs = Dialogs(self._answering, renderer)
        self._chats = Chats(self._answering, renderer, send)

    def close(self) -> None:
        """Begin nothing more."""
        self._answering.close()

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """A question, a word of the command list, a button that is answered with a message, or a draft."""
        message = _incoming(turn_context)
        await self._acquaintances.met(message)
        draft = draft_command(message)
        if draft is not None:
            await self._chats.answer(message, draft)
            return
        command = message_command(message)
        if command is not None:
            await self._accept(message, command)

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        """Somebody came or went. A new person is greeted alone only: in a team nobody wants a post for each."""
        update = _incoming(turn_context)
        if update.bot_id in update.removed:
            await self._parted(update)
        elif update.added:
            await self._acquaintances.met(update)
            if update.bot_id in update.added or update.kind == "personal":
                await self._greet(update)

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        """The app was installed or removed. An upgrade is no reason to greet again."""
        update = _incoming(turn_context)
        if update.action.startswith("remove"):
            await self._parted(update)
        elif update.action.startswith("add"):
            await self._acquaintances.met(update)
            if update.action == "add":
                await self._greet(update)

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        """What must be answered in the response itself; nothing of it is stored but a rating."""
        asked = _incoming(turn_context)
        match asked.name:
            case "composeExtension/query":
                return _answer(await self._searched(asked))
            case "task/fetch":
                return _answer(await self._fetched(asked))
            case "task/submit":
                return _answer(await self._dialogs.sent(asked))
            case "composeExtension/fetchTask" | "composeExtension/submitAction":
                return _answer(await self._dialogs.action(asked))
            case "message/submitAction":
                return _answer(await self._rated(asked))
            case _:
                # The SDK answers 501 to what it does not know, which the platform takes for an outage.
                return InvokeResponse(status=400)

    async def _accept(self, message: Incoming, command: Command, key: str | None = None) -> None:
        if await self._intake.accept(request(message, command, self._now(), key)) == "foreign":
            raise ForeignError

    async def _greet(self, update: Incoming) -> None:
        """Installation and new members arrive as two activities: one greeting for both, another after a removal."""
        partings = await self._acquaintances.partings(update)
        key = "\n".join((update.conversation, "joined", *([str(partings)] if partings else [])))
        await self._accept(update, Home(joined=True, installed=update.alone), key)

    async def _parted(self, update: Incoming) -> None:
        """The bot was removed. From a direct chat: that person's course ends, for nothing reaches it any more."""
        await self._acquaintances.parted(update)
        if update.alone and update.user:
            await self._intake.call(self._intake.desk.courses.stop, update.tenant, update.user, "uninstalled")

    async def _searched(self, asked: Incoming) -> dict[str, Any]:
        words = _searched_words(asked)
        if not words:
            return search_text(SEARCH_START)
        outcome = await self._answering.answered(asked, Find(words))
        return search_list(outcome.choices, self._renderer) if outcome.choices else search_text(SEARCH_NONE)

    async def _fetched(self, asked: Incoming) -> dict[str, Any]:
        data = asked.value.get("data")
        command = button_command(data) if isinstance(data, dict) else None
        if isinstance(command, OpenCheck):
            return await self._dialogs.opened(asked, Shown("", pictures=False))
        if not isinstance(command, Copy | Read):
            return dialog_text(GONE)
        outcome = await self._answering.answered(asked, command)
        return dialog(COPY_TITLE if isinstance(command, Copy) else READ_TITLE, outcome.card, self._renderer)

    async def _rated(self, asked: Incoming) -> dict[str, Any]:
        """The platform's own 👍👎: they name our message, by which we have kept the answer."""
        given = asked.value.get("actionValue")
        reaction = given.get("reaction") if isinstance(given, dict) else None
        place = rated_place(asked.conversation, asked.reply_to)
        answer = await self._intake.call(self._acquaintances.places.address, PLATFORM, asked.tenant, place)
        if asked.value.get("actionName") == "feedback" and answer and reaction in ("like", "dislike"):
            await self._answering.answered(asked, Rate(answer, reaction == "like"))
        return {}

    def _now(self) -> float:
        return self._intake.desk.clock.now()


def _incoming(context: TurnContext) -> Incoming:
    found = context.turn_state[INCOMING]
    if not isinstance(found, Incoming):
        raise TypeError(type(found))
    return found


def _searched_words(asked: Incoming) -> str:
    """What was typed into the search; nothing when it was only opened (`initialRun`)."""
    parameters = asked.value.get("parameters")
    for one in parameters if isinstance(parameters, list) else ():
        if isinstance(one, dict) and one.get("name") == "words" and isinstance(one.get("value"), str):
            return str(one["value"]).strip()
    return ""


def _answer(body: dict[str, Any]) -> InvokeResponse:
    return InvokeResponse(status=200, body=body)
