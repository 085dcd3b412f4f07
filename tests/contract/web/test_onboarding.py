"""The page of how far people are: for administrators whom a trusted proxy names, and figures alone."""

from __future__ import annotations

import http.client
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.web.inbound import RefusedError
from adapters.web.onboarding import Door
from bot.directory import Directory, Workspace, page_workspace
from bot.enrolment import Enrolment, Learner
from bot.service import Service
from bot.settings import Settings
from tests.contract.web.serving import Reply, Site, send, served

HEADER = "X-Remote-User"
BEHIND = Settings(
    port=0, proxy_user_header=HEADER, proxy_addresses=("127.0.0.1", "10.9.0.0/16"), administrators=("yamada", "佐藤")
)


def people(org: str, department: str, states: Sequence[str]) -> list[tuple[Learner, Enrolment]]:
    made = []
    for number, state in enumerate(states):
        name = f"{department}{number}"
        learner = Learner("T1", f"l-{org}-{name}", "slack", f"U-{name}", None, f"秘密 {name}", department)
        enrolment = Enrolment("T1", f"e-{org}-{name}", learner.id, org, "2026-04-01", ("a", "b"), "0" * 16, None)
        made.append((learner, replace(enrolment, state=state)))  # type: ignore[arg-type]  # one of the states
    return made


def enrolled(site: Site) -> None:
    desk = site.office.desk
    site.office.desk.directory = Directory([Workspace("slack", "T1", "bibai"), page_workspace(desk.service.knowledge)])
    everybody = [
        *people("bibai", "総務課", ["done", "done", "active", "paused"]),
        *people("bibai", "広報<b>課", ["active", "done", "done"]),
        *people("bibai", "小さな課", ["active"]),
        *people("bibai", "別の小さな課", ["active", "active"]),
    ]
    desk.courses.enrolments.add(everybody, 1_800_000_000.0)


@pytest.fixture(scope="module")
def behind(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(service, tmp_path_factory.mktemp("standings"), BEHIND) as site:
        enrolled(site)
        yield site


def look(site: Site, *users: str, method: str = "GET") -> Reply:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    try:
        connection.putrequest(method, "/onboarding")
        for user in users:
            connection.putheader(HEADER, user.encode())
        connection.endheaders()
        reply = connection.getresponse()
        return Reply(reply.status, {name.title(): value for name, value in reply.getheaders()}, reply.read())
    finally:
        connection.close()


@pytest.mark.parametrize("user", ["yamada", "佐藤"])
def test_an_administrator_sees_the_figures_of_every_department(behind: Site, user: str) -> None:
    reply = look(behind, user)
    page = reply.body.decode()
    assert reply.status == 200
    assert "総務課: 4人のうち2人が修了" in page
    assert "50%" in page
    assert "広報&lt;b&gt;課" in page
    assert "その他（少人数の課）: 3人のうち0人が修了" in page


def test_nobody_is_named_on_the_page(behind: Site) -> None:
    page = look(behind, "yamada").body.decode()
    for person in ("秘密", "U-", "小さな課", "l-bibai"):
        assert person not in page


def test_the_page_is_kept_nowhere_and_runs_nothing(behind: Site) -> None:
    reply = look(behind, "yamada")
    assert reply.headers["Cache-Control"] == "no-store"
    assert b"<script" not in reply.body
    assert b" style=" not in reply.body
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("users", "words"),
    [
        ((), "どなたが開いているか分かりません"),
        (("",), "どなたが開いているか分かりません"),
        (("suzuki",), "研修の管理者だけ"),
        (("Yamada",), "研修の管理者だけ"),
        (("yamada, suzuki",), "研修の管理者だけ"),
        (("yamada", "yamada"), "どなたが開いているか分かりません"),
        (("suzuki", "yamada"), "どなたが開いているか分かりません"),
        (("yamada", "suzuki"), "どなたが開いているか分かりません"),
    ],
)
def test_whoever_is_no_administrator_is_told_so_and_sees_no_figure(
    behind: Site, users: tuple[str, ...], words: str
) -> None:
    reply = look(behind, *users)
    assert (reply.status, words in reply.body.decode()) == (403, True)
    assert reply.headers["Cache-Control"] == "no-store"
    assert "総務課" not in reply.body.decode()


def test_each_request_is_asked_anew(behind: Site) -> None:
    assert look(behind, "yamada").status == 200
    assert look(behind).status == 403


def test_only_reading_is_possible(behind: Site) -> None:
    assert look(behind, "yamada", method="POST").status in (403, 405)
    assert look(behind, "suzuki", method="HEAD").status == 403


@pytest.mark.parametrize(
    "settings",
    [
        Settings(port=0),
        replace(BEHIND, administrators=()),
        replace(BEHIND, proxy_addresses=()),
        replace(BEHIND, proxy_user_header=None),
    ],
    ids=["nothing", "no administrators", "no addresses", "no header"],
)
def test_without_a_proxy_in_the_settings_there_is_no_such_page(
    service: Service, tmp_path: Path, settings: Settings
) -> None:
    with served(service, tmp_path, settings) as site:
        missing = send(site, "GET", "/no/such/page")
        reply = look(site, "yamada")
        assert (reply.status, reply.body) == (404, missing.body)


def test_a_forged_header_is_ignored_and_only_counted(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with served(service, tmp_path, replace(BEHIND, proxy_addresses=("10.9.0.0/16",))) as site:
        enrolled(site)
        with caplog.at_level(logging.DEBUG):
            replies = [look(site, "yamada"), look(site), look(site, "yamada")]
        assert [reply.status for reply in replies] == [403] * 3
        assert all("入口（プロキシ）を通して" in reply.body.decode() for reply in replies)
    said = [record.getMessage() for record in caplog.records if record.name == "adapters.web.onboarding"]
    assert [text.split(", ")[1] for text in said] == ["1 times so far", "2 times so far"]
    assert "yamada" not in caplog.text


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.9.255.1", "::ffff:127.0.0.1", "::ffff:10.9.0.1"])
def test_a_proxy_is_known_by_its_address_also_in_its_longer_form(peer: str) -> None:
    Door(BEHIND).admit(peer, ["yamada"])


@pytest.mark.parametrize("peer", [None, "", "127.0.0.2", "10.8.0.1", "::1", "::ffff:10.8.0.1", "proxy.example"])
def test_any_other_address_is_no_proxy(peer: str | None) -> None:
    with pytest.raises(RefusedError) as caught:
        Door(BEHIND).admit(peer, ["yamada"])
    assert caught.value.status == 403


def test_nobody_enrolled_is_said_in_words(service: Service, tmp_path: Path) -> None:
    with served(service, tmp_path, BEHIND) as site:
        assert "まだいません" in look(site, "yamada").body.decode()
