"""Settings from the environment: read once, here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SettingsError

PREFIX = "GUIDELINE_BOT_"


@dataclass(frozen=True, slots=True)
class Settings:
    """`knowledge`: the knowledge folder, None for the bundle. `org`: asked when none is named. `lang`: of errors."""

    knowledge: Path | None = None
    org: str | None = None
    lang: str = "ja"


def from_env(environ: Mapping[str, str]) -> Settings:
    """Settings from variables that begin with GUIDELINE_BOT_.

    Raises SettingsError for an unknown variable of that prefix (a typing error would else go unnoticed).
    """
    known = {f"{PREFIX}{name}" for name in ("KNOWLEDGE", "ORG", "LANG")}
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
    return Settings(Path(knowledge) if knowledge else None, environ.get(f"{PREFIX}ORG") or None, lang)
