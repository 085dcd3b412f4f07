"""Settings from the environment: read once, here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SettingsError

PREFIX = "GUIDELINE_BOT_"


@dataclass(frozen=True, slots=True)
class Settings:
    """`knowledge`: the knowledge folder, None for the bundle. `org`: asked when none is named. `lang`: of errors.

    `cache`: where built indexes are kept between starts, None for nowhere.
    """

    knowledge: Path | None = None
    org: str | None = None
    lang: str = "ja"
    cache: Path | None = None


def from_env(environ: Mapping[str, str]) -> Settings:
    """Settings from variables that begin with GUIDELINE_BOT_.

    Raises SettingsError for an unknown variable of that prefix (a typing error would else go unnoticed).
    """
    known = {f"{PREFIX}{name}" for name in ("KNOWLEDGE", "ORG", "LANG", "CACHE")}
    for name in environ:
        if name.startswith(PREFIX) and name not in known:
            raise SettingsError(
                "E203",
                f"設定 {name} はありません（使えるのは {'、'.join(sorted(known))}）。",
                f"there is no setting {name} (known: {', '.join(sorted(known))}).",
            )
    knowledge = environ.get(f"{PREFIX}KNOWLEDGE")
    lang = environ.get(f"{PREFIX}LANG") or "ja"
    if lang not in {"ja", "en"}:
        raise SettingsError("E204", f"{PREFIX}LANG は ja か en です。", f"{PREFIX}LANG is ja or en.")
    org = environ.get(f"{PREFIX}ORG") or None
    return Settings(Path(knowledge) if knowledge else None, org, lang, _cache(environ))


def _cache(environ: Mapping[str, str]) -> Path | None:
    """GUIDELINE_BOT_CACHE (`off` for none), else the user's cache folder as the platform has it."""
    named = environ.get(f"{PREFIX}CACHE")
    if named:
        return None if named == "off" else Path(named)
    base = environ.get("XDG_CACHE_HOME") or environ.get("LOCALAPPDATA")
    if base:
        return Path(base) / "guideline-bot"
    home = environ.get("HOME")
    return Path(home) / ".cache" / "guideline-bot" if home else None
