"""Settings from the environment; one error that lists every bad one."""

from __future__ import annotations

import difflib
import logging
import re
from dataclasses import dataclass, field
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
    "PRELIEN_BULK_PER_SECOND",
    "PRELIEN_LOG_LEVEL",
)
NOT_OURS = ("PRELIEN_NEEDS_BROWSER",)  # for the tests: a browser test that cannot run is a failure
FASTEST = 1000  # messages a second, the most that Telegram sells
QUIET_GC = (50_000, 20, 50)  # almost nothing here is a cycle: looking for some is a tenth of all work
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingsError(Exception):
    """Settings are wrong; the message lists every one, never with its value."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this bot is run. Without a token it runs on the local Telegram."""

    token: str = field(repr=False)
    api_url: str
    database: Path
    dialogs: Path
    templates: Path
    local_port: int
    bulk_per_second: int
    log_level: int

    @property
    def local(self) -> bool:
        """Say whether the bot runs on the local Telegram."""
        return not self.token


def read(environment: Mapping[str, str]) -> Settings:
    """Return the settings in `environment`. Raises SettingsError."""
    faults: list[str] = []

    def of(name: str, default: str = "") -> str:
        return environment.get(name, "").strip() or default

    token = of("TELEGRAM_BOT_TOKEN")
    if token and not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]{10,}", token):
        faults.append("TELEGRAM_BOT_TOKEN is not of the form BotFather gives: digits, a colon, 35 letters")
    url = of("TELEGRAM_API_URL", "https://api.telegram.org").rstrip("/")
    if not _is_address(url):
        faults.append("TELEGRAM_API_URL must be an address like https://api.telegram.org")
    database = Path(of("PRELIEN_DATABASE", "data/prelien.sqlite"))
    if database.is_dir():
        faults.append("PRELIEN_DATABASE names a folder; it must name a file")
    elif any(above.exists() and not above.is_dir() for above in database.parents):
        faults.append("PRELIEN_DATABASE lies below something that is not a folder")
    folders = {}
    for name, default in (("PRELIEN_DIALOGS", "dialogs"), ("PRELIEN_TEMPLATES", "templates")):
        folders[name] = Path(of(name, str(ROOT / default)))
        if not folders[name].is_dir():
            faults.append(f"{name} must name a folder that exists")
    port = of("PRELIEN_LOCAL_PORT", "8081")
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= 65535:
        faults.append("PRELIEN_LOCAL_PORT must be a number from 1 to 65535")
    bulk = of("PRELIEN_BULK_PER_SECOND", "30")
    if not re.fullmatch(r"[0-9]{1,4}", bulk, re.ASCII) or not 1 <= int(bulk) <= FASTEST:
        faults.append(f"PRELIEN_BULK_PER_SECOND must be a number from 1 to {FASTEST}")
    level = of("PRELIEN_LOG_LEVEL", "INFO").upper()
    if level not in LEVELS:
        faults.append(f"PRELIEN_LOG_LEVEL must be one of {', '.join(LEVELS)}")
    faults.extend(
        f"{name} is not a setting of this bot.{_near(name)}"
        for name in sorted(environment)
        if name.startswith("PRELIEN_") and name not in (*NAMES, *NOT_OURS)
    )
    if faults:
        raise SettingsError(_listed(faults))
    return Settings(
        token,
        url,
        database,
        folders["PRELIEN_DIALOGS"],
        folders["PRELIEN_TEMPLATES"],
        int(port),
        int(bulk),
        getattr(logging, level),
    )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
            and not (parts.query or parts.fragment or parts.username or parts.password)
            and not re.search(r"\s", url)
        )
    except ValueError:
        return False


def _near(name: str) -> str:
    found = difflib.get_close_matches(name, NAMES, 1)
    return f" Did you mean {found[0]}?" if found else ""


def _listed(faults: list[str]) -> str:
    return "These settings are wrong:\n" + "\n".join(f"  - {fault}" for fault in faults)


def with_file(path: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment over what `path` (a `.env` file, if it is there) sets. Raises SettingsError.

    A line is NAME=value, with or without `export` and quotes; " #" begins a remark.
    """
    found: dict[str, str] = {}
    faults: list[str] = []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines() if path.is_file() else []
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(_listed([f"{path.name} cannot be read: {type(error).__name__}"])) from None
    for number, line in enumerate(lines, 1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        name, sign, value = said.removeprefix("export ").partition("=")
        name = name.strip()
        if not sign or not name.isidentifier():
            faults.append(f"{path.name}, line {number}: write NAME=value")
        elif name in found:
            faults.append(f"{path.name}, line {number}: {name} is set above already")
        else:
            found[name] = _unquoted(value.strip())
    if faults:
        raise SettingsError(_listed(faults))
    return found | dict(environment)


def _unquoted(value: str) -> str:
    quoted = re.fullmatch(r"""(["'])(.*?)\1\s*(?:#.*)?""", value)
    return quoted[2] if quoted else re.sub(r"(?:^|\s+)#.*", "", value)
