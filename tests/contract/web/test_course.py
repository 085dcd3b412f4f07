"""The course on the page: its address, its presses, and nothing on record."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.corpus.knowledge import Knowledge
from bot.service import Service
from tests.contract.web.serving import Site, post, send, served

ORG = "asahikawa"


@pytest.mark.parametrize("org", ["asahikawa", "bibai", "chikugo", "suzaka", "urausu"])
def test_every_organisations_course_opens_with_its_first_lesson(site: Site, service: Service, org: str) -> None:
    course = service.knowledge.course(org)
    assert course is not None
    reply = send(site, "GET", f"/course/{org}")
    html = reply.body.decode()
    assert reply.status == 200
    assert course.title in html
    assert course.lessons[0].text in html
    assert "何も記録しません" in html
    assert 'data-verb="quiz"' in html
    for lesson in course.lessons:
        assert f'href="/course/{org}?lesson={lesson.id}"' in html


def test_an_address_may_name_the_lesson_and_a_strange_one_opens_the_first(site: Site, service: Service) -> None:
    course = service.knowledge.course(ORG)
    assert course is not None
    third = send(site, "GET", f"/course/{ORG}?lesson={course.lessons[2].id}").body.decode()
    assert course.lessons[2].text in third
    assert course.lessons[0].text not in third
    assert third.count('aria-current="step"') == 1
    strange = send(site, "GET", f"/course/{ORG}?lesson=%22%3E%3Cscript%3E").body.decode()
    assert course.lessons[0].text in strange
    assert "<script>" not in strange


def test_the_page_is_guarded_and_asked_for_anew_like_the_others(site: Site) -> None:
    reply = send(site, "GET", f"/course/{ORG}")
    assert reply.headers["Cache-Control"] == "no-cache"
    assert "script-src 'self'" in reply.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in reply.headers
    assert "<script>" not in reply.body.decode()
    assert send(site, "GET", f"/course/{ORG}", If_None_Match=reply.headers["Etag"]).status == 304
    assert send(site, "GET", f"/course/{ORG}", Host="elsewhere.example").status == 421
    assert send(site, "POST", f"/course/{ORG}", b"", Origin=site.url, Content_Type="application/json").status == 405


def test_presses_are_answered_and_nobody_is_on_record(site: Site, service: Service) -> None:
    course = service.knowledge.course(ORG)
    assert course is not None
    first = course.lessons[0]
    right = next(number for number, option in enumerate(first.options, 1) if option.right)
    for verb, value, said in [
        ("lesson", first.id, first.text),
        ("quiz", f"{first.id}/{right % 3 + 1}", "そこは違います"),
        ("quiz", f"{first.id}/{right}", "そのとおりです"),
        ("acknowledge", "0" * 16, "記録していません"),
    ]:
        reply = post(site, "/api/press", {"org": ORG, "verb": verb, "value": value})
        assert reply.status == 200, verb
        assert said in reply.json["text"], verb
    assert site.office.store.enrolments.people("web") == []
    assert site.office.store.ledger.rows("web") == []
    assert post(site, "/api/press", {"org": ORG, "verb": "course", "value": "start"}).status == 400


def test_the_other_pages_lead_to_the_course(site: Site) -> None:
    for path in (f"/guidelines/{ORG}", f"/check?org={ORG}"):
        assert f'href="/course/{ORG}"' in send(site, "GET", path).body.decode()
    home = send(site, "GET", "/").body.decode()
    assert home.count("data-course") == 5


def test_a_body_without_a_course_says_so_and_is_not_led_to_one(invented_root: Path, tmp_path: Path) -> None:
    root = tmp_path / "knowledge"
    shutil.copytree(invented_root, root)
    (root / "organizations" / "kasumino" / "course.yaml").unlink()
    with served(Service(Knowledge(root)), tmp_path) as site:
        for org in ("kasumino", "nowhere"):
            reply = send(site, "GET", f"/course/{org}")
            assert reply.status == 404
            assert "まだ用意されていません" in reply.body.decode()
        for path in ("/guidelines/kasumino", "/check?org=kasumino"):
            assert "/course/" not in send(site, "GET", path).body.decode()
        assert "data-course" not in send(site, "GET", "/").body.decode()


def test_a_course_with_a_broken_file_does_not_take_the_other_pages_with_it(invented_root: Path, tmp_path: Path) -> None:
    root = tmp_path / "knowledge"
    shutil.copytree(invented_root, root)
    (root / "organizations" / "kasumino" / "course.yaml").write_text("title: [\n", encoding="utf-8")
    with served(Service(Knowledge(root)), tmp_path) as site:
        assert send(site, "GET", "/course/kasumino").status == 404
        assert send(site, "GET", "/guidelines/kasumino").status == 200
        assert send(site, "GET", "/").status == 200


def test_a_proposed_course_is_played_with_the_word_that_nobody_has_reviewed_it(
    invented: Service, tmp_path: Path
) -> None:
    with served(invented, tmp_path) as site:
        html = send(site, "GET", "/course/kasumino").body.decode()
    assert "まだ誰も内容を確かめていません" in html
