"""Settings come from the environment, once; what cannot be right is refused with its name."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import SECRETS, Settings, from_env, is_loopback, variable


def test_nothing_set_is_the_page_on_this_machine_alone() -> None:
    settings = from_env({})
    assert (settings.host, settings.port, settings.loopback) == ("127.0.0.1", 8080, True)
    assert settings.slack_bot_token is None
    assert settings.teams_app_id is None


def test_the_database_lies_in_the_users_data_folder() -> None:
    assert (
        str(from_env({"HOME": "/home/clerk"}).database)
        == "sqlite:////home/clerk/.local/share/guideline-bot/bot.sqlite3"
    )
    assert str(from_env({"XDG_DATA_HOME": "/data"}).database) == "sqlite:////data/guideline-bot/bot.sqlite3"


def test_a_secret_is_never_shown_with_the_settings() -> None:
    values = {variable(name): f"canary-{name}" for name in SECRETS}
    settings = from_env(values)
    assert "canary" not in repr(settings)
    assert str(settings.slack_bot_token) == "canary-slack_bot_token"


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("xoxb-from-file\n", encoding="utf-8")
    assert from_env({"GUIDELINE_BOT_SLACK_BOT_TOKEN_FILE": str(tmp_path / "token")}).slack_bot_token == "xoxb-from-file"


def test_an_empty_value_is_none() -> None:
    assert from_env({variable(one.name): "" for one in fields(Settings)}).slack_app_token is None


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("GUIDELINE_BOT_SLAK_BOT_TOKEN", "x", "E203"),
        ("GUIDELINE_BOT_LANG", "fr", "E204"),
        ("GUIDELINE_BOT_PORT", "80a", "E218"),
        ("GUIDELINE_BOT_PORT", "70000", "E218"),
        ("GUIDELINE_BOT_PORT", "８０", "E218"),
        ("GUIDELINE_BOT_URL", "guideline.example.jp", "E207"),
        ("GUIDELINE_BOT_SLACK_API", "ftp://x/", "E207"),
        ("GUIDELINE_BOT_DATABASE_FILE", "/no/such/file", "E208"),
        ("GUIDELINE_BOT_PROXY_USER_HEADER", "X-Remote-User", "E225"),
        ("GUIDELINE_BOT_PROXY_USER_HEADER", "X Remote User", "E225"),
        ("GUIDELINE_BOT_PROXY_ADDRESSES", "10.0.0.1", "E225"),
    ],
)
def test_what_cannot_be_right_is_refused_by_name(name: str, value: str, code: str) -> None:
    with pytest.raises(SettingsError) as caught:
        from_env({name: value})
    assert caught.value.code == code
    assert name in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_this_machine_is_known_under_all_its_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "localhost.example.jp", ""])  # noqa: S104
def test_other_addresses_are_not_this_machine(host: str) -> None:
    assert not is_loopback(host)


def test_a_proxy_is_a_header_and_the_networks_it_is_believed_from() -> None:
    settings = from_env(
        {
            "GUIDELINE_BOT_PROXY_USER_HEADER": "X-Remote-User",
            "GUIDELINE_BOT_PROXY_ADDRESSES": "10.1.2.3, 10.2.0.0/16,fd00::/64",
            "GUIDELINE_BOT_ADMINISTRATORS": " yamada ,sato,",
        }
    )
    assert settings.proxy_user_header == "X-Remote-User"
    assert settings.proxy_addresses == ("10.1.2.3", "10.2.0.0/16", "fd00::/64")
    assert settings.administrators == ("yamada", "sato")


@pytest.mark.parametrize("addresses", ["proxy.example.jp", "10.1.2.300", "0.0.0.0/0", "::/0", "10.1.2.3;10.1.2.4"])
def test_a_proxy_that_could_be_anybody_is_refused(addresses: str) -> None:
    given = {"GUIDELINE_BOT_PROXY_USER_HEADER": "X-Remote-User", "GUIDELINE_BOT_PROXY_ADDRESSES": addresses}
    with pytest.raises(SettingsError, match="GUIDELINE_BOT_PROXY_ADDRESSES") as caught:
        from_env(given)
    assert caught.value.code == "E225"
