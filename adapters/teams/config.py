"""The app registration and the hosts that answers may go to, from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.errors import SettingsError
from bot.settings import Secret, Settings, is_loopback, variable

SINGLE_TENANT, MANAGED_IDENTITY = "SingleTenant", "UserAssignedMSI"
METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"


@dataclass(frozen=True, slots=True)
class Registration:
    """The bot's registration with the Bot Framework. `password` is None for a managed identity."""

    app_id: str
    app_type: str
    tenant: str
    password: Secret | None


def registration(settings: Settings) -> Registration | None:
    """The registration; None in development, where nothing of one is set and only this machine can reach us.

    Raises SettingsError where something is missing: a bot of no stated type would silently be multi-tenant, one whose
    app id was forgotten would silently let everybody in.
    """
    if settings.teams_app_id is None:
        if settings.teams_app_type is not None or settings.teams_app_password is not None:
            others = f"{variable('teams_app_type')} も {variable('teams_app_password')} も書かず"
            raise _missing("teams_app_id", f"アプリIDなしで動くのは、{others}、この機械だけで試すときに限ります")
        if settings.loopback:
            return None
        raise _missing("teams_app_id", "アプリIDなしで動くのは、この機械だけで試すとき（127.0.0.1）に限ります")
    named, tenant = settings.teams_app_type, settings.teams_tenant_id
    known = {one.lower(): one for one in (SINGLE_TENANT, MANAGED_IDENTITY)}
    app_type = known.get((named or "").lower())
    if app_type is None:
        raise SettingsError(
            "E211",
            f"{variable('teams_app_type')} は {SINGLE_TENANT} か {MANAGED_IDENTITY} です"
            f"（いまは {named or '未設定'}）。Azure Bot の「構成」にある種類を書いてください。",
            f"{variable('teams_app_type')} is {SINGLE_TENANT} or {MANAGED_IDENTITY} (now: {named or 'not set'}).",
        )
    if tenant is None:
        raise SettingsError(
            "E212",
            f"{variable('teams_tenant_id')} がありません。ボットを登録したテナントのIDを書いてください。",
            f"{variable('teams_tenant_id')} is missing: the id of the tenant the bot is registered in.",
        )
    if app_type == SINGLE_TENANT and settings.teams_app_password is None:
        raise _missing("teams_app_password", f"{SINGLE_TENANT} では、アプリのシークレットが要ります")
    password = settings.teams_app_password if app_type == SINGLE_TENANT else None
    return Registration(settings.teams_app_id, app_type, tenant, password)


def _missing(field: str, japanese: str) -> SettingsError:
    return SettingsError("E213", f"{variable(field)} がありません。{japanese}。", f"{variable(field)} is missing.")


@dataclass(frozen=True, slots=True)
class ServiceUrls:
    """Where the platform's own service may be: https at these hosts; in tests and development, this machine."""

    hosts: tuple[str, ...]
    loopback: bool

    def trusted(self, url: str) -> bool:
        """Whether an answer may be sent to this address."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return False
        host = parts.hostname
        if not host or parts.username or parts.password or parts.query or parts.fragment or "\\" in url:
            return False
        if self.loopback and is_loopback(host):
            return parts.scheme in ("http", "https")
        return parts.scheme == "https" and port in (None, 443) and host in self.hosts


def service_urls(settings: Settings) -> ServiceUrls:
    """The trusted addresses. This machine is one only where its keys come from this machine too, or in development."""
    if settings.teams_app_id is None:
        return ServiceUrls((), loopback=True)
    keys = urlsplit(settings.teams_metadata or METADATA)
    return ServiceUrls(settings.teams_service_hosts, loopback=is_loopback(keys.hostname or ""))
