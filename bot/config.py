"""Settings from the environment; one error that lists every bad one."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[1]
LOCAL_TOKEN = "1:local-telegram"  # noqa: S105  the local Telegram takes any
NAMES = (
    "TELEGRAM_BOT_TOKEN",
    "TELEGRAM_API_URL",
    "PRELIEN_DATABASE",
    "PRELIEN_DIALOGS",
    "PRELIEN_TEMPLATES",
    "PRELIEN_LOCAL_PORT",
    "PRELIEN_LOG_LEVEL",
)
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingsError(Exception):
    """Settings are wrong; the message lists every one, never with its value."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this bot is run. Without a token it runs on the local Telegram."""

    token: str
    api_url: str
    database: Path
    dialogs: Path
    templates: Path
    local_port: int
    log_level: int

    @property
    def local(self) -> bool:
        """Say whether the bot runs on the local Telegram."""
        return not self.token


def read(environment: Mapping[str, str]) -> Settings:
    """Return the settings in `environment`. Raises SettingsError."""
    faults: list[str] = []
    token = environment.get("TELEGRAM_BOT_TOKEN", "").strip()
    if token and not re.fullmatch(r"\d+:[A-Za-z0-9_-]{10,}", token):
        faults.append("TELEGRAM_BOT_TOKEN is not of the form BotFather gives: digits, a colon, 35 letters")
    url = environment.get("TELEGRAM_API_URL", "").strip().rstrip("/") or "https://api.telegram.org"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        faults.append("TELEGRAM_API_URL must be an address like https://api.telegram.org")
    database = Path(environment.get("PRELIEN_DATABASE", "").strip() or "data/prelien.sqlite")
    if database.is_dir():
        faults.append("PRELIEN_DATABASE names a folder; it must name a file")
    folders = {}
    for name, default in (("PRELIEN_DIALOGS", "dialogs"), ("PRELIEN_TEMPLATES", "templates")):
        folder = Path(environment.get(name, "").strip() or ROOT / default)
        if not folder.is_dir():
            faults.append(f"{name} must name a folder that exists")
        folders[name] = folder
    port = environment.get("PRELIEN_LOCAL_PORT", "").strip() or "8081"
    if not port.isdigit() or not 1 <= int(port) <= 65535:
        faults.append("PRELIEN_LOCAL_PORT must be a number from 1 to 65535")
    level = environment.get("PRELIEN_LOG_LEVEL", "").strip().upper() or "INFO"
    if level not in LEVELS:
        faults.append(f"PRELIEN_LOG_LEVEL must be one of {', '.join(LEVELS)}")
    known = set(NAMES)
    faults.extend(
        f"{name} is not a setting of this bot"
        for name in sorted(environment)
        if name.startswith("PRELIEN_") and name not in known
    )
    if faults:
        raise SettingsError("These settings are wrong:\n" + "\n".join(f"  - {fault}" for fault in faults))
    return Settings(
        token,
        url,
        database,
        folders["PRELIEN_DIALOGS"],
        folders["PRELIEN_TEMPLATES"],
        int(port),
        getattr(logging, level),
    )


def with_file(path: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment over what `path` (a `.env` file, if it is there) sets."""
    found: dict[str, str] = {}
    if path.is_file():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            said = line.strip()
            if not said or said.startswith("#"):
                continue
            name, sign, value = said.removeprefix("export ").partition("=")
            if not sign or not name.strip().isidentifier():
                raise SettingsError(f"{path.name}, line {number}: write NAME=value")
            found[name.strip()] = value.strip().strip("\"'")
    return found | dict(environment)
