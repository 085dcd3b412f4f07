"""`guideline-bot`: parses the command line, runs one command, turns errors into one line and an exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, TypeAlias

from bot.errors import GuidelineBotError
from bot.settings import Settings, from_env

OK, NOTHING_FOUND, WRONG = 0, 1, 2

Command = Callable[[argparse.Namespace, Settings], int]


class _Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are one line, in Japanese unless `--lang en` is given."""

    def error(self, message: str) -> NoReturn:
        words = " ".join(sys.argv).replace("=", " ")
        english = "--lang en" in words or ("--lang" not in words and os.environ.get("GUIDELINE_BOT_LANG") == "en")
        hint = f"{self.prog} --help"
        line = (
            f"error: {message} (see {hint})"
            if english
            else f"使い方が違います: {_japanese(message)}（{hint} で説明が出ます）"
        )
        sys.stderr.write(line + "\n")
        raise SystemExit(WRONG)


_Verbs: TypeAlias = "argparse._SubParsersAction[_Parser]"  # noqa: SLF001  # argparse has no public name for it


def _japanese(message: str) -> str:
    for english, japanese in (
        ("the following arguments are required:", "次の指定が必要です:"),
        ("unrecognized arguments:", "知らない指定です:"),
        ("expected one argument", "値を一つ付けてください"),
        ("expected at least one argument", "値を付けてください"),
        ("invalid choice:", "使えない値です:"),
        ("(choose from", "（使えるのは"),
        ("argument ", ""),
        ("not allowed with", "は一緒に使えません:"),
    ):
        message = message.replace(english, japanese)
    return message


def build_parser() -> argparse.ArgumentParser:
    """The whole command line; each command's function stands in `run`."""
    parser = _Parser(prog="guideline-bot", description="ガイドラインの条項を引いて答えます。")
    common = _Parser(add_help=False)
    common.add_argument("--knowledge", type=Path, metavar="DIR", help="ナレッジのフォルダー（省略時は同梱のもの）")
    common.add_argument("--lang", choices=("ja", "en"), help="エラーの言語")
    verbs = parser.add_subparsers(dest="verb", metavar="コマンド", required=True)
    _add_ask(verbs, common)
    _add_check(verbs, common)
    _add_serving(verbs, common)
    _add_onboarding(verbs, common)
    _add_documents(verbs, common)
    _add_measures(verbs, common)
    return parser


def _add_ask(verbs: _Verbs, common: _Parser) -> None:
    ask = verbs.add_parser("ask", parents=[common], help="質問に条項で答える")
    ask.add_argument("question", nargs="?", help="質問（- なら標準入力から読む）")
    ask.add_argument("--org", help="団体")
    ask.add_argument("--account", choices=("official", "private"), help="どのアカウントの話か")
    ask.add_argument("--history", action="append", default=[], metavar="質問", help="前の質問（古い順に何度でも）")
    ask.add_argument("--json", action="store_true", help="JSONで出す")
    ask.add_argument("--batch", metavar="FILE.jsonl", help="1行1問のファイル（- なら標準入力）")
    ask.set_defaults(run=_lazy("bot.cli.ask", "ask"))
    chat = verbs.add_parser("chat", parents=[common], help="端末で続けて質問する")
    chat.add_argument("--org", help="団体")
    chat.set_defaults(run=_lazy("bot.cli.chat", "chat"))


def _add_check(verbs: _Verbs, common: _Parser) -> None:
    check = verbs.add_parser("check", parents=[common], help="下書きを点検する")
    check.add_argument("file", nargs="?", metavar="FILE", help="下書きのファイル（- なら標準入力から読む）")
    check.add_argument("--org", help="団体")
    check.add_argument("--account", choices=("official", "private"), help="どのアカウントから出すか")
    check.add_argument("--format", choices=("text", "json", "github"), default="text", help="出し方")
    check.add_argument("--json", action="store_true", help="JSONで出す（--format json と同じ）")
    check.add_argument("--image", action="append", default=[], type=Path, metavar="FILE", help="添える画像（何枚でも）")
    check.add_argument("--strip", action="store_true", help="画像情報を消した写しを画像の隣に作る")
    check.add_argument("--batch", metavar="FILE.jsonl", help="1行1件のファイル（- なら標準入力）")
    check.set_defaults(run=_lazy("bot.cli.check", "check"))


def _add_serving(verbs: _Verbs, common: _Parser) -> None:
    serve = verbs.add_parser("serve", parents=[common], help="ページと、設定のあるSlack・Teamsを動かす")
    serve.add_argument("--org", help="ページで最初に選んでおく団体")
    serve.add_argument("--host", help="待ち受けるアドレス（省略時は 127.0.0.1。この機械だけ）")
    serve.add_argument("--port", help="待ち受けるポート（省略時は 8080）")
    serve.set_defaults(run=_lazy("bot.cli.serve", "serve"))
    doctor = verbs.add_parser("doctor", parents=[common], help="設定の誤りをことばで言う")
    doctor.add_argument("--offline", action="store_true", help="SlackとTeamsには問い合わせない")
    doctor.add_argument("--json", action="store_true", help="JSONで出す")
    doctor.set_defaults(run=_lazy("bot.cli.doctor", "doctor"))
    manifest = verbs.add_parser("manifest", parents=[common], help="Slack・Teamsに登録するマニフェストを作る")
    manifest.add_argument("platform", choices=("slack", "teams"))
    manifest.add_argument("--output", type=Path, metavar="FILE", help="書き出すファイル（teams は .zip）")
    manifest.set_defaults(run=_lazy("bot.cli.manifest", "manifest"))


def _add_onboarding(verbs: _Verbs, common: _Parser) -> None:
    onboard = verbs.add_parser("onboard", help="研修: 名簿の登録、進み具合、記録の書き出し")
    parts = onboard.add_subparsers(dest="part", metavar="操作", required=True)

    def part(name: str, words: str, function: str) -> _Parser:
        added = parts.add_parser(name, parents=[common], help=words)
        added.add_argument("--workspace", metavar="TENANT", help="ワークスペース（一つだけなら省ける）")
        added.set_defaults(run=_lazy(*function.split(":")))
        return added

    enrol = part("import", "名簿（CSV）の人を研修に登録する", "bot.cli.onboard:enrol")
    enrol.add_argument("file", type=Path, metavar="ROSTER.csv", help="名簿（UTF-8かShift_JISのCSV）")
    status = part("status", "課ごとの進み具合", "bot.cli.onboard_status:status")
    status.add_argument("--json", action="store_true", help="JSONで出す")
    export = part("export", "記録をCSVかExcelに書き出す", "bot.cli.onboard_records:export")
    export.add_argument("file", type=Path, metavar="FILE", help="書き出すファイル（.csv か .xlsx）")
    export.add_argument("--person", metavar="USER_OR_MAIL", help="この人の記録だけ（開示請求など）")
    export.add_argument("--force", action="store_true", help="同じ名のファイルがあれば置き換える")
    verify = part("verify", "記録が書き換えられていないか確かめる", "bot.cli.onboard_records:verify")
    verify.add_argument("--head", metavar="HASH", help="前に控えた末尾のハッシュ")
    remind = part("remind", "答えのない人に、いま知らせる", "bot.cli.onboard:remind")
    remind.add_argument("--again", action="store_true", help="届かなかったメッセージも送り直す")
    purge = part("purge", "一人の個人情報を消す", "bot.cli.onboard:purge")
    purge.add_argument("person", metavar="USER_OR_MAIL", help="ユーザーIDかメールアドレス")
    purge.add_argument("--yes", action="store_true", help="確認を求めない")
    for one in (enrol, status, export, remind):
        one.add_argument("--org", help="団体")


def _add_documents(verbs: _Verbs, common: _Parser) -> None:
    ingest = verbs.add_parser("ingest", parents=[common], help="文書を条項に分ける")
    ingest.add_argument("file", type=Path, help="文書（.txt .md）")
    ingest.add_argument("--org", help="この団体として書き出す")
    ingest.add_argument("--into", type=Path, metavar="DIR", help="書き出すナレッジのフォルダー")
    ingest.add_argument("--update", action="store_true", help="すでにある団体の文書を新しくする")
    ingest.add_argument("--json", action="store_true", help="JSONで出す")
    ingest.set_defaults(run=_lazy("bot.cli.documents", "ingest"))
    clauses = verbs.add_parser("clauses", parents=[common], help="条項の一覧")
    clauses.add_argument("--org", help="団体")
    clauses.add_argument("--json", action="store_true", help="JSONで出す")
    clauses.set_defaults(run=_lazy("bot.cli.documents", "clauses"))
    knowledge = verbs.add_parser("knowledge", parents=[common], help="ナレッジを確かめる")
    knowledge.add_argument("what", choices=("check", "topics"), help="check: すべて確かめる / topics: 話題ごとの条項")
    knowledge.add_argument("--org", help="団体（省略時はすべて）")
    knowledge.add_argument("--json", action="store_true", help="JSONで出す")
    knowledge.set_defaults(run=_lazy("bot.cli.knowledge", "knowledge"))


def _add_measures(verbs: _Verbs, common: _Parser) -> None:
    evaluate = verbs.add_parser("eval", parents=[common], help="正解付きの質問で測る")
    evaluate.add_argument("files", nargs="+", type=Path, metavar="FILE", help="YAMLファイルまたはフォルダー")
    evaluate.add_argument("--failures", action="store_true", help="外れた質問も出す")
    evaluate.add_argument("--time", action="store_true", help="1問にかかる時間も測る")
    evaluate.add_argument("--fit", action="store_true", help="確信度の定数を合わせ直して出す")
    evaluate.add_argument("--json", action="store_true", help="JSONで出す")
    evaluate.set_defaults(run=_lazy("bot.cli.measures", "evaluate"))
    bench = verbs.add_parser("bench", parents=[common], help="検索の質と速さを他の検索器と並べて測る")
    bench.add_argument("--corpus", type=Path, metavar="C.jsonl", help="文書（id, title, text）")
    bench.add_argument("--queries", type=Path, metavar="Q.jsonl", help="質問（id, text, relevant）")
    bench.add_argument("--jsquad", type=Path, metavar="FILE", help="JSQuAD形式のJSONから文書と質問を作る")
    bench.add_argument("--json", action="store_true", help="JSONで出す")
    bench.set_defaults(run=_lazy("bot.cli.measures", "bench"))


def _lazy(module: str, name: str) -> Command:
    """A command that is imported when it runs: `ask` should not wait for what only `bench` needs."""

    def run(arguments: argparse.Namespace, settings: Settings) -> int:
        import importlib  # noqa: PLC0415  # see above

        command: Command = getattr(importlib.import_module(module), name)
        return command(arguments, settings)

    return run


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0, 1 nothing found, 2 wrong use or bad input)."""
    arguments = build_parser().parse_args(argv)
    lang = arguments.lang or ("en" if os.environ.get("GUIDELINE_BOT_LANG") == "en" else "ja")
    try:
        settings = from_env(os.environ)
        settings = replace(settings, knowledge=arguments.knowledge or settings.knowledge, lang=lang)
        command: Command = arguments.run
        code = command(arguments, settings)
        sys.stdout.flush()  # a reader that has gone is noticed here, not while Python shuts down
        return code  # noqa: TRY300  # the flush belongs into the try
    except GuidelineBotError as error:
        sys.stderr.write(error.message(lang) + "\n")
        return WRONG
    except BrokenPipeError:
        # The reader (head, a closed pager) has gone: nothing is wrong with us.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return WRONG


def run() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="surrogateescape")  # undecodable bytes become control characters: E303
    sys.exit(main())
