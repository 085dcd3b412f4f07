"""Tokens that the platform never signed like that: each must be refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.contract.teams.fakes import APP_ID, Platform, jwk, new_key

Forge = Callable[[Platform], str | None]
OTHER_KEY = new_key()


def signed(**changes: Any) -> Forge:
    return lambda platform: f"Bearer {platform.token(**changes)}"


def with_header(**header: Any) -> Forge:
    """Rightly signed, with another header."""

    def forge(platform: Platform) -> str:
        found = {"alg": "RS256", "typ": "JWT", "kid": "first", **header}
        return f"Bearer {jwt.encode(platform.claims(), platform.key, 'RS256', headers=found)}"

    return forge


def part(data: object) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned(platform: Platform) -> str:
    return f"Bearer {part({'alg': 'none', 'kid': 'first'})}.{part(platform.claims())}."


def keyed_with_the_public_key(platform: Platform) -> str:
    """HS256, the public key as its secret: the old confusion of algorithms."""
    secret = platform.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    text = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': 'first'})}.{part(platform.claims())}"
    return f"Bearer {text}.{part(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


def changed_claims(platform: Platform) -> str:
    head, _, signature = platform.token().split(".")
    return f"Bearer {head}.{part({**platform.claims(), 'aud': APP_ID, 'x': 1})}.{signature}"


def cut_signature(platform: Platform) -> str:
    return f"Bearer {platform.token()[:-20]}"


def deep_header(_platform: Platform) -> str:
    return f"Bearer {part(b'[' * 3000)}.{part({})}.x"


def now() -> int:
    return int(time.time())


FORGED: dict[str, Forge] = {
    "no header": lambda _: None,
    "empty": lambda _: "",
    "a scheme and nothing": lambda _: "Bearer",
    "an empty token": lambda _: "Bearer ",
    "another scheme": lambda platform: f"Basic {platform.token()}",
    "no scheme": lambda platform: platform.token(),
    "garbage": lambda _: "Bearer garbage",
    "three dots": lambda _: "Bearer ...",
    "not base64": lambda _: "Bearer a.b.c",
    "a nested header": deep_header,
    "another key": lambda platform: f"Bearer {platform.token(key=OTHER_KEY)}",
    "an unknown key id": signed(kid="unknown"),
    "no key id": signed(kid=None),
    "a key for another channel": lambda platform: f"Bearer {platform.token(kid='webchat', key=OTHER_KEY)}",
    "no algorithm": unsigned,
    "the public key as a secret": keyed_with_the_public_key,
    "another RSA": lambda platform: (
        f"Bearer {jwt.encode(platform.claims(), platform.key, 'RS512', headers={'kid': 'first'})}"
    ),
    "a critical extension": with_header(crit=["x"], x=1),
    "a key in the header": lambda platform: (
        f"Bearer {jwt.encode(platform.claims(), OTHER_KEY, 'RS256', headers={'kid': 'x', 'jwk': jwk('x', OTHER_KEY)})}"
    ),
    "changed claims": changed_claims,
    "a cut signature": cut_signature,
    "another audience": signed(aud="99999999-2222-4333-8444-555555555555"),
    "two audiences": signed(aud=[APP_ID, "other"]),
    "no audience": signed(aud=None),
    "another issuer": signed(iss="https://sts.windows.net/x/"),
    "no issuer": signed(iss=None),
    "expired": signed(exp=now() - 600),
    "no expiry": signed(exp=None),
    "an expiry that is no number": signed(exp="tomorrow"),
    "not yet valid": signed(nbf=now() + 3600),
    "no service address": signed(serviceurl=None),
    "another service address": signed(serviceurl="https://smba.trafficmanager.net/emea/"),
    "a service address that is no text": signed(serviceurl=["x"]),
}
