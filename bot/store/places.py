"""Where messages may go that nobody asked for at the moment."""

from __future__ import annotations

from sqlalchemy import delete, select

from bot.ports import Clock
from bot.store.engines import Database
from bot.store.tables import departures, places


class StoredPlaces:
    """Places and departures over a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def remember(self, platform: str, tenant: str, place: str, address: str) -> None:
        """See the port."""
        row = {"platform": platform, "tenant": tenant, "place": place, "address": address}
        new = self._database.insert(places).values(**row, changed=self._clock.now())
        one = new.on_conflict_do_update(
            index_elements=["tenant", "platform", "place"],
            set_={"address": new.excluded.address, "changed": new.excluded.changed},
        )
        self._database.write(lambda connection: connection.execute(one))

    def address(self, platform: str, tenant: str, place: str) -> str | None:
        """See the port."""
        one = select(places.c.address).where(
            places.c.tenant == tenant, places.c.platform == platform, places.c.place == place
        )
        return self._database.read(lambda connection: connection.scalar(one))

    def forget(self, platform: str, tenant: str, place: str) -> None:
        """See the port."""
        one = delete(places).where(places.c.tenant == tenant, places.c.platform == platform, places.c.place == place)
        self._database.write(lambda connection: connection.execute(one))

    def left(self, platform: str, tenant: str) -> None:
        """See the port."""
        gone = delete(places).where(places.c.tenant == tenant, places.c.platform == platform)
        new = self._database.insert(departures).values(platform=platform, tenant=tenant, at=self._clock.now())
        noted = new.on_conflict_do_nothing(index_elements=["tenant", "platform"])
        self._database.write(lambda connection: (connection.execute(gone), connection.execute(noted)))

    def returned(self, platform: str, tenant: str) -> None:
        """See the port."""
        one = delete(departures).where(departures.c.tenant == tenant, departures.c.platform == platform)
        self._database.write(lambda connection: connection.execute(one))

    def gone(self, platform: str, tenant: str) -> bool:
        """See the port."""
        one = select(departures.c.at).where(departures.c.tenant == tenant, departures.c.platform == platform)
        return self._database.read(lambda connection: connection.scalar(one)) is not None
