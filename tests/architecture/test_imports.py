"""Imports go one way, and the core touches nothing outside itself: one table, one check."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

LAYERS = (
    ("bot.model", "bot.errors", "bot.remarks", "bot.course"),
    ("bot.blocks", "bot.document", "bot.rules", "bot.enrolment"),
    ("bot.commands",),
    ("bot.ports", "bot.onboarding_ports", "bot.settings", "bot.texts"),
    ("bot.analysis",),
    ("bot.corpus",),
    ("bot.retrieval", "bot.directory"),
    ("bot.ingest",),  # a new guideline inherits topics by likeness
    ("bot.answers", "bot.drafts", "bot.onboarding"),
    ("bot.cards", "bot.outcome"),
    ("bot.report_cards", "bot.course_cards"),
    ("bot.service",),
    ("bot.course_planner",),
    ("bot.course_entry",),
    ("bot.check_desk", "bot.course_desk", "bot.course_play"),
    ("bot.desk", "bot.limits"),
    ("bot.store", "bot.evaluation"),  # evaluation asks the service; neither knows the other
    ("bot.bootstrap",),
    ("adapters.intake", "adapters.bodies", "adapters.quiet", "adapters.pacing"),
    ("adapters.sender",),
    ("adapters.dispatcher",),
    ("adapters.console", "adapters.slack", "adapters.teams", "adapters.web"),
    ("adapters.server",),
    ("bot.testing", "bot.cli"),
    ("bot.__main__",),
)
"""A room may import the rooms of the lines above its own: never a later one, never a peer."""

RANK = {room: rank for rank, rooms in enumerate(LAYERS) for room in rooms}

ONLY_IN = {
    **dict.fromkeys(("slack_bolt", "slack_sdk"), ("adapters/slack",)),
    "botbuilder": ("adapters/teams",),
    **dict.fromkeys(("aiohttp", "flask", "fastapi", "starlette", "uvicorn", "http.server"), ("adapters",)),
    **dict.fromkeys(("sqlalchemy", "alembic", "sqlite3", "psycopg"), ("bot/store",)),
    **dict.fromkeys(("asyncio", "socket", "urllib.request", "requests", "httpx"), ("adapters", "bot/cli")),
}
"""Packages and the only folders that may import them."""

TOUCHES = re.compile(
    r"(open|print|input)|.*\.(open|read_text|read_bytes|write_text|write_bytes)"
    r"|os\.(environ|getenv)\b.*|(datetime\.)*(datetime|date)\.(now|utcnow|today)|time\.(time|localtime|gmtime)"
    r"|uuid\.\w+|random\.\w+|secrets\.\w+"
)
"""Names through which a module reads or writes what is outside it."""

MAY_TOUCH = (
    "bot/corpus/yaml_source.py",
    "bot/corpus/snapshot.py",
    "bot/ingest/reader.py",
    "bot/ingest/writer.py",
    "bot/settings.py",
    "bot/bootstrap.py",
    "bot/store/",
    "bot/evaluation/",
    "bot/cli/",
    "adapters/",
)

PLATFORMS = re.compile(r"\b(slack|teams|botbuilder|block kit|adaptive ?card)\b", re.IGNORECASE)
KNOWS_PLATFORMS = ("bot/cli/", "bot/directory.py", "bot/settings.py", "bot/bootstrap.py", "adapters/")
"""The core never asks which platform it serves; docstrings and comments may name one."""


def room(name: str) -> str:
    return ".".join(name.split(".")[:2])


def violations(file: str, source: str) -> Iterator[str]:
    """`file:line: what is wrong` for one module; `file` is its path from the root, with slashes."""
    own = room(file.removesuffix(".py").replace("/", "."))
    tree = ast.parse(source)
    for node in ast.walk(tree):
        at = f"{file}:{getattr(node, 'lineno', 0)}"
        for name in imported(node):
            if name.startswith("."):
                yield f"{at}: relative import"
            other = room(name)
            if other in RANK and other != own and RANK[other] >= RANK.get(own, -1):
                yield f"{at}: {own} must not import {other}"
            if name.split(".")[0] in ("bot", "adapters") and other not in RANK and name not in ("bot", "adapters"):
                yield f"{at}: {other} has no place in the table"
            for package, folders in ONLY_IN.items():
                if f"{name}.".startswith(f"{package}.") and not file.startswith(folders):
                    yield f"{at}: {package} only in {' '.join(folders)}"
        if isinstance(node, ast.Attribute | ast.Name) and not file.startswith(MAY_TOUCH):
            said = ast.unparse(node)
            called = isinstance(node, ast.Attribute) or said in ("open", "print", "input")
            if called and TOUCHES.fullmatch(said):
                yield f"{at}: {said} in the core"
        yield from platform_words(file, at, node)


def imported(node: ast.AST) -> list[str]:
    """The modules a statement imports; a relative one keeps its dots. `from bot import x` may name a module."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = "." * node.level + (node.module or "")
        return [f"{base}.{alias.name}" for alias in node.names] if base in ("bot", "adapters") else [base]
    return []


def platform_words(file: str, at: str, node: ast.AST) -> Iterator[str]:
    if file.startswith(KNOWS_PLATFORMS):
        return
    said = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    if isinstance(node, ast.Compare | ast.Call | ast.Dict | ast.Set | ast.Tuple):
        strings = [child.value for child in ast.iter_child_nodes(node) if isinstance(child, ast.Constant)]
        said = " ".join(text for text in strings if isinstance(text, str))
    if PLATFORMS.search(said):
        yield f"{at}: a platform's name in the core"


def modules() -> list[str]:
    return sorted(
        path.relative_to(ROOT).as_posix() for top in ("bot", "adapters") for path in (ROOT / top).rglob("*.py")
    )


@pytest.mark.parametrize("file", modules())
def test_every_module_keeps_to_the_table(file: str) -> None:
    if Path(file).name == "__init__.py":
        assert not (ROOT / file).read_text(encoding="utf-8").strip(), f"{file}:1: an __init__.py is empty"
    assert list(violations(file, (ROOT / file).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("file", "line", "complaint"),
    [
        ("bot/model.py", "from bot.errors import DataError", "bot.model must not import bot.errors"),
        ("bot/corpus/x.py", "from bot.answers.answerer import Answerer", "bot.corpus must not import bot.answers"),
        ("bot/answers/x.py", "import bot.drafts.kinds", "bot.answers must not import bot.drafts"),
        ("bot/retrieval/x.py", "from bot.ingest import parser", "bot.retrieval must not import bot.ingest"),
        ("bot/answers/x.py", "from bot import service", "bot.answers must not import bot.service"),
        ("adapters/slack/x.py", "from adapters.teams.app import run", "adapters.slack must not import adapters.teams"),
        ("bot/service.py", "from . import model", "relative import"),
        ("bot/answers/x.py", "from ..model import Ask", "relative import"),
        ("bot/answers/x.py", "import bot.novelty", "bot.novelty has no place in the table"),
        ("adapters/console/x.py", "from slack_sdk.web import WebClient", "slack_sdk only in adapters/slack"),
        ("adapters/slack/x.py", "import botbuilder.core", "botbuilder only in adapters/teams"),
        ("bot/service.py", "import aiohttp", "aiohttp only in adapters"),
        ("bot/answers/x.py", "def f():\n    import asyncio", "asyncio only in adapters bot/cli"),
        ("bot/answers/x.py", "print(1)", "print in the core"),
        ("bot/answers/x.py", "text = open('a').read()", "open in the core"),
        ("bot/answers/x.py", "text = path.read_text()", "path.read_text in the core"),
        ("bot/answers/x.py", "name = os.environ['X']", "os.environ in the core"),
        ("bot/answers/x.py", "now = datetime.now(tz)", "datetime.now in the core"),
        ("bot/answers/x.py", "now = datetime.datetime.now()", "datetime.datetime.now in the core"),
        ("bot/answers/x.py", "one = random.choice(x)", "random.choice in the core"),
        ("bot/answers/x.py", "if platform == 'slack': pass", "a platform's name in the core"),
    ],
)
def test_a_planted_violation_is_named_with_file_and_line(file: str, line: str, complaint: str) -> None:
    found = list(violations(file, f"'''A module.'''\n{line}\n"))
    assert f"{file}:{3 if line.startswith('def') else 2}: {complaint}" in found


def test_what_is_allowed_raises_no_complaint() -> None:
    allowed = "'''Slack and Teams may be named here.'''\nfrom bot.model import Ask  # Slack's\nimport re\nopened = 1\n"
    assert list(violations("bot/answers/x.py", allowed)) == []
    assert list(violations("adapters/slack/x.py", "import slack_bolt\nimport asyncio\n")) == []
    assert list(violations("bot/cli/x.py", "import os\nprint(os.environ)\n")) == []
