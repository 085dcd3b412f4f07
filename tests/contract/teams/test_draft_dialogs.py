"""The draft check in a dialog: opened, sent, sent again, each answered in the response itself."""

from __future__ import annotations

from tests.contract.teams.activities import DRAFT, action, fetch, in_channel, submit
from tests.contract.teams.forms import buttons, card, field, filled, words
from tests.contract.teams.serving import Play, Served
from tests.unit.adapters.teams.cards import elements

HARMLESS = "図書館は月曜日がお休みです。"


def test_the_action_opens_an_empty_form(play: Play) -> None:
    async def scene(served: Served) -> None:
        shown = card(await served.ask(action(served.platform, "fetchTask")))
        account, text = field(shown, "account"), field(shown, "text")
        assert (account["type"], account["isRequired"]) == ("Input.ChoiceSet", True)
        assert [one["value"] for one in account["choices"]] == ["official", "private"]
        assert "value" not in account  # nobody's account is guessed
        assert (text["isMultiline"], text["value"], text["maxLength"]) == (True, "", 10_000)
        assert account["label"]
        assert text["label"]
        assert buttons(shown) == {"点検する": {"verb": "check"}}
        assert "保存しません" in words(shown)

    play(scene)


def test_called_on_a_message_the_form_holds_its_text(play: Play) -> None:
    async def scene(served: Served) -> None:
        html = "<p>一行目 &lt;at&gt;all&lt;/at&gt;</p>\n<p>二行目 &amp; <b>三</b></p><script>x</script>"
        shown = card(await served.ask(action(served.platform, "fetchTask", content=html)))
        assert field(shown, "text")["value"] == "一行目 <at>all</at>\n二行目 & 三\nx"

    play(scene)


def test_of_a_message_that_is_too_long_the_beginning_is_taken_and_said_so(play: Play) -> None:
    async def scene(served: Served) -> None:
        shown = card(await served.ask(action(served.platform, "fetchTask", content="あ" * 12_000)))
        assert field(shown, "text")["value"] == "あ" * 10_000
        assert "先頭の10,000文字だけ" in words(shown)

    play(scene)


def test_the_pictures_of_a_message_are_said_to_be_for_the_page(play: Play) -> None:
    async def scene(served: Served) -> None:
        html = '<p>文</p><img src="https://graph.microsoft.com/v1.0/chats/x/hostedContents/y/$value">'
        for answer in (
            await served.ask(action(served.platform, "fetchTask", content=html)),
            await served.ask(action(served.platform, "submitAction", filled(DRAFT), content=html)),
        ):
            shown = card(answer)
            assert "点検ページ" in words(shown)
            links = [one["url"] for one in elements(shown) if one["type"] == "Action.OpenUrl"]
            assert "https://guideline.example.lg.jp/check" in links

    play(scene)


def test_a_sent_draft_comes_back_as_a_report_with_the_form_and_what_was_typed(play: Play) -> None:
    async def scene(served: Served) -> None:
        shown = card(await served.ask(action(served.platform, "submitAction", filled(DRAFT))))
        text = words(shown)
        assert "要確認" in text
        assert "「コメントが多いのでしばらく放置します" in text  # the words it is about
        assert "公式アカウントの下書きとして点検しました" in text
        assert (field(shown, "account")["value"], field(shown, "text")["value"]) == ("official", DRAFT)
        assert "点検する" in buttons(shown)
        again = card(await served.ask(action(served.platform, "submitAction", filled(HARMLESS, "private"))))
        assert "個人アカウントの下書きとして点検しました" in words(again)
        assert field(again, "text")["value"] == HARMLESS

    play(scene)


def test_without_an_account_it_is_asked_for_and_the_text_stays(play: Play) -> None:
    async def scene(served: Served) -> None:
        shown = card(await served.ask(action(served.platform, "submitAction", filled(DRAFT, None))))
        assert "どのアカウントから" in words(shown)
        assert field(shown, "text")["value"] == DRAFT
        huge = card(await served.ask(action(served.platform, "submitAction", filled("あ" * 30_000, None))))
        assert len(field(huge, "text")["value"]) == 10_000
        assert "先頭の10,000文字だけ" in words(huge)

    play(scene)


def test_a_cards_button_opens_the_same_dialog_also_in_a_channel(play: Play) -> None:
    async def scene(served: Served) -> None:
        where = {
            name: one
            for name, one in in_channel(served.platform, "").items()
            if name in ("conversation", "channelData")
        }
        opened = {
            **fetch(served.platform, {"verb": "open_check", "value": "", "msteams": {"type": "task/fetch"}}),
            **where,
        }
        assert field(card(await served.ask(opened)), "text")["value"] == ""
        shown = card(await served.ask({**submit(served.platform, filled(DRAFT)), **where}))
        assert "要確認" in words(shown)

    play(scene)


def test_a_finding_is_let_pass_with_a_reason_and_the_report_comes_without_it(play: Play) -> None:
    async def scene(served: Served) -> None:
        first = card(await served.ask(submit(served.platform, filled(DRAFT))))
        press = {**buttons(first)["理由を付けて見送る"], "text": DRAFT, "account": "official"}
        asked = card(await served.ask(submit(served.platform, press)))
        assert "見送る理由" in words(asked)
        assert field(asked, "text")["value"] == DRAFT  # nothing typed is lost on the way
        reason = {**buttons(asked)["所属長などの決裁を得ている"], "text": DRAFT, "account": "official"}
        done = card(await served.ask(submit(served.platform, reason)))
        assert "見送りました" in words(done)
        assert "見送り済みの指摘があります（理由: 所属長などの決裁を得ている）" in words(done)
        assert "批判や問い合わせを無視" in words(first)
        assert "批判や問い合わせを無視" not in words(done)
        (count,) = [one for one in served.office.store.findings.counts() if one.rule == "flame-ignored"]
        assert (count.shown, count.dismissed) == (1, 1)  # what is only shown anew is not counted

    play(scene)


def test_a_false_alarm_is_noted_and_the_report_stays(play: Play) -> None:
    async def scene(served: Served) -> None:
        first = card(await served.ask(action(served.platform, "submitAction", filled(DRAFT))))
        press = {**buttons(first)["誤検知として知らせる"], "text": DRAFT, "account": "official"}
        done = card(await served.ask(action(served.platform, "submitAction", press)))
        assert "誤検知として記録しました" in words(done)
        assert "「コメントが多いので" in words(done)
        (count,) = [one for one in served.office.store.findings.counts() if one.rule == "flame-ignored"]
        assert count.false_alarms == 1

    play(scene)


def test_a_clause_is_read_beside_the_form(play: Play) -> None:
    async def scene(served: Served) -> None:
        press = {"verb": "read", "value": "asahikawa/6(3)", "text": DRAFT, "account": "official"}
        shown = card(await served.ask(submit(served.platform, press)))
        assert "情報発信に当たっては" in words(shown)
        assert field(shown, "text")["value"] == DRAFT

    play(scene)


def test_no_button_of_a_report_in_a_dialog_needs_a_message_or_another_dialog(play: Play) -> None:
    async def scene(served: Served) -> None:
        shown = card(await served.ask(submit(served.platform, filled(DRAFT))))
        assert {data["verb"] for data in buttons(shown).values()} <= {"check", "dismiss", "false_alarm", "read"}
        assert not any("msteams" in data for data in buttons(shown).values())

    play(scene)
