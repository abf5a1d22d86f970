"""The state file: everything that was answered to somebody is in it, also after a SIGKILL.

What changed is put aside and written once for all requests of one turn of the event loop. Nobody gets an
answer before `settled` returned, so an id that was handed out is never given again. Writing is not synced to
the disk: the file outlives the process, not a power cut, which is all a tool for trying things out needs.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pathlib import Path


class Kept(Protocol):
    """A thing that can be written down."""

    def record(self) -> Any:
        """Return it as plain JSON."""


class Keep:
    """Keep things by kind and id, in a file or, without a path, nowhere."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._database: sqlite3.Connection | None = None
        self._changed: dict[tuple[str, int], Kept | None] = {}
        self._files: dict[int, bytes] = {}
        self._written: asyncio.Future[None] | None = None
        self.open()

    def open(self) -> None:
        """Open the file, making it when it is not there."""
        if self._path is None or self._database is not None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=OFF")
        database.execute(
            "CREATE TABLE IF NOT EXISTS kept "
            "(kind TEXT, id INTEGER, value TEXT, PRIMARY KEY (kind, id)) STRICT"
        )
        database.execute("CREATE TABLE IF NOT EXISTS files (id INTEGER PRIMARY KEY, data BLOB) STRICT")
        self._database = database

    def load(self, kind: str) -> list[tuple[int, Any]]:
        """Return all things of a kind in the order of their ids."""
        if self._database is None:
            return []
        rows = self._database.execute("SELECT id, value FROM kept WHERE kind = ? ORDER BY id", (kind,))
        return [(row[0], json.loads(row[1])) for row in rows]

    def load_file(self, number: int) -> bytes:
        """Return the bytes of a file that was kept."""
        if self._database is None:
            return b""
        row = self._database.execute("SELECT data FROM files WHERE id = ?", (number,)).fetchone()
        return b"" if row is None else bytes(row[0])

    def put(self, kind: str, number: int, value: Kept | None) -> None:
        """Keep `value`, as it is when it gets written; None forgets it."""
        if self._database is not None:
            self._changed[kind, number] = value

    def put_file(self, number: int, data: bytes) -> None:
        """Keep the bytes of a file."""
        if self._database is not None:
            self._files[number] = data

    async def settled(self) -> None:
        """Return when all that was put until now is in the file."""
        if not self._changed and not self._files:
            return
        if self._written is None:
            loop = asyncio.get_running_loop()
            self._written = loop.create_future()
            loop.call_soon(self._write_for_all)
        await asyncio.shield(self._written)

    def write(self) -> None:
        """Write what changed, in one transaction."""
        if self._database is None or not (self._changed or self._files):
            return
        changed, files = self._changed, self._files
        self._changed, self._files = {}, {}
        gone = [key for key, value in changed.items() if value is None]
        there = [(*key, json.dumps(value.record())) for key, value in changed.items() if value is not None]
        self._database.execute("BEGIN")
        self._database.executemany("DELETE FROM kept WHERE kind = ? AND id = ?", gone)
        self._database.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", there)
        self._database.executemany("INSERT OR REPLACE INTO files VALUES (?, ?)", files.items())
        self._database.execute("COMMIT")

    def close(self) -> None:
        """Write what is left and close the file."""
        if self._database is not None:
            self.write()
            self._database.close()
            self._database = None

    def _write_for_all(self) -> None:
        written, self._written = self._written, None
        try:
            self.write()
        except sqlite3.Error as error:
            if written is not None:
                written.set_exception(error)
        else:
            if written is not None:
                written.set_result(None)
