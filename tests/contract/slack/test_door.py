"""HTTP mode's door: what is not Slack's, or not sound, is refused with 4xx; nothing runs and nothing breaks."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.service import Service
from tests.contract.slack.conftest import Story
from tests.contract.slack.fake import SECRET, slack
from tests.contract.slack.payloads import command, direct, event, mention, press, submission
from tests.contract.slack.serving import Served, serving, signature

Tell = Callable[[Story], None]

GOOD = json.dumps(mention("公式で写真を載せるときの注意は？"), ensure_ascii=False).encode()
FORM = "application/x-www-form-urlencoded"


def _now(offset: float = 0) -> str:
    return str(int(time.time() + offset))


FORGED = {
    "no headers": (GOOD, {"X-Slack-Request-Timestamp": "", "X-Slack-Signature": ""}),
    "another secret": (GOOD, lambda: signature(GOOD, secret="0" * 32)),
    "a changed body": (GOOD.replace("写真".encode(), "動画".encode()), lambda: signature(GOOD)),
    "301 seconds old": (GOOD, lambda: signature(GOOD, _now(-302))),
    "301 seconds ahead": (GOOD, lambda: signature(GOOD, _now(302))),
    "a timestamp in words": (GOOD, lambda: signature(GOOD, "abc")),
    "a timestamp with a sign": (GOOD, lambda: signature(GOOD, f"+{_now()}")),
    "a timestamp without end": (GOOD, lambda: signature(GOOD, "9" * 5000)),
    "a timestamp in other digits": (GOOD, {"X-Slack-Request-Timestamp": "１２３", "X-Slack-Signature": "v0=00"}),
    "another time than the signed one": (GOOD, lambda: {**signature(GOOD), "X-Slack-Request-Timestamp": _now(-1)}),
    "another version": (GOOD, lambda: {**signature(GOOD), "X-Slack-Signature": "v1=" + "0" * 64}),
    "a signature in Japanese": (GOOD, lambda: {**signature(GOOD), "X-Slack-Signature": "v0=署名"}),
    "url_verification unsigned": (b'{"type":"url_verification","challenge":"x"}', {"X-Slack-Signature": ""}),
    "ssl_check with a payload": (b"ssl_check=1&payload={}", {"X-Slack-Signature": ""}),
}
MALFORMED = {
    "bad UTF-8": (b'{"text":"\xff\xfe"}', "application/json"),
    "half JSON": (b'{"type":', "application/json"),
    "a list": (b"[]", "application/json"),
    "a number": (b"5", "application/json"),
    "nothing": (b"", "application/json"),
    "nothing in a form": (b"", FORM),
    "deep lists": (b"[" * 100_000, "application/json"),
    "deep objects": (b'{"a":' * 30_000, "application/json"),
    "deep payload": (urlencode({"payload": "[" * 60_000}).encode(), FORM),
    "payload is no JSON": (b"payload=x", FORM),
    "payload is a list": (b"payload=[]", FORM),
    "a form of anything": (b"a=1&b=2", FORM),
    "very many fields": (b"a&" * 50_000, FORM),
    "event is a text": (json.dumps({**mention("x"), "event": "x"}).encode(), "application/json"),
    "event is null": (json.dumps({**mention("x"), "event": None}).encode(), "application/json"),
    "authorizations of numbers": (json.dumps({**mention("x"), "authorizations": [1]}).encode(), "application/json"),
    "team is a number": (json.dumps({**mention("x"), "team": 5}).encode(), "application/json"),
    "channel is a number": (json.dumps(mention("x", channel=5)).encode(), "application/json"),
    "user is a list": (json.dumps(mention("x", user=["U1"])).encode(), "application/json"),
    "actions are a text": (urlencode({"payload": json.dumps({**press("copy", "a/1"), "actions": "x"})}).encode(), FORM),
    "no actions": (urlencode({"payload": json.dumps({**press("copy", "a/1"), "actions": []})}).encode(), FORM),
    "a view that is none": (urlencode({"payload": json.dumps({**submission("x"), "view": None})}).encode(), FORM),
    "NaN and lone surrogates": (b'{"event":{"type":NaN,"text":"\\ud800"}}', "application/json"),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_slack_did_not_sign_is_refused_and_nothing_runs(told: Tell, name: str) -> None:
    async def story(served: Served) -> None:
        body, made = FORGED[name]
        headers = made() if callable(made) else made
        kind = FORM if body.startswith(b"ssl") else "application/json"
        status, answer = await served.post(body, kind, **headers)
        assert (status, answer) == (401, "")
        assert await served.office.intake.call(served.office.store.inbox.waiting) == 0

    told(story)


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_signed_but_not_sound_is_refused_and_nothing_breaks(told: Tell, name: str) -> None:
    async def story(served: Served) -> None:
        body, kind = MALFORMED[name]
        status, _ = await served.post(body, kind)
        assert status in (200, 400)
        await served.idle()
        assert [call.method for call in served.fake.calls] == ["auth.test"]

    told(story)


def test_more_than_256_kib_is_refused_before_it_is_read_whole(told: Tell) -> None:
    async def story(served: Served) -> None:
        big = json.dumps(mention("あ" * 300_000), ensure_ascii=False).encode()
        assert (await served.post(big, "application/json"))[0] == 413

        async def endless() -> object:
            for _ in range(2000):
                yield b"x" * 65_536

        headers = {"Content-Type": "application/json", **signature(b"")}
        try:
            async with served.session.post(f"{served.http}/slack/events", data=endless(), headers=headers) as response:
                assert response.status == 413
        except (ConnectionError, OSError):
            pass  # cut off: refused as well

    told(story)


@pytest.mark.parametrize("packed", [b"\x1f\x8b nothing", gzip.compress(GOOD), GOOD])
def test_a_packed_body_is_refused_unopened(told: Tell, packed: bytes) -> None:
    async def story(served: Served) -> None:
        for name in ("gzip", "deflate"):
            headers = {"Content-Encoding": name, "Connection": "close"}
            status, _ = await served.post(packed, "application/json", **headers)
            assert status == 415
        assert await served.office.intake.call(served.office.store.inbox.waiting) == 0

    told(story)


def test_a_body_that_is_not_sent_to_its_end_is_refused_after_its_time(
    told: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.bodies.BODY_SECONDS", 0.2)

    async def story(served: Served) -> None:
        host, _, port = served.http.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        given = {"Host": host, "Content-Type": "application/json", "Content-Length": str(len(GOOD)), **signature(GOOD)}
        lines = [f"{name}: {value}" for name, value in given.items()]
        writer.write(("POST /slack/events HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode() + GOOD[:50])
        assert (await asyncio.wait_for(reader.readline(), 5)).startswith(b"HTTP/1.1 408 ")
        writer.close()
        await writer.wait_closed()
        assert await served.office.intake.call(served.office.store.inbox.waiting) == 0

    told(story)


def test_299_seconds_either_way_are_within_the_clocks_play(told: Tell) -> None:
    async def story(served: Served) -> None:
        for offset in (-298, 298):
            body = json.dumps(mention("写真は？")).encode()
            status, _ = await served.post(body, "application/json", **signature(body, _now(offset)))
            assert status == 200

    told(story)


def test_a_replay_within_five_minutes_is_answered_once(told: Tell) -> None:
    async def story(served: Served) -> None:
        headers = signature(GOOD)
        for _ in range(3):
            assert (await served.post(GOOD, "application/json", **headers))[0] == 200
        await served.idle()
        assert len(served.fake.posts) == 1

    told(story)


def test_slacks_own_probes_are_answered(told: Tell) -> None:
    async def story(served: Served) -> None:
        challenge = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"}).encode()
        status, answer = await served.post(challenge, "application/json")
        assert status == 200
        assert "3eZbrw1a" in answer
        probe = b"ssl_check=1&token=x"
        status, _ = await served.post(probe, FORM, **{"X-Slack-Signature": "", "X-Slack-Request-Timestamp": ""})
        assert status == 200

    told(story)


def test_brackets_in_a_question_are_no_nesting(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.event(mention("写真" + "[" * 500 + '"\\' + "{" * 500))
        await served.fake.wait()

    told(story)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 3) | st.text(max_size=8) | st.sampled_from(["U1", "T0001", "C0100"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "text", "user", "team", "channel", "value"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
SAMPLES = [
    mention("写真は？"),
    direct("写真は？"),
    event({"type": "team_join", "user": {"id": "U1"}}),
    event({"type": "app_home_opened", "user": "U1", "tab": "home"}),
    event({"type": "tokens_revoked", "tokens": {}}),
    press("copy", "asahikawa/1"),
    submission("写真は？"),
    dict(command("写真は？", "http://127.0.0.1/")),
]


def test_no_signed_shape_whatever_breaks_anything(service: Service, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Samples with pieces replaced by anything at all: 200 or 400, never 5xx. One server for all examples."""
    loop = asyncio.new_event_loop()
    runner = _Standing(service, tmp_path_factory)
    loop.run_until_complete(runner.start())

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
    @given(st.sampled_from(SAMPLES), st.lists(st.tuples(st.integers(0, 40), ODD), min_size=1, max_size=3))
    def replaced(sample: dict[str, object], changes: list[tuple[int, object]]) -> None:
        body = json.loads(json.dumps(sample))
        for place, odd in changes:
            _replace(body, place, odd)
        status = loop.run_until_complete(runner.status(body))
        assert status in (200, 400), body

    try:
        replaced()
    finally:
        loop.run_until_complete(runner.stop())
        loop.close()


class _Standing:
    """A server that stays for many examples; nobody answers."""

    def __init__(self, service: Service, folders: pytest.TempPathFactory) -> None:
        self._service = service
        self._folders = folders

    async def start(self) -> None:
        self._fake = slack()
        fake = await self._fake.__aenter__()
        self._serving = serving(self._service, self._folders.mktemp("door"), fake, workers=False)
        self._served = await self._serving.__aenter__()

    async def stop(self) -> None:
        await self._serving.__aexit__(None, None, None)
        await self._fake.__aexit__(None, None, None)

    async def status(self, body: dict[str, object]) -> int:
        raw = json.dumps(body).encode()
        if "event" in body:
            return (await self._served.post(raw, "application/json"))[0]
        return (await self._served.post(urlencode({"payload": raw}).encode(), FORM))[0]


def _replace(body: object, place: int, odd: object) -> None:
    """Put something odd at the nth place of a payload."""
    spots: list[tuple[object, object]] = []

    def walk(part: object) -> None:
        items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
        for key, value in list(items):
            spots.append((part, key))
            walk(value)

    walk(body)
    if spots:
        part, key = spots[place % len(spots)]
        part[key] = odd  # type: ignore[index]


def test_the_secret_of_the_tests_is_slacks_published_example() -> None:
    assert SECRET.startswith("8f742231b10e")  # docs.slack.dev, verifying requests: no secret of anybody's
