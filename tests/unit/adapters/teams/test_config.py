"""A registration is complete or an error in words; nothing becomes multi-tenant by silence."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.teams.config import registration, service_urls
from bot.errors import SettingsError
from bot.settings import Secret, Settings

COMPLETE: dict[str, Any] = {
    "teams_app_id": "11111111-2222-4333-8444-555555555555",
    "teams_app_type": "SingleTenant",
    "teams_tenant_id": "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
    "teams_app_password": Secret("invented"),
}

NOTHING: dict[str, Any] = {"teams_app_id": None, "teams_app_type": None, "teams_app_password": None}


def test_a_complete_registration_is_taken_as_it_is() -> None:
    found = registration(Settings(**COMPLETE))
    assert found is not None
    assert (found.app_type, found.password) == ("SingleTenant", "invented")
    assert "invented" not in repr(found)
    managed = registration(Settings(**{**COMPLETE, "teams_app_type": "userassignedmsi"}))
    assert managed is not None
    assert (managed.app_type, managed.password) == ("UserAssignedMSI", None)


@pytest.mark.parametrize(
    ("changes", "code", "named"),
    [
        ({"teams_app_type": None}, "E211", "TEAMS_APP_TYPE"),
        ({"teams_app_type": "MultiTenant"}, "E211", "MultiTenant"),
        ({"teams_tenant_id": None}, "E212", "TEAMS_TENANT_ID"),
        ({"teams_app_type": "UserAssignedMSI", "teams_tenant_id": None}, "E212", "TEAMS_TENANT_ID"),
        ({"teams_app_password": None}, "E213", "TEAMS_APP_PASSWORD"),
        ({"teams_app_id": None}, "E213", "TEAMS_APP_ID"),
        ({"teams_app_id": None, "teams_app_type": None}, "E213", "TEAMS_APP_ID"),
        ({"teams_app_id": None, "teams_app_password": None}, "E213", "TEAMS_APP_ID"),
        (
            {"teams_app_id": None, "teams_app_password": None, "teams_app_type": "UserAssignedMSI"},
            "E213",
            "TEAMS_APP_ID",
        ),
        ({**NOTHING, "host": "192.0.2.1"}, "E213", "TEAMS_APP_ID"),
    ],
)
def test_what_is_missing_is_an_error_that_names_it(changes: dict[str, Any], code: str, named: str) -> None:
    with pytest.raises(SettingsError) as caught:
        registration(Settings(**{**COMPLETE, **changes}))
    assert caught.value.code == code
    assert named in caught.value.japanese
    assert named in caught.value.english


def test_with_nothing_but_a_tenant_on_this_machine_there_is_no_registration() -> None:
    assert registration(Settings()) is None
    assert registration(Settings(**{**COMPLETE, **NOTHING})) is None


GOOD = (
    "https://smba.trafficmanager.net/emea/",
    "https://SMBA.trafficmanager.net/jp/x/",
    "https://smba.trafficmanager.net:443/",
)
BAD = (
    "http://smba.trafficmanager.net/", "https://smba.trafficmanager.net./", "https://smba.trafficmanager.net.evil.example/",
    "https://evil.example/smba.trafficmanager.net", "https://smba.trafficmanager.net@evil.example/",
    "https://x:y@smba.trafficmanager.net/", "https://smba.trafficmanager.net:444/", "https://smba.trafficmanager.net:x/",
    "https://169.254.169.254/", "https://[::1]/", "https://127.0.0.1/", "http://localhost:3978/", "https://smba。trafficmanager.net/",
    "https://smba.trafficmanager.net\\@evil.example/", "//smba.trafficmanager.net/", "ftp://smba.trafficmanager.net/",
    "https://smba.trafficmanager.net/?x=1", "https://smba.trafficmanager.net/#x", "https://", "", "https://[::1",
    "https://ｓmba.trafficmanager.net/",
)  # fmt: skip


def test_answers_go_to_the_listed_hosts_only() -> None:
    urls = service_urls(Settings(**COMPLETE))
    assert [url for url in GOOD if not urls.trusted(url)] == []
    assert [url for url in BAD if urls.trusted(url)] == []


def test_a_sovereign_clouds_host_is_a_setting() -> None:
    urls = service_urls(Settings(**COMPLETE, teams_service_hosts=("smba.infra.gov.teams.microsoft.us",)))
    assert urls.trusted("https://smba.infra.gov.teams.microsoft.us/gcch/")
    assert not urls.trusted(GOOD[0])


def test_this_machine_counts_only_in_tests_and_in_development() -> None:
    tested = service_urls(Settings(**COMPLETE, teams_metadata="http://127.0.0.1:9/openid"))
    assert tested.trusted("http://127.0.0.1:9/connector")
    assert tested.trusted(GOOD[0])
    elsewhere = service_urls(Settings(**COMPLETE, teams_metadata="https://login.example/openid"))
    assert not elsewhere.trusted("http://127.0.0.1:9/connector")
    developing = service_urls(Settings())
    assert developing.trusted("http://localhost:56150/_connector")
    assert not developing.trusted(GOOD[0])
