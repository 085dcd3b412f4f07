"""Who may call us: the platform's signing keys, and the check of the token that comes with every activity."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import jwt

from bot.settings import is_loopback

ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"
REFRESH_SECONDS = 12 * 3600.0
RETRY_SECONDS = 30.0
"""After a failed refresh while there are no keys at all; with keys, the next try may wait longer."""
UNKNOWN_SECONDS = 300.0
"""An unknown key id makes us look for new keys at most this often: ids are easily invented."""
FETCH_SECONDS = 5.0
MOST_BYTES = 1024 * 1024
LEEWAY_SECONDS = 300

log = logging.getLogger(__name__)


class RefusedError(Exception):
    """A call that is not the platform's. `reason` is a short code for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoKeysError(Exception):
    """Nobody can be let in or refused: the signing keys could not be fetched yet."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One public key; `channels` are those it speaks for."""

    key: jwt.PyJWK
    channels: tuple[str, ...]


class KeyRing:
    """The platform's signing keys, kept fresh. The last good set stays in use while the key server is away."""

    def __init__(self, metadata: str, now: Callable[[], float] = time.monotonic) -> None:
        self._metadata = metadata
        self._now = now
        self._keys: Mapping[str, SigningKey] = {}
        self._looked = float("-inf")
        self._fetching = asyncio.Lock()
        self.loaded = asyncio.Event()

    async def run(self, session: aiohttp.ClientSession) -> None:
        """Fetch the keys and renew them until cancelled."""
        while True:
            fetched = await self.refresh(session)
            await asyncio.sleep(REFRESH_SECONDS if fetched else RETRY_SECONDS)

    async def key(self, kid: str, session: aiohttp.ClientSession) -> SigningKey | None:
        """The key of this id, looked for anew where it is unknown. Raises NoKeysError before the first set is there."""
        if not self._keys:
            try:
                await asyncio.wait_for(self.loaded.wait(), FETCH_SECONDS)
            except TimeoutError:
                raise NoKeysError from None
        if kid not in self._keys:
            async with self._fetching:
                if kid not in self._keys and self._now() - self._looked >= UNKNOWN_SECONDS:
                    self._looked = self._now()
                    await self.refresh(session)
        return self._keys.get(kid)

    async def refresh(self, session: aiohttp.ClientSession) -> bool:
        """Fetch the keys now; whether that worked."""
        try:
            keys = await self._fetched(session)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, jwt.PyJWTError) as error:
            log.warning("cannot fetch the signing keys: %s", type(error).__name__)
            return False
        self._keys = keys
        self.loaded.set()
        return True

    async def _fetched(self, session: aiohttp.ClientSession) -> Mapping[str, SigningKey]:
        metadata = await _json(session, self._metadata)
        address = str(metadata.get("jwks_uri", ""))
        parts, own = urlsplit(address), urlsplit(self._metadata)
        local = is_loopback(parts.hostname or "") and is_loopback(own.hostname or "")
        if parts.scheme != "https" and not local:
            raise ValueError("jwks_uri")
        listed = (await _json(session, address)).get("keys")
        found = {one["kid"]: _signing_key(one) for one in listed if _usable(one)} if isinstance(listed, list) else {}
        if not found:
            raise ValueError("keys")
        return found


async def check(header: str | None, ring: KeyRing, session: aiohttp.ClientSession, app_id: str) -> Mapping[str, Any]:
    """The claims of the token in an Authorization header.

    Raises RefusedError for anything but a token of the platform for this app, NoKeysError before there are keys.
    """
    scheme, _, token = (header or "").partition(" ")
    if scheme != "Bearer" or not token:
        raise RefusedError("no token")
    kid = _kid(token)
    key = await ring.key(kid, session)
    if key is None:
        raise RefusedError("unknown key")
    if CHANNEL not in key.channels:
        raise RefusedError("key not endorsed")
    try:
        claims: Mapping[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=["RS256"],
            audience=app_id,
            issuer=ISSUER,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud"], "strict_aud": True},
        )
    except Exception as error:  # noqa: BLE001  # whatever a forged token breaks, it is refused
        raise RefusedError(type(error).__name__) from None
    return claims


def _kid(token: str) -> str:
    try:
        header = jwt.get_unverified_header(token)
        kid, algorithm = header.get("kid"), header.get("alg")
    except Exception as error:  # noqa: BLE001  # as above
        raise RefusedError(type(error).__name__) from None
    if algorithm != "RS256" or not isinstance(kid, str) or not kid:
        raise RefusedError("algorithm or key id")
    return kid


def _usable(key: object) -> bool:
    return (
        isinstance(key, dict)
        and isinstance(key.get("kid"), str)
        and key.get("kty") == "RSA"
        and key.get("use", "sig") == "sig"
    )


def _signing_key(key: Mapping[str, Any]) -> SigningKey:
    named = key.get("endorsements")
    channels = tuple(str(one) for one in named) if isinstance(named, list) else ()
    return SigningKey(jwt.PyJWK(dict(key), algorithm="RS256"), channels)


async def _json(session: aiohttp.ClientSession, address: str) -> Mapping[str, Any]:
    timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
    async with session.get(address, timeout=timeout, allow_redirects=False) as response:
        if response.status != 200:
            raise ValueError("status")
        body = await response.content.read(MOST_BYTES + 1)
        while not response.content.at_eof() and len(body) <= MOST_BYTES:
            body += await response.content.read(MOST_BYTES + 1 - len(body))
    if len(body) > MOST_BYTES:
        raise ValueError("size")
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError("shape")  # noqa: TRY004  # a wrong answer, not a wrong call
    return found
