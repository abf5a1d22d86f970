"""The same dialog as most people would write it: what the bench measures against.

python-telegram-bot as its guide shows it: Application, its updater, its httpx requests; aiosqlite with a commit
for each update. Nothing in it is slow on purpose. What it asks stands in a file: the bench writes down there what
the dialogs ask by now, so both bots ask the same.
"""

from __future__ import annotations

import argparse
import html
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiosqlite
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    Defaults,
    MessageHandler,
    filters,
)

if TYPE_CHECKING:
    from collections.abc import Callable

TOKEN = "2:plain-bot"
SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
    chat_id INTEGER PRIMARY KEY, step INTEGER NOT NULL, remind TEXT
);
CREATE TABLE IF NOT EXISTS answers (
    chat_id INTEGER NOT NULL, step TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (chat_id, step)
);
"""


@dataclass(frozen=True)
class Question:
    """One screen: the question it asks, its text, its buttons, and how typed text is read."""

    name: str
    text: str
    rows: tuple[tuple[str, ...], ...]
    read: Callable[[str], str]


def read_day(text: str) -> str:
    return datetime.strptime(text.strip(), "%B %d, %Y").date().isoformat()  # noqa: DTZ007


def read_amount(text: str) -> str:
    return f"{float(text.replace('$', '').replace(',', '')):.2f}"


def read_number(text: str) -> str:
    number = text.upper().replace(" ", "").replace("-", "")
    if not 3 <= len(number) <= 10:
        raise ValueError(number)
    return number


def read_text(text: str) -> str:
    if not text.strip():
        raise ValueError("nothing was typed")
    return text.strip()


READERS = {"day": read_day, "usd": read_amount, "notice": read_number}


def questions_in(path: Path) -> tuple[Question, ...]:
    """Return the screens in a file, in their order: name, form of the answer, text, rows of buttons."""
    return tuple(
        Question(name, text, tuple(tuple(row) for row in rows), READERS.get(form, read_text))
        for name, form, text, rows in json.loads(path.read_text())
    )


def deadline_of(answers: dict[str, str]) -> date | None:
    """Return the day to act by: thirty days after the first day that was typed, on a working day."""
    for value in answers.values():
        try:
            day = date.fromisoformat(value) + timedelta(days=30)
        except ValueError:
            continue
        while day.weekday() >= 5:
            day += timedelta(days=1)
        return day
    return None


class Plain:
    """The handlers, over one connection."""

    def __init__(self, database: aiosqlite.Connection, questions: tuple[Question, ...]) -> None:
        self.database = database
        self.questions = questions

    async def step(self, chat_id: int) -> int:
        async with self.database.execute("SELECT step FROM people WHERE chat_id = ?", (chat_id,)) as cursor:
            row = await cursor.fetchone()
        return row[0] if row else 0

    async def answers(self, chat_id: int) -> dict[str, str]:
        async with self.database.execute(
            "SELECT step, value FROM answers WHERE chat_id = ?", (chat_id,)
        ) as cursor:
            return {row[0]: row[1] async for row in cursor}

    async def screen(self, chat_id: int, step: int) -> dict[str, Any]:
        question = self.questions[step]
        told = {name: html.escape(value) for name, value in (await self.answers(chat_id)).items()}
        text = question.text
        for name, value in told.items():
            text = text.replace(f"{{{name}}}", value)
        buttons = [
            [
                InlineKeyboardButton(label, callback_data=f"{step}:{row}:{place}")
                for place, label in enumerate(labels)
            ]
            for row, labels in enumerate(question.rows)
        ]
        return {"text": text, "reply_markup": InlineKeyboardMarkup(buttons)}

    async def save(self, chat_id: int, step: int, value: str) -> None:
        await self.database.execute(
            "INSERT OR REPLACE INTO answers (chat_id, step, value) VALUES (?, ?, ?)",
            (chat_id, f"{step} {self.questions[step].name}", value),
        )
        remind = None
        if step + 2 == len(self.questions):
            day = deadline_of(await self.answers(chat_id))
            remind = day.isoformat() if day else None
        await self.database.execute(
            "UPDATE people SET step = ?, remind = ? WHERE chat_id = ?", (step + 1, remind, chat_id)
        )
        await self.database.commit()

    async def start(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_chat is not None
        chat_id = update.effective_chat.id
        await self.database.execute(
            "INSERT INTO people (chat_id, step) VALUES (?, 0) ON CONFLICT DO NOTHING", (chat_id,)
        )
        await self.database.commit()
        await context.bot.send_message(chat_id, **await self.screen(chat_id, await self.step(chat_id)))

    async def said(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        message = update.effective_message
        step = await self.step(message.chat_id)
        try:
            value = self.questions[step].read(message.text or "")
        except ValueError:
            await message.reply_text("I could not read that. Please try again.")
            return
        await self.save(message.chat_id, step, value)
        await context.bot.send_message(message.chat_id, **await self.screen(message.chat_id, step + 1))

    async def tapped(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None
        assert query.message is not None
        await query.answer()
        chat_id = query.message.chat.id
        step = await self.step(chat_id)
        of, row, place = (int(part) for part in (query.data or "").split(":"))
        if of != step or step + 1 >= len(self.questions):
            return
        await self.save(chat_id, step, self.questions[step].rows[row][place])
        await query.edit_message_text(**await self.screen(chat_id, step + 1))


def main() -> None:
    """Run until stopped."""
    options = argparse.ArgumentParser(prog="python -m tests.plain_bot", description=__doc__)
    options.add_argument("--url", required=True, help="where the Bot API is")
    options.add_argument("--database", required=True, help="the file to keep answers in")
    options.add_argument("--dialog", required=True, type=Path, help="the file with what is asked")
    options.add_argument("--parallel", action="store_true", help="handle updates of many people at once")
    given = options.parse_args()

    async def opened(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        database = await aiosqlite.connect(given.database)
        await database.execute("PRAGMA journal_mode = WAL")
        await database.execute("PRAGMA synchronous = FULL")
        await database.executescript(SCHEMA)
        plain = Plain(database, questions_in(given.dialog))
        application.bot_data["database"] = database
        application.add_handler(CommandHandler("start", plain.start))
        application.add_handler(CallbackQueryHandler(plain.tapped))
        application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, plain.said))

    async def closed(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        await application.bot_data["database"].close()

    defaults = Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True))
    application = (
        ApplicationBuilder()
        .token(TOKEN)
        .base_url(f"{given.url}/bot")
        .defaults(defaults)
        .concurrent_updates(given.parallel)
        .post_init(opened)
        .post_shutdown(closed)
        .build()
    )
    application.run_polling(allowed_updates=[Update.MESSAGE, Update.CALLBACK_QUERY])


if __name__ == "__main__":
    main()
