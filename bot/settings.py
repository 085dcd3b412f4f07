"""Settings from the environment: read once, here and nowhere else."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import SettingsError

PREFIX = "GUIDELINE_BOT_"


class Secret(str):
    """A text that is never shown: its repr is `***`. `str()` of it is the text itself, for whoever needs it."""

    __slots__ = ()

    def __repr__(self) -> str:
        """The mask."""
        return "***"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting; the variable of a field is GUIDELINE_BOT_ and its name in capitals.

    `knowledge`: the knowledge folder, None for the bundle. `org`: asked when none is named. `lang`: of errors.
    `cache`: where built indexes are kept between starts, None for nowhere.
    `host`, `port`: where the page (and the platforms' endpoints) listen; `url`: their address as others reach it.
    `database`: an SQLAlchemy URL. `workspaces`: the file that maps tenants to organisations.
    `slack_*`, `teams_*`: the platforms' credentials; a platform without them is not started. `slack_api` and
    `teams_metadata` are other addresses for the platforms' own services (a sovereign cloud, a test).
    `proxy_user_header`: in which header a proxy names the person it has let in; `proxy_addresses`: the networks such
    a proxy speaks from; `administrators`: who of those people may see how the courses stand.
    """

    knowledge: Path | None = None
    org: str | None = None
    lang: str = "ja"
    cache: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8080
    url: str | None = None
    database: Secret = Secret("sqlite:///guideline-bot.sqlite3")  # noqa: RUF009  # immutable
    workspaces: Path | None = None
    slack_bot_token: Secret | None = None
    slack_app_token: Secret | None = None
    slack_signing_secret: Secret | None = None
    slack_api: str = "https://slack.com/api/"
    teams_app_id: str | None = None
    teams_app_password: Secret | None = None
    teams_app_type: str | None = None
    teams_tenant_id: str | None = None
    teams_metadata: str | None = None
    teams_service_hosts: tuple[str, ...] = ("smba.trafficmanager.net",)
    proxy_user_header: str | None = None
    proxy_addresses: tuple[str, ...] = ()
    administrators: tuple[str, ...] = ()

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the page."""
        return is_loopback(self.host)


SECRETS = ("database", "slack_bot_token", "slack_app_token", "slack_signing_secret", "teams_app_password")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + field.upper()


def from_env(environ: Mapping[str, str]) -> Settings:
    """Settings from variables that begin with GUIDELINE_BOT_; a secret may stand in the file `…_FILE` names.

    Raises SettingsError for an unknown variable of that prefix (a typing error would else go unnoticed) and for a
    value that cannot be right.
    """
    _only_known(environ)
    given = {one.name: environ.get(variable(one.name)) or None for one in fields(Settings)}
    secrets = {name: _secret(environ, name) for name in SECRETS}
    if (given["lang"] or "ja") not in {"ja", "en"}:
        raise SettingsError("E204", f"{PREFIX}LANG は ja か en です。", f"{PREFIX}LANG is ja or en.")
    default, (header, addresses) = Settings(), _proxy(given["proxy_user_header"], given["proxy_addresses"])
    return Settings(
        knowledge=_path(given["knowledge"]),
        org=given["org"],
        lang=given["lang"] or "ja",
        cache=_cache(environ),
        host=given["host"] or default.host,
        port=checked_port(given["port"]) if given["port"] else default.port,
        url=_address("url", given["url"]),
        database=secrets["database"] or _database(environ),
        workspaces=_path(given["workspaces"]),
        slack_bot_token=secrets["slack_bot_token"],
        slack_app_token=secrets["slack_app_token"],
        slack_signing_secret=secrets["slack_signing_secret"],
        slack_api=(_address("slack_api", given["slack_api"]) or default.slack_api.rstrip("/")) + "/",
        teams_app_id=given["teams_app_id"],
        teams_app_password=secrets["teams_app_password"],
        teams_app_type=given["teams_app_type"],
        teams_tenant_id=given["teams_tenant_id"],
        teams_metadata=_address("teams_metadata", given["teams_metadata"]),
        teams_service_hosts=_hosts(given["teams_service_hosts"]) or default.teams_service_hosts,
        proxy_user_header=header,
        proxy_addresses=addresses,
        administrators=_listed(given["administrators"]),
    )


def _only_known(environ: Mapping[str, str]) -> None:
    known = {variable(one.name) for one in fields(Settings)} | {f"{variable(name)}_FILE" for name in SECRETS}
    for name in environ:
        if name.startswith(PREFIX) and name not in known:
            raise SettingsError(
                "E203",
                f"設定 {name} はありません（使えるのは {'、'.join(sorted(known))}）。",
                f"there is no setting {name} (known: {', '.join(sorted(known))}).",
            )


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _hosts(text: str | None) -> tuple[str, ...]:
    return tuple(host.lower() for host in _listed(text))


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(one.strip() for one in (text or "").split(",") if one.strip())


def _proxy(header: str | None, addresses: str | None) -> tuple[str | None, tuple[str, ...]]:
    """The header in which a proxy names people, and the networks it is believed from: both, or neither."""
    named, networks = variable("proxy_user_header"), variable("proxy_addresses")
    if header is not None and re.fullmatch(r"[A-Za-z0-9-]+", header) is None:
        raise SettingsError(
            "E225", f"{named} はヘッダーの名前です（例: X-Remote-User）。", f"{named} is a header's name."
        )
    listed = _listed(addresses)
    if (header is None) != (not listed):
        raise SettingsError("E225", f"{named} と {networks} は一緒に設定します。", f"set both {named} and {networks}.")
    for one in listed:
        try:
            anybody = ipaddress.ip_network(one, strict=False).prefixlen == 0
        except ValueError:
            anybody = True
        if anybody:
            raise SettingsError(
                "E225",
                f"{networks} の「{one}」は、プロキシのアドレスではありません（例: 10.1.2.3、10.1.2.0/24）。",
                f"{networks}: '{one}' is no address of a proxy (like 10.1.2.3, 10.1.2.0/24).",
            )
    return header, listed


def checked_port(text: str) -> int:
    """A port number, 0 for any free one. Raises SettingsError."""
    if not text.isascii() or not text.isdecimal() or not 0 <= int(text) <= 65_535:
        raise SettingsError("E218", f"{PREFIX}PORT は 0〜65535 の数です。", f"{PREFIX}PORT is a number, 0-65535.")
    return int(text)


def _address(field: str, text: str | None) -> str | None:
    """An http(s) address without the slash at its end."""
    if text is None:
        return None
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        name = variable(field)
        raise SettingsError("E207", f"{name} は https:// で始まるアドレスです。", f"{name} is an https:// address.")
    return text.rstrip("/")


def _secret(environ: Mapping[str, str], field: str) -> Secret | None:
    """The value, or the content of the file that `…_FILE` names (mounted secrets)."""
    value, file = environ.get(variable(field)), environ.get(f"{variable(field)}_FILE")
    if file:
        try:
            value = Path(file).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            name = f"{variable(field)}_FILE"
            english = f"cannot read the file of {name}."
            raise SettingsError("E208", f"{name} のファイルを読めません。", english) from error
    return Secret(value.strip()) if value and value.strip() else None


def _cache(environ: Mapping[str, str]) -> Path | None:
    """GUIDELINE_BOT_CACHE (`off` for none), else the user's cache folder as the platform has it."""
    named = environ.get(f"{PREFIX}CACHE")
    if named:
        return None if named == "off" else Path(named)
    base = environ.get("XDG_CACHE_HOME") or environ.get("LOCALAPPDATA")
    if base:
        return Path(base) / "guideline-bot"
    home = environ.get("HOME")
    return Path(home) / ".cache" / "guideline-bot" if home else None


def _database(environ: Mapping[str, str]) -> Secret:
    """An SQLite file in the user's data folder, as the platform has it; without one, in the working folder."""
    base = environ.get("XDG_DATA_HOME") or environ.get("LOCALAPPDATA")
    home = environ.get("HOME")
    if not base and not home:
        return Settings().database
    folder = Path(base) if base else Path(home or "") / ".local" / "share"
    return Secret(f"sqlite:///{(folder / 'guideline-bot' / 'bot.sqlite3').as_posix()}")
