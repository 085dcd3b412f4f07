"""Where messages may go, and where they may not go any more."""

from __future__ import annotations

from bot.store.database import Store


def test_an_address_is_kept_and_renewed_for_its_own_workspace(store: Store) -> None:
    places = store.places
    places.remember("teams", "T1", "user:U1", "first")
    places.remember("teams", "T1", "user:U1", "second")
    places.remember("teams", "T2", "user:U1", "foreign")
    assert places.address("teams", "T1", "user:U1") == "second"
    assert places.address("teams", "T1", "user:U2") is None
    assert places.address("slack", "T1", "user:U1") is None
    places.forget("teams", "T1", "user:U1")
    assert places.address("teams", "T1", "user:U1") is None
    assert places.address("teams", "T2", "user:U1") == "foreign"


def test_a_workspace_that_has_left_has_no_places_until_it_returns(store: Store) -> None:
    places = store.places
    for tenant in ("T1", "T2"):
        places.remember("slack", tenant, "channel:C1", "there")
    places.left("slack", "T1")
    places.left("slack", "T1")
    assert places.gone("slack", "T1")
    assert not places.gone("slack", "T2")
    assert not places.gone("teams", "T1")
    assert places.address("slack", "T1", "channel:C1") is None
    assert places.address("slack", "T2", "channel:C1") == "there"
    places.returned("slack", "T1")
    assert not places.gone("slack", "T1")
