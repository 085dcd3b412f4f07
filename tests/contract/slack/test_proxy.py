"""Everything that leaves for Slack leaves through the town's proxy: calls, the WebSocket, response addresses."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import datetime as dt
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.slack.proxies import proxy_for
from bot.service import Service
from tests.contract.slack.fake import FakeSlack, slack
from tests.contract.slack.payloads import command, direct
from tests.contract.slack.serving import serving, settings_for

PHOTO = "公式で写真を載せるときの注意は？"
HOST = "slack.test"
"""Resolves nowhere: whoever asks for it without the proxy fails."""


class Proxy:
    """A CONNECT proxy that sends every tunnel to one port of this machine, and asks for a name and a password."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[str] = []
        self.address = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *headers = head.split("\r\n")
        wanted = "Basic " + base64.b64encode(b"machi:himitsu").decode()
        if f"proxy-authorization: {wanted}".lower() not in (line.lower() for line in headers):
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            writer.close()
            return
        self.asked.append(first)
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


@contextlib.asynccontextmanager
async def proxied(fake: FakeSlack, tls: ssl.SSLContext) -> AsyncIterator[Proxy]:
    """The fake behind TLS under Slack's kind of name, and the proxy that alone knows the way."""
    runner = web.AppRunner(fake.app(), shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    fake.url = f"https://{HOST}"
    proxy = Proxy(runner.addresses[0][1])
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.address = f"http://machi:himitsu@127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
        for socket in fake.sockets:
            await socket.close()
        await runner.cleanup()


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate that only SSL_CERT_FILE makes trusted, as with a proxy that opens TLS."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "cert.pem").write_bytes(pem)
    (tmp_path / "both.pem").write_bytes(pem + private)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    return context


def test_calls_the_websocket_and_response_addresses_all_go_through_the_proxy(
    service: Service, tmp_path: Path, authority: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        fake = FakeSlack()
        async with proxied(fake, authority) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.address)
            monkeypatch.setenv("NO_PROXY", "127.0.0.1")
            async with serving(service, tmp_path, fake, settings_for(fake, socket=True)) as served:
                await served.event(direct(PHOTO))
                await fake.wait()
                await served.command(command(PHOTO, f"https://{HOST}/response/r1"))
                await fake.wait(1, "respond")
            assert set(proxy.asked) == {f"CONNECT {HOST}:443 HTTP/1.1"}
            assert len(proxy.asked) >= 2
        assert fake.refused == []

    asyncio.run(run())


def test_hosts_that_no_proxy_names_are_reached_directly(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")

    async def run() -> None:
        async with slack() as fake, serving(service, tmp_path, fake, settings_for(fake, socket=True)) as served:
            await served.event(direct(PHOTO))
            await fake.wait()
            await served.command(command(PHOTO, served.reply_to()))
            await fake.wait(1, "respond")

    asyncio.run(run())


@pytest.mark.parametrize(
    ("url", "environ", "proxy"),
    [
        ("https://slack.com/api/", {}, None),
        ("https://slack.com/api/", {"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        ("https://slack.com/api/", {"https_proxy": "p:1"}, "http://p:1"),
        ("https://slack.com/api/", {"HTTP_PROXY": "http://p:1"}, None),
        ("wss://wss-primary.slack.com/link", {"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        ("wss://wss-primary.slack.com/link", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".slack.com"}, None),
        ("https://slack.com/api/", {"ALL_PROXY": "http://p:1"}, "http://p:1"),
        ("http://127.0.0.1:8/api/", {"http_proxy": "http://p:1", "NO_PROXY": "127.0.0.1:8"}, None),
        ("not a url", {"HTTPS_PROXY": "http://p:1"}, None),
    ],
)
def test_the_proxy_of_an_address_is_what_the_environment_says(
    url: str, environ: dict[str, str], proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "https_proxy",
        "http_proxy",
        "all_proxy",
        "no_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(url) == proxy
