"""The check of a draft over HTTP: what is found, where it stands, what is refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from adapters.web import checks
from bot.check_desk import CheckDesk
from bot.drafts.checker import LONGEST
from bot.outcome import Outcome
from bot.service import Service
from bot.settings import Settings
from tests.contract.web.drafts import DRAFT, HOSTILE, IGNORED, POINTED, PointingService, check
from tests.contract.web.serving import Reply, Site, one_line, post, send, served


@pytest.fixture(scope="module")
def pointing(pointing_service: PointingService, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(pointing_service, tmp_path_factory.mktemp("pointing")) as found:
        yield found


def plain(site: Site, **fields: str) -> Reply:
    body = urlencode({"org": "chikugo", "account": "official", "text": IGNORED, **fields}).encode()
    return post(site, "/check", body, Content_Type="application/x-www-form-urlencoded")


def test_a_draft_gets_its_report_with_the_clause_and_the_place_of_the_words(site: Site) -> None:
    reply = check(site, IGNORED)
    assert reply.status == 200
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.json["verdict"] in ("caution", "ng")
    words = [IGNORED[mark["start"] : mark["end"]] for mark in reply.json["marks"]]
    assert any("放置します" in one for one in words)
    assert all(one in reply.json["html"] for one in words)
    assert "筑後市ソーシャルメディア等の利用に関するガイドライン" in reply.json["html"]
    assert "件があります" in reply.json["text"].partition("\n")[0]
    assert IGNORED[:8] not in reply.json["text"]  # it is read aloud


def test_places_count_as_browsers_count_whatever_stands_before(pointing: Site) -> None:
    text = "😀👨‍👩‍👧\r\n\0ﾊﾝｶｸ か\u3099たぶん😀極秘𠮷野家、ちなみに😀"
    reply = check(pointing, text).json
    units = text.encode("utf-16-le")
    found = [
        (units[2 * mark["start"] : 2 * mark["end"]].decode("utf-16-le"), mark["severity"]) for mark in reply["marks"]
    ]
    assert found == list(POINTED.items())
    assert [mark["number"] for mark in reply["marks"]] == [1, 2, 3]
    assert reply["verdict"] == "ng"


def test_half_a_character_moves_no_place(pointing: Site) -> None:
    reply = check(pointing, "\ud800極秘").json
    assert (reply["marks"][0]["start"], reply["marks"][0]["end"]) == (1, 3)


def test_nothing_found_is_said_plainly(pointing: Site) -> None:
    reply = check(pointing, "あした市民まつりを開きます。").json
    assert (reply["verdict"], reply["marks"]) == ("ok", [])
    assert reply["text"] == "自動の点検では、指摘はありません"


def test_a_false_alarm_is_noted_and_nobody_lets_a_finding_pass(site: Site) -> None:
    html = check(site, IGNORED).json["html"]
    assert 'data-verb="dismiss"' not in html
    value = html.partition('data-verb="false_alarm" data-value="')[2].partition('"')[0]
    before = {one.rule: one.false_alarms for one in site.office.store.findings.counts()}
    reply = post(site, "/api/press", {"org": "chikugo", "verb": "false_alarm", "value": value})
    assert "誤検知として記録しました" in reply.json["text"]
    rule = value.partition("/")[0]
    after = {one.rule: one.false_alarms for one in site.office.store.findings.counts()}
    assert after[rule] == before.get(rule, 0) + 1
    for reason in ("", "/approved"):
        refused = post(site, "/api/press", {"org": "chikugo", "verb": "dismiss", "value": value + reason})
        assert refused.status == 400


def test_what_is_found_while_somebody_types_is_not_counted(pointing: Site) -> None:
    def counted() -> int:
        return sum(one.shown for one in pointing.office.store.findings.counts())

    before = counted()
    assert check(pointing, "極秘", typing=True).json["verdict"] == "ng"
    assert counted() == before
    check(pointing, "極秘")
    assert counted() == before + 1


@pytest.mark.parametrize("text", list(HOSTILE.values()), ids=list(HOSTILE))
def test_a_hostile_draft_gets_a_report_and_nothing_live(site: Site, text: str) -> None:
    for reply in (check(site, text), plain(site, text=text.encode("utf-8", "replace").decode())):
        assert reply.status == 200
        for live in (b"<script>window", b"<img", b"<svg onload", b"</textarea><svg"):
            assert live not in reply.body
    assert check(site, text).json["verdict"] in ("ok", "caution", "ng", None)


def test_hostile_words_are_shown_as_they_are_in_the_report(pointing: Site) -> None:
    live = '<b onclick=alert(1)>&amp;</b>"'
    POINTED[live] = "error"
    try:
        html = check(pointing, live).json["html"]
    finally:
        del POINTED[live]
    assert "&lt;b onclick=alert(1)&gt;&amp;amp;&lt;/b&gt;&#34;" in html
    assert "<b " not in html


def test_a_draft_of_the_greatest_length_is_read_in_any_spelling_and_one_more_is_refused_in_words(site: Site) -> None:
    for letter in ("a", "あ", "😀", "\0"):
        assert check(site, letter * LONGEST).json["verdict"] is not None
        assert plain(site, text=letter * LONGEST).status == 200
    reply = check(site, "あ" * (LONGEST + 1)).json
    assert reply["verdict"] is None
    assert "10,000文字まで" in reply["text"]
    assert "ああ" not in reply["html"]
    assert "大きすぎます" in one_line(check(site, "あ" * 60_000))


@pytest.mark.parametrize("account", [None, "", "both", 1, ["official"]])
def test_without_an_account_it_is_asked_for(site: Site, account: object) -> None:
    reply = check(site, IGNORED, account=account)
    assert reply.status == 400
    assert "どのアカウント" in one_line(reply)


BROKEN: list[object] = [b"", b"{", b"[]", b"[" * 60_000, {"org": "chikugo"}, {**DRAFT, "text": 1}, {**DRAFT, "org": []}]


@pytest.mark.parametrize("content", BROKEN, ids=lambda one: str(one)[:30])
def test_what_cannot_be_read_gets_400_and_one_line(site: Site, content: object) -> None:
    reply = post(site, "/api/check", content)
    assert reply.status == 400
    one_line(reply)


@pytest.mark.parametrize("path", ["/api/check", "/api/strip", "/check"])
def test_drafts_are_guarded_like_questions(site: Site, path: str) -> None:
    body = json.dumps(DRAFT).encode()
    kinds = {"/api/check": "application/json", "/api/strip": "multipart/form-data; boundary=x"}
    kind = kinds.get(path, "application/x-www-form-urlencoded")
    assert post(site, path, body, Content_Type=kind, Origin="https://evil.example").status == 403
    assert post(site, path, body, Content_Type=kind, Origin="null").status == 403
    assert post(site, path, body, Content_Type=kind, Host="evil.example").status == 421
    assert send(site, "POST", path, body, Content_Type=kind).status == 403
    assert post(site, path, body, Content_Type="text/plain").status == 415
    assert post(site, path, body, Content_Type=kind, Content_Encoding="gzip").status == 415
    assert send(site, "PUT", path).status == 405


def test_an_unknown_organisation_is_not_found(site: Site) -> None:
    assert check(site, IGNORED, org="nowhere").status == 404
    assert plain(site, org="nowhere").status == 404


def test_who_checks_without_end_is_asked_to_wait(site: Site) -> None:
    statuses = [check(site, "あ", typing=True, visit="impatient-2").status for _ in range(22)]
    assert statuses == [200] * 20 + [429] * 2
    assert check(site, "あ", visit="somebody-else-2").status == 200


def test_the_page_asks_for_the_organisation_until_it_knows_it(site: Site) -> None:
    page = send(site, "GET", "/check")
    assert page.headers["Cache-Control"] == "no-store"
    assert 'href="/check?org=suzaka"' in page.body.decode()
    assert "<textarea" not in page.body.decode()
    page = send(site, "GET", "/check?org=suzaka")
    assert '<input type="hidden" name="org" value="suzaka">' in page.body.decode()
    assert page.headers["Referrer-Policy"] == "same-origin"  # else a plain form would have no origin
    assert "<textarea" not in send(site, "GET", "/check?org=nowhere").body.decode()


def test_the_organisation_of_the_settings_needs_no_choosing(service: Service, tmp_path: Path) -> None:
    with served(service, tmp_path, Settings(port=0, org="bibai")) as site:
        assert 'data-org="bibai"' in send(site, "GET", "/check").body.decode()
        assert 'data-org="suzaka"' in send(site, "GET", "/check?org=").body.decode()


def test_every_page_leads_to_the_check(site: Site) -> None:
    assert 'href="/check"' in send(site, "GET", "/").body.decode()
    assert 'href="/check?org=urausu"' in send(site, "GET", "/guidelines/urausu").body.decode()
    home = post(site, "/api/press", {"org": "urausu", "verb": "home"}).json["html"]
    assert 'href="/check?org=urausu"' in home
    assert "open_check" not in home


def test_without_scripts_the_report_is_a_page_with_the_draft_still_in_its_box(site: Site) -> None:
    reply = plain(site, text=f"\r\n一行目\r\n{IGNORED}")
    page = reply.body.decode()
    assert reply.status == 200
    assert reply.headers["Cache-Control"] == "no-store"
    assert "件があります" in page
    assert f"\n\n一行目\n{IGNORED}</textarea>" in page
    assert 'value="official" required checked' in page
    assert 'data-verb="dismiss"' not in page


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"&" * 99, b"org=chikugo&text=x", b"text=%E3%81&org=chikugo&account=x"]
)
def test_a_plain_form_that_cannot_be_read_is_a_page_that_says_so(site: Site, body: bytes) -> None:
    reply = post(site, "/check", body, Content_Type="application/x-www-form-urlencoded")
    assert reply.status == 400
    assert 'href="/"' in reply.body.decode()


def test_a_check_that_hangs_is_given_up_in_time(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = asyncio.Event()
    monkeypatch.setattr(checks, "SECONDS", 0.2)

    async def hangs(_posted: object) -> Outcome:
        await over.wait()
        raise AssertionError

    with served(service, tmp_path) as site:
        monkeypatch.setattr(site.front._checks, "_answer", hangs)
        reply = check(site, IGNORED)
        assert reply.status == 503
        assert "時間がかかりすぎ" in one_line(reply)


def test_a_crash_is_one_line_without_a_word_of_the_draft(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Outcome:
        raise RuntimeError(IGNORED)

    monkeypatch.setattr(CheckDesk, "handle", broken)
    reply = check(site, IGNORED)
    assert reply.status == 500
    assert IGNORED[:5] not in one_line(reply)
