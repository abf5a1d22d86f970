"""Run the local Telegram in a process of its own: `python -m bot.simulator --port 8081 --state FILE`."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
import sys
from datetime import datetime
from pathlib import Path

from bot.simulator.people import LocalTelegram

QUIET_GC = (50_000, 20, 50)  # ten thousand chats are no cycles: looking for some stops all of them


async def _run(port: int, state: Path | None, now: datetime | None) -> None:
    telegram = LocalTelegram(state, now)
    telegram.record = False
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    url = await telegram.start(port)
    sys.stdout.write(f"The local Telegram is at {url}\n")
    sys.stdout.flush()
    await stopped.wait()
    await telegram.stop()


def main() -> None:
    """Read the options and run until stopped."""
    options = argparse.ArgumentParser(prog="python -m bot.simulator", description=__doc__)
    options.add_argument(
        "--port", type=int, default=8081, help="where to listen on 127.0.0.1; 0 takes a free one"
    )
    options.add_argument("--state", type=Path, help="file that keeps chats, updates and the clock")
    options.add_argument(
        "--now", type=datetime.fromisoformat, help="a frozen clock, such as 2026-11-02T15:00:00Z"
    )
    given = options.parse_args()
    gc.set_threshold(*QUIET_GC)
    asyncio.run(_run(given.port, given.state, given.now))


if __name__ == "__main__":
    main()
