"""What the page sends: answers, pages, files, the headers of each, over real sockets."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.blocks import ClauseRef
from bot.corpus.knowledge import Knowledge
from bot.service import Service
from bot.settings import Settings
from tests.contract.web.serving import ASK, Site, post, send, served


def test_a_question_gets_the_clause_with_its_html_and_its_text(site: Site) -> None:
    reply = post(site, "/api/ask", ASK)
    assert reply.status == 200
    assert reply.json["status"] == "answered"
    assert reply.json["id"]
    assert "「ＵＲＬ短縮サービス」を利用すると" in reply.json["text"]
    assert 'href="/guidelines/asahikawa#6%285%29"' in reply.json["html"]


@pytest.mark.parametrize(
    ("question", "status"),
    [("炎上しました", "incident"), ("こんにちは", "said"), ("宇宙旅行の旅費は", "not_found")],
)
def test_every_answer_says_what_it_is(site: Site, question: str, status: str) -> None:
    assert post(site, "/api/ask", {"org": "asahikawa", "question": question}).json["status"] == status


def test_the_account_and_the_questions_before_count(site: Site) -> None:
    asked = {
        "org": "urausu",
        "question": "個人なら？",
        "history": ["勤務時間中に投稿してもいい？"],
        "account": "private",
    }
    assert "就業時間中のソーシャルメディアの利用は禁止する" in post(site, "/api/ask", asked).json["text"]


def test_presses_are_answered(site: Site) -> None:
    asked = post(site, "/api/ask", ASK).json["id"]
    clause = str(ClauseRef("asahikawa", "6(5)"))
    copied = post(site, "/api/press", {"org": "asahikawa", "verb": "copy", "value": clause}).json
    assert copied["copy"].startswith("６ 公式アカウント運用時の留意点\n「ＵＲＬ短縮サービス」")
    assert copied["copy"].endswith("旭川市ソーシャルメディアの利用に関するガイドライン（日付の記載なし） 6(5)")
    for verb, value, said in [
        ("read", clause, "原則として利用しない"),
        ("refer", asked, "直接お尋ねください"),
        ("rate_up", asked, "記録しました"),
        ("rate_down", asked, "記録しました"),
        ("contacts", "", "広報広聴課"),
        ("home", "", "旭川市のガイドラインについてお答えします"),
        ("copy", "asahikawa/99(9)", "いまのガイドラインにありません"),
        ("rate_up", "nothing", "残っていません"),
    ]:
        reply = post(site, "/api/press", {"org": "asahikawa", "verb": verb, "value": value})
        assert reply.status == 200, verb
        assert said in reply.json["text"], verb
        assert reply.json["copy"] is None


def test_the_record_of_an_answer_belongs_to_nobody(site: Site) -> None:
    identity = post(site, "/api/ask", {**ASK, "visit": "visit-0001"}).json["id"]
    logged = site.office.store.records.answer("web", identity)
    assert logged is not None
    assert logged.thread == "asahikawa/visit-0001"
    assert site.office.store.records.answer("T-other", identity) is None


@pytest.mark.parametrize("path", ["/", "/guidelines/asahikawa", "/no/such/page", "/static/x/style.css", "/api/ask"])
def test_every_reply_carries_the_protective_headers_and_no_cookie(site: Site, path: str) -> None:
    headers = send(site, "GET", path).headers
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers


def test_what_is_not_there_is_a_page_that_leads_on(site: Site) -> None:
    reply = send(site, "GET", "/no/such/page")
    assert reply.status == 404
    assert "ページが見つかりません" in reply.body.decode()
    assert 'href="/"' in reply.body.decode()
    assert send(site, "DELETE", "/").status == 405
    assert send(site, "GET", "/api/ask").status == 405


def test_a_wrong_way_to_open_a_page_says_so_and_names_the_right_one(site: Site) -> None:
    reply = send(site, "PUT", "/about")
    assert (reply.status, reply.headers["Allow"]) == (405, "GET,HEAD")
    assert "使えません" in reply.body.decode()


def test_a_body_with_broken_files_does_not_take_the_page_from_the_others(invented_root: Path, tmp_path: Path) -> None:
    root = tmp_path / "knowledge"
    shutil.copytree(invented_root, root)
    shutil.copytree(root / "organizations" / "kasumino", root / "organizations" / "broken")
    (root / "organizations" / "broken" / "organization.yaml").write_text("id: broken\n", encoding="utf-8")
    with served(Service(Knowledge(root)), tmp_path) as site:
        page = send(site, "GET", "/")
        assert page.status == 200
        assert 'data-org="kasumino"' in page.body.decode()
        assert 'data-org="broken"' not in page.body.decode()


def test_pages_are_asked_for_anew_and_sent_only_when_they_changed(site: Site) -> None:
    for path in ("/", "/guidelines/chikugo"):
        first = send(site, "GET", path)
        assert first.headers["Cache-Control"] == "no-cache"
        again = send(site, "GET", path, If_None_Match=f'"x", W/{first.headers["Etag"]}')
        assert (again.status, again.body) == (304, b"")


def test_files_may_be_kept_for_a_year_for_their_address_changes_with_them(site: Site) -> None:
    page = send(site, "GET", "/").body.decode()
    path = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    first = send(site, "GET", path)
    assert first.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in first.headers["Cache-Control"]
    assert send(site, "GET", path, If_None_Match=first.headers["Etag"]).status == 304
    old = send(site, "GET", "/static/000000000000/style.css")
    assert (old.status, old.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize("name", ["../app.py", "..%2fapp.py", "%2e%2e%2fapp.py", "nothing.css", "..\\app.py", ""])
def test_no_file_but_the_pages_own_is_served(site: Site, name: str) -> None:
    reply = send(site, "GET", f"/static/x/{name}")
    assert reply.status == 404
    assert b"import" not in reply.body


def test_the_organisation_of_the_settings_is_preselected(service: Service, tmp_path: Path) -> None:
    with served(service, tmp_path, Settings(port=0, org="chikugo")) as site:
        assert 'data-preset="chikugo"' in send(site, "GET", "/").body.decode()
        assert 'data-asked="suzaka"' in send(site, "GET", "/?org=suzaka").body.decode()
