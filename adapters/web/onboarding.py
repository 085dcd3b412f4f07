"""The page for those who run the courses: how far each department is. Only behind a proxy that knows who is looking."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from adapters.intake import Intake
from adapters.web.inbound import RefusedError
from adapters.web.outbound import environment
from adapters.web.replies import unkept_page
from bot.course_planner import day_in_words
from bot.onboarding.schedule import WorkingCalendar
from bot.onboarding.standing import Standing, standing
from bot.onboarding.words import STANDING_COLUMNS
from bot.settings import Settings

PLATFORMS = {"slack": "Slack", "teams": "Microsoft Teams"}

_OUTSIDE = "このページは、職員を確かめる入口（プロキシ）を通してだけ開けます。"
_NOBODY = "どなたが開いているか分かりません。入口（プロキシ）の設定を、管理者に確かめてください。"
_OTHERS = "このページを開けるのは、研修の管理者だけです。"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)


class Door:
    """Whom the proxy has let in. Asked anew at each request; nothing of it is remembered but a count."""

    def __init__(self, settings: Settings) -> None:
        self.header = settings.proxy_user_header
        self._networks = [ipaddress.ip_network(one, strict=False) for one in settings.proxy_addresses]
        self._administrators = frozenset(settings.administrators)
        self._foreign = 0

    @property
    def there(self) -> bool:
        """Whether the settings name a proxy and somebody it may let in."""
        return bool(self.header and self._networks and self._administrators)

    def admit(self, peer: str | None, users: Sequence[str]) -> None:
        """`users`: what the header says, once for each time it came. Raises RefusedError for all but administrators."""
        if not self._trusted(peer):
            if users:  # forged, or a proxy that the settings do not name
                self._foreign += 1
                log.warning("a user's name came from no proxy of ours, %d times so far", self._foreign)
            raise RefusedError(403, _OUTSIDE)
        if len(users) != 1 or not users[0].strip():
            raise RefusedError(403, _NOBODY)
        if users[0].strip() not in self._administrators:
            raise RefusedError(403, _OTHERS)

    def _trusted(self, peer: str | None) -> bool:
        try:
            address = ipaddress.ip_address(peer or "")
        except ValueError:
            return False
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return any(address in network for network in self._networks)


@dataclass(frozen=True, slots=True)
class Section:
    """One course of one workspace."""

    name: str
    workspace: str
    course: str
    standing: Standing


class Standings:
    """The route of the page."""

    def __init__(self, intake: Intake, settings: Settings, version: str) -> None:
        """`version`: of the static files."""
        self._intake = intake
        self._door = Door(settings)
        self._version = version

    def routes(self) -> tuple[tuple[str, str, Handler], ...]:
        """Method, path, handler."""
        return (("GET", "/onboarding", self._show),)

    async def _show(self, request: web.Request) -> web.Response:
        if not self._door.there or self._door.header is None:
            raise web.HTTPNotFound
        self._door.admit(request.remote, request.headers.getall(self._door.header, []))
        return unkept_page(await self._intake.call(self._page))

    def _page(self) -> str:
        desk = self._intake.desk
        sections = [
            section
            for platform in PLATFORMS
            for tenant in desk.directory.tenants(platform)
            for section in self._sections(platform, tenant)
        ]
        calendar = WorkingCalendar(desk.service.knowledge.course_defaults.calendar)
        now = desk.clock.now()
        at = f"{day_in_words(calendar, now)}{calendar.local(now):%H:%M}"
        template = environment().get_template("onboarding.html")
        return template.render(version=self._version, sections=sections, columns=STANDING_COLUMNS, at=at)

    def _sections(self, platform: str, tenant: str) -> list[Section]:
        courses, knowledge = self._intake.desk.courses, self._intake.desk.service.knowledge
        people, troubles = courses.enrolments.people(tenant), courses.outbox.troubles(tenant)
        made = []
        for org in sorted({enrolment.org for _, enrolment in people}):
            found = courses.syllabus(org)
            name = knowledge.name(org) if org in knowledge.ids else org
            one = standing([who for who in people if who[1].org == org], troubles)
            made.append(Section(name, f"{PLATFORMS[platform]} {tenant}", found.course.title if found else "", one))
        return made
