"""prelien stats: how late reminders go out, what waits and what failed, as figures without persons."""

from __future__ import annotations

import http.client
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import config, store

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from bot.store import Figures

DAY = 24 * 3600  # seconds
LANES = ("answers", "unasked")
ABOUT = """Show how the bot fares, as figures without persons: how late the reminders of the last 24 hours went out, what
is due and not sent, what waits in the queue and since when, and what failed.

The database is read beside the bot, which may run or not. Times are in seconds."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `stats` to the commands."""
    parser = commands.add_parser(
        "stats", help="show lateness, queue and failures, without persons", description=ABOUT
    )
    parser.add_argument("--json", action="store_true", help="as JSON, for other programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> dict[str, Any] | str:
    """Return what is printed. Raises StoreError, SettingsError."""
    settings = config.read(config.with_file(Path(".env"), os.environ))
    now = moment(settings)
    found = table(store.figures(settings.database, int(now.timestamp()), int(now.timestamp()) - DAY), now)
    return found if args.json else text(found)


def moment(settings: config.Settings) -> datetime:
    """Return the bot's present moment: that of the local Telegram, where there is one, or the real one."""
    now = datetime.now(UTC)
    if not settings.local:
        return now
    line = http.client.HTTPConnection("127.0.0.1", settings.local_port, timeout=1)
    try:
        line.request("GET", "/local/clock")
        return datetime.fromisoformat(json.loads(line.getresponse().read())["now"])
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return now
    finally:
        line.close()


def percentile(counted: Sequence[tuple[int, int]], share: float) -> int | None:
    """Return the value that `share` of all are not above; `counted` holds each value, rising, with its count."""
    wanted = share * sum(count for _, count in counted)
    reached = 0
    for value, count in counted:
        reached += count
        if reached >= wanted:
            return value
    return None


def table(figures: Figures, now: datetime) -> dict[str, Any]:
    """Return the figures by their names."""

    def age(since: int | None) -> int | None:
        return None if since is None else max(0, int(now.timestamp()) - since)

    return {
        "at": now.isoformat(timespec="seconds"),
        "people": figures.people,
        "unreachable": figures.unreachable,
        "cases_open": figures.cases,
        "reminders_planned": figures.planned,
        "reminders_sent": {
            "count": sum(count for _, count in figures.late),
            "late_p50": percentile(figures.late, 0.50),
            "late_p95": percentile(figures.late, 0.95),
            "late_max": figures.late[-1][0] if figures.late else None,
        },
        "due_not_sent": {"count": figures.due[0], "oldest": age(figures.due[1])},
        "queue": {
            name: {"count": count, "oldest": age(since)}
            for name, (count, since) in zip(LANES, figures.queue, strict=True)
        },
        "failures": dict(figures.failures),
    }


def text(found: dict[str, Any]) -> str:
    """Return the figures as lines to read."""

    def waits(one: dict[str, Any]) -> str:
        return f"{one['count']:,}" + (f", the oldest for {one['oldest']:,} s" if one["count"] else "")

    sent, queue = found["reminders_sent"], found["queue"]
    late = (
        f", late by {sent['late_p50']} s (p50), {sent['late_p95']} s (p95), {sent['late_max']} s (most)"
        if sent["count"]
        else ""
    )
    failed = ", ".join(f"{name} {count:,}" for name, count in found["failures"].items())
    return "\n".join(
        (
            f"at                     {found['at']}",
            f"people                 {found['people']:,}, of them {found['unreachable']:,} cannot be reached",
            f"open cases             {found['cases_open']:,}",
            f"planned reminders      {found['reminders_planned']:,}",
            f"sent in 24 hours       {sent['count']:,}{late}",
            f"due and not sent       {waits(found['due_not_sent'])}",
            f"queue, answers         {waits(queue['answers'])}",
            f"queue, unasked         {waits(queue['unasked'])}",
            f"failures in 24 hours   {failed or 'none'}",
        )
    )
