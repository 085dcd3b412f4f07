"""The bot's own token for calls to the platform: fetched by MSAL in a thread, kept for a minute."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from botframework.connector.auth import (  # type: ignore[import-untyped]
    AppCredentials,
    ManagedIdentityAppCredentials,
    MicrosoftAppCredentials,
)
from msal import ConfidentialClientApplication  # type: ignore[import-untyped]

from adapters.intake import DeliveryError
from adapters.teams.config import Registration

KEPT_SECONDS = 60.0
"""MSAL renews a token five minutes before it ends: asking it once a minute is often enough."""
LOGIN_SECONDS = 5
WAIT_SECONDS = 8.0
RETRY_SECONDS = 30.0


class _PasswordCredentials(MicrosoftAppCredentials):  # type: ignore[misc]
    """The SDK's own credentials; only the call to the login service gets a time limit, which they leave out."""

    app: ConfidentialClientApplication | None

    def get_access_token(self, force_refresh: bool = False) -> str:  # noqa: FBT001, FBT002  # the SDK's signature
        if self.app is None:
            self.app = ConfidentialClientApplication(
                client_id=self.microsoft_app_id,
                client_credential=self.microsoft_app_password,
                authority=self.oauth_endpoint,
                timeout=LOGIN_SECONDS,
            )
        return str(super().get_access_token(force_refresh))


def credentials(registration: Registration | None) -> AppCredentials | None:
    """What fetches tokens for a registration; None in development, where calls carry none."""
    if registration is None:
        return None
    if registration.password is None:
        return ManagedIdentityAppCredentials(registration.app_id)
    return _PasswordCredentials(registration.app_id, str(registration.password), registration.tenant)


class Tokens:
    """Gives the token of the moment; asks for it in a thread of its own, so that a slow login blocks nobody else."""

    def __init__(self, source: AppCredentials | None, now: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._now = now
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="teams-token")
        self._login = threading.Lock()
        self._kept: tuple[str, float] | None = None

    async def get(self) -> str | None:
        """The token, None in development. Raises DeliveryError where the login service gives none."""
        if self._source is None:
            return None
        if self._kept is not None and self._now() - self._kept[1] < KEPT_SECONDS:
            return self._kept[0]
        try:
            asked = asyncio.get_running_loop().run_in_executor(self._threads, self._fetch)
            token = await asyncio.wait_for(asked, WAIT_SECONDS)
        except TimeoutError:
            raise DeliveryError("login timeout", RETRY_SECONDS, concerns="platform") from None
        except Exception as error:  # noqa: BLE001  # MSAL and the SDK raise many kinds, KeyError among them
            # Without the error's own text: it may hold identifiers of the tenant.
            reason = f"login {type(error).__name__}"
            raise DeliveryError(reason, RETRY_SECONDS, concerns="platform") from None
        self._kept = (token, self._now())
        return token

    def drop(self) -> None:
        """The platform has refused the token: ask for it anew."""
        self._kept = None

    def close(self) -> None:
        """Ask no more; a login under way is left to its time limit."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _fetch(self) -> str:
        if self._source is None:
            return ""
        with self._login:
            return str(self._source.get_access_token())
