"""What `doctor` looks at on this machine: knowledge, workspaces, database, address, proxy."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from bot.bootstrap import SystemClock, build_directory
from bot.corpus.knowledge import Knowledge
from bot.errors import GuidelineBotError, SettingsError
from bot.remarks import Remark, doubtful, fine, wrong
from bot.settings import Settings, variable

NETWORK_FILESYSTEMS = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs")
"""Where SQLite's locks cannot be relied on."""

SOUND_SQLITE = (3, 51, 3)
"""The first without the fault that may lose what two connections write (SQLite's release notes of 3.51.3)."""

TENANTS = {"slack": re.compile(r"[TE][A-Z0-9]{2,}"), "teams": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")}
SHAPES = {"slack": "T で始まるチームID", "teams": "テナントID（小文字のGUID）"}

IN_USE = "E210"
"""The code of the error that another process has the database open."""


def knowledge(settings: Settings) -> Iterator[Remark]:
    """Every organisation loads, and the default is one of them."""
    about, found = "ナレッジ", Knowledge(settings.knowledge)
    for org in found.ids:
        try:
            one = found.organization(org)
        except GuidelineBotError as error:
            yield wrong(about, error.message(settings.lang))
        else:
            yield fine(about, f"{one.name}（{org}）{len(one.guideline.clauses)}条項")
    if not found.ids:
        yield wrong(about, "団体が一つもありません。ingest で文書を取り込んでください。")
    if settings.org is not None and settings.org not in found.ids:
        yield wrong(about, f"{variable('org')} の「{settings.org}」は登録されていません。")


def workspaces(settings: Settings) -> Iterator[Remark]:
    """The workspaces file loads and has a tenant for each platform in use."""
    from adapters.server import configured  # noqa: PLC0415  # adapters are imported inside functions only

    about = "ワークスペース"
    directory = build_directory(settings, Knowledge(settings.knowledge))
    running = configured(settings)[1:]
    for platform, looks in TENANTS.items():
        tenants = directory.tenants(platform)
        for tenant in tenants:
            if looks.fullmatch(tenant) is None:
                yield wrong(about, f"{platform} の tenant「{tenant}」は、{SHAPES[platform]} の形ではありません。")
        own = settings.teams_tenant_id if platform == "teams" else None
        if own and tenants and own not in tenants:
            yield wrong(about, f"{variable('teams_tenant_id')} のテナント {own} がファイルにないため、答えません。")
        if tenants and platform not in running:
            yield doubtful(
                about, f"{platform} のワークスペースが書かれていますが、{platform} の設定がないので動きません。"
            )
        elif tenants:
            yield fine(about, f"{platform}: {'、'.join(tenants)}")
        elif platform in running:
            yield wrong(
                about,
                f"{platform} のワークスペースが {variable('workspaces')} のファイルにないため、誰にも答えません。"
                "tenant（SlackはT…のチームID、TeamsはテナントID）と org を書いてください。",
            )


def database(settings: Settings) -> Iterator[Remark]:
    """The database opens and takes a write; SQLite is new enough and on a disk of this machine."""
    from bot.store.database import open_store  # noqa: PLC0415  # `doctor` also runs where only `ask` is installed

    about = "データベース"
    try:
        store = open_store(settings.database, SystemClock())
    except SettingsError as error:
        if error.code != IN_USE:
            raise
        yield fine(about, "動いているボットが使っています（開けるかどうかは確かめていません）")
        return
    try:
        waiting = store.inbox.waiting()
    finally:
        store.close()
    yield fine(about, f"{store.engine} を開けました（未回答の質問 {waiting} 件）")
    if settings.database.startswith("sqlite"):
        yield from _sqlite(about, store.engine, _filesystem(Path(urlsplit(settings.database).path[1:])))


def _sqlite(about: str, engine: str, filesystem: str) -> Iterator[Remark]:
    version = tuple(int(part) for part in re.findall(r"\d+", engine))
    if version < SOUND_SQLITE:
        yield doubtful(
            about,
            f"{engine} には、まれに書いたものを失う不具合があります（3.51.3で修正）。"
            "pip install pysqlite3 で新しくなります。",
        )
    if filesystem in NETWORK_FILESYSTEMS:
        yield wrong(about, f"SQLiteのファイルが {filesystem} の上にあります。この機械のディスクに置いてください。")


def _filesystem(path: Path) -> str:
    """The type of the file system that holds a path; empty where the machine does not tell."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8")
    except OSError:
        return ""
    whole = path.resolve()
    best = ("", "")
    for line in mounts.splitlines():
        _, point, kind, *_ = line.split(" ")
        if whole.is_relative_to(point) and len(point) >= len(best[0]):
            best = (point, kind)
    return best[1]


def address(settings: Settings) -> Iterator[Remark]:
    """The port is free; whoever opens the page to others gave its address."""
    about = "アドレス"
    if settings.loopback:
        yield fine(about, f"{settings.host}:{settings.port}（この機械だけ）")
    elif settings.url is None:
        yield doubtful(
            about,
            f"{settings.host} は外からも届きます。{variable('url')} に、職員が開くアドレスを書いてください"
            "（条項への固定リンクにも使います）。",
        )
    else:
        yield fine(about, f"{settings.host}:{settings.port}、外からは {settings.url}")
    if settings.url is not None and settings.url.startswith("http://") and not settings.loopback:
        yield doubtful(about, f"{variable('url')} が https ではありません。途中で読まれるおそれがあります。")
    if settings.port and _taken(settings.host, settings.port):
        yield doubtful(about, f"ポート {settings.port} は使われています。すでに動いているなら問題ありません。")


def _taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def proxy(_settings: Settings) -> Iterator[Remark]:
    """Which proxy the platforms are reached through."""
    found = os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy")
    if not found:
        yield fine("プロキシ", "使いません（HTTPS_PROXY がありません）")
        return
    parts = urlsplit(found if "://" in found else f"http://{found}")
    if not parts.hostname:
        yield wrong("プロキシ", "HTTPS_PROXY を読めません。http://ホスト:ポート の形で書いてください。")
        return
    yield fine("プロキシ", f"{parts.hostname}:{parts.port or 80} を通ります")


ALL_LOCAL: tuple[Callable[[Settings], Iterator[Remark]], ...] = (knowledge, workspaces, database, address, proxy)
