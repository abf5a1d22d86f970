"""The same dialog as most people would write it: what the bench measures against.

python-telegram-bot as its guide shows it: Application, its updater, its httpx requests; aiosqlite with a commit
for each update. Nothing in it is slow on purpose.
"""

from __future__ import annotations

import argparse
import html
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
Rows = tuple[tuple[tuple[str, str], ...], ...]
SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
    chat_id INTEGER PRIMARY KEY, step INTEGER NOT NULL, ticks TEXT NOT NULL DEFAULT '', remind TEXT
);
CREATE TABLE IF NOT EXISTS answers (
    chat_id INTEGER NOT NULL, step TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (chat_id, step)
);
"""
SIGNS = {
    "gift_cards": "It asks for gift cards",
    "odd_payee": "Pay someone else than the US Treasury",
    "state_or_county": "It is from a state or county",
    "fake_agency": "An office like “Tax Processing Unit”",
    "no_number": "There is no notice number",
    "none": "Nothing like this",
}
DETAILS = {
    "link": "A link or code to a site that is not irs.gov",
    "no_notice_number": "No notice number",
    "wrong_name_or_address": "My name or address is wrong",
    "bad_writing": "Bad spelling or grammar",
    "none": "Nothing looks odd",
}


@dataclass(frozen=True)
class Question:
    """One step: its text, its buttons, and how typed text is read where it may be typed."""

    name: str
    text: str
    buttons: Rows = ()
    read: Callable[[str], str] | None = None
    ticks: bool = False


def why(text: str) -> str:
    return f"\n\n<blockquote expandable><b>Why we ask</b>\n{text}</blockquote>"


def column(**options: str) -> Rows:
    return tuple(((value, label),) for value, label in options.items())


def read_day(text: str) -> str:
    return datetime.strptime(text.strip(), "%B %d, %Y").date().isoformat()  # noqa: DTZ007


def read_number(text: str) -> str:
    number = text.upper().replace(" ", "").replace("-", "")
    if number not in ("CP504", "LT11", "L1058", "CP503", "CP501", "CP14"):
        raise ValueError(number)
    return number


QUESTIONS = (
    Question(
        "agree",
        "<b>Welcome</b> · 1 of 2\n\n<b>A letter, call or visit from the IRS? You are not alone.</b>\n\n"
        "I help you find out if it is real, what the true deadline is, and what to do next.\n\n"
        "• I am free. I am <b>not the IRS</b>.\n• This is general information, not legal or tax advice.\n"
        "• <b>Never send me your Social Security number.</b>"
        + why("You should know who you are talking to before you tell me anything."),
        column(agree="I understand, let us begin"),
    ),
    Question(
        "zone",
        "<b>Welcome</b> · 2 of 2\n\nWhich clock do you live by?\n\nTap the nearest city, or type your city or state."
        + why("So that reminders come in the morning where you are. It does not change any deadline."),
        column(
            eastern="New York, Miami, Atlanta (Eastern)",
            central="Chicago, Houston, Dallas (Central)",
            mountain="Denver, Salt Lake City (Mountain)",
            arizona="Phoenix (Arizona)",
            pacific="Los Angeles, Seattle (Pacific)",
            alaska="Anchorage (Alaska)",
            hawaii="Honolulu (Hawaii)",
        ),
    ),
    Question(
        "channel",
        "<b>Is it real?</b> · 1 of 4\n\nHow did they reach you?"
        + why("The IRS almost always writes a letter first. How a contact came says a lot about it."),
        column(
            mail="A letter came in the mail",
            phone="Someone phoned me",
            visit="Someone came to my door",
            text_or_email="A text, e-mail or social media",
            collection_agency="A private debt collector",
            unsure="I am not sure",
        ),
    ),
    Question(
        "sender",
        "<b>Is it real?</b> · 2 of 4\n\nWho sent it?\n\nLook at the name at the top."
        + why("A state or county sends letters too. They are not the IRS."),
        column(
            irs="The IRS",
            state_or_county="A state or county office",
            office="An office like “Tax Processing Unit”",
            unsure="Not sure",
        ),
    ),
    Question(
        "signs",
        "<b>Is it real?</b> · 3 of 4\n\nDoes anything on the paper look odd?\n\n"
        "Tap each line that is true, then <b>Done</b>."
        + why("Some letters only look like the IRS. Some come from your state or county."),
        column(**SIGNS),
        ticks=True,
    ),
    Question(
        "details",
        "<b>Is it real?</b> · 4 of 4\n\nAnd the small things?\n\nTap each line that is true, then <b>Done</b>."
        + why("One of these alone proves little. Together they count."),
        column(**DETAILS),
        ticks=True,
    ),
    Question(
        "number",
        "<b>What the letter says</b> · 1 of 3\n\nWhat is the number of the letter?\n\nIt stands in the "
        "<b>top or bottom right corner</b> of the first page. Tap it, or type it as it is printed, like "
        "<code>CP504</code>."
        + why("The number says what the letter is. Each kind has its own deadline and its own rights."),
        (
            (("CP504", "CP504"), ("LT11", "LT11")),
            (("L1058", "Letter 1058"), ("CP503", "CP503")),
            (("CP501", "CP501"), ("CP14", "CP14")),
        ),
        read_number,
    ),
    Question(
        "dated",
        "<b>What the letter says</b> · 2 of 3\n\nWhat is the date <b>on the letter</b>?\n\n"
        "Look for “Notice date” or “Date” at the top right. Type it like <code>October 23, 2026</code>."
        + why("The time runs from the date on the letter, not from the day it reached you."),
        column(unsure="Not sure"),
        read_day,
    ),
    Question(
        "printed",
        "<b>What the letter says</b> · 3 of 3\n\nIs a date printed that you should <b>reply or pay by</b>?\n\n"
        "Type it like <code>November 20, 2026</code>. Words like “within 30 days” are not a date."
        + why("If the letter prints a day, we never aim for a later one."),
        column(skip="No date is printed"),
        read_day,
    ),
    Question(
        "verdict",
        "<b>First verdict</b>\n\n<b>This looks like a real letter from the IRS.</b>\nWhether you owe what it asks for is "
        "another question.\n\n<b>Next safe step:</b> Look into your own account at irs.gov/account and compare.\n\n"
        "<blockquote expandable><b>Why we say so</b>\n• It came by mail.\n• Its number {number} is one the IRS uses.\n"
        "• Nothing on it looks odd.</blockquote>\n"
        "This is a first look. I have not seen the paper and cannot look into your IRS account.",
        column(seen="I have read this, go on"),
    ),
    Question(
        "deadline",
        "<b>Your deadline</b>\n\n<b>The IRS waits until then before it may take a state refund:</b>\n"
        "<b>{deadline}</b>\n\nAfter that day the IRS may take your state tax refund. It does not take wages or "
        "bank accounts with this letter alone.\n\n<blockquote expandable><b>How this day was worked out</b>\n"
        "1. The letter is dated {dated}.\n2. 30 days later is {deadline}.\n"
        "3. A Saturday, Sunday or holiday moves it to the next working day.</blockquote>",
        column(confirm="That is right, remind me", wrong="Something is wrong here"),
    ),
)
CASE = (
    "✓ Your reminders are planned.\n\n<b>Your case</b>\n{number} of {dated}\n\n"
    "<b>{deadline}</b>\nThe IRS waits until then before it may take a state refund."
)
CASE_BUTTONS: Rows = (
    (("deadlines", "Deadlines"), ("reminders", "Reminders")),
    (("summary", "My answers"), ("help", "Help")),
)


def deadline_of(answers: dict[str, str]) -> date | None:
    if "dated" not in answers or answers["dated"] == "unsure":
        return None
    day = date.fromisoformat(answers["dated"]) + timedelta(days=30)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def in_words(text: str, answers: dict[str, str]) -> str:
    if "{" not in text:
        return text
    day = deadline_of(answers)
    said = {name: html.escape(value) for name, value in answers.items()}
    return text.format(**{**said, "deadline": f"{day:%A, %B} {day.day}, {day.year}" if day else "not known"})


def keyboard(step: int, ticks: set[str]) -> InlineKeyboardMarkup:
    if step >= len(QUESTIONS):
        rows = CASE_BUTTONS
        name = "case"
    else:
        question = QUESTIONS[step]
        rows, name = question.buttons, question.name
        if question.ticks:
            marked = tuple(
                tuple((value, f"{'☑' if value in ticks else '☐'} {text}") for value, text in row)
                for row in rows
            )
            rows = (*marked, (("done", "Done"),))
    buttons = [
        [InlineKeyboardButton(text, callback_data=f"{name}:{value}") for value, text in row] for row in rows
    ]
    if 0 < step < len(QUESTIONS):
        buttons.append([InlineKeyboardButton("Back", callback_data=f"{name}:back")])
    return InlineKeyboardMarkup(buttons)


class Plain:
    """The handlers, over one connection."""

    def __init__(self, database: aiosqlite.Connection) -> None:
        self.database = database

    async def known(self, chat_id: int) -> tuple[int, set[str]]:
        async with self.database.execute(
            "SELECT step, ticks FROM people WHERE chat_id = ?", (chat_id,)
        ) as cursor:
            row = await cursor.fetchone()
        return (row[0], set(row[1].split())) if row else (0, set())

    async def answers(self, chat_id: int) -> dict[str, str]:
        async with self.database.execute(
            "SELECT step, value FROM answers WHERE chat_id = ?", (chat_id,)
        ) as cursor:
            return {row[0]: row[1] async for row in cursor}

    async def screen(self, chat_id: int, step: int, ticks: set[str]) -> dict[str, Any]:
        answers = await self.answers(chat_id)
        text = QUESTIONS[step].text if step < len(QUESTIONS) else CASE
        return {"text": in_words(text, answers), "reply_markup": keyboard(step, ticks)}

    async def save(self, chat_id: int, step: int, value: str) -> None:
        await self.database.execute(
            "INSERT OR REPLACE INTO answers (chat_id, step, value) VALUES (?, ?, ?)",
            (chat_id, QUESTIONS[step].name, value),
        )
        remind = None
        if step + 1 == len(QUESTIONS):
            day = deadline_of(await self.answers(chat_id))
            remind = day.isoformat() if day else None
        await self.database.execute(
            "UPDATE people SET step = ?, ticks = '', remind = ? WHERE chat_id = ?",
            (step + 1, remind, chat_id),
        )
        await self.database.commit()

    async def start(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_chat is not None
        chat_id = update.effective_chat.id
        await self.database.execute(
            "INSERT INTO people (chat_id, step) VALUES (?, 0) ON CONFLICT DO NOTHING", (chat_id,)
        )
        await self.database.commit()
        step, ticks = await self.known(chat_id)
        await context.bot.send_message(chat_id, **await self.screen(chat_id, step, ticks))

    async def said(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        message = update.effective_message
        step, ticks = await self.known(message.chat_id)
        read = QUESTIONS[step].read if step < len(QUESTIONS) else None
        if read is None:
            await message.reply_text("Please use one of the buttons.")
            return
        try:
            value = read(message.text or "")
        except ValueError:
            await message.reply_text("I could not read that. Please try again.")
            return
        await self.save(message.chat_id, step, value)
        await context.bot.send_message(message.chat_id, **await self.screen(message.chat_id, step + 1, ticks))

    async def tapped(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None
        assert query.message is not None
        await query.answer()
        chat_id = query.message.chat.id
        step, ticks = await self.known(chat_id)
        name, value = (query.data or "").split(":")
        if step >= len(QUESTIONS) or name != QUESTIONS[step].name:
            return
        if value == "back":
            step -= 1
            await self.database.execute("UPDATE people SET step = ? WHERE chat_id = ?", (step, chat_id))
            await self.database.commit()
        elif QUESTIONS[step].ticks and value not in ("done", "none"):
            ticks = ticks ^ {value}
            await self.database.execute(
                "UPDATE people SET ticks = ? WHERE chat_id = ?", (" ".join(sorted(ticks)), chat_id)
            )
            await self.database.commit()
        else:
            await self.save(chat_id, step, " ".join(sorted(ticks)) if QUESTIONS[step].ticks else value)
            step, ticks = step + 1, set()
        await query.edit_message_text(**await self.screen(chat_id, step, ticks))


def main() -> None:
    """Run until stopped."""
    options = argparse.ArgumentParser(prog="python -m tests.plain_bot", description=__doc__)
    options.add_argument("--url", required=True, help="where the Bot API is")
    options.add_argument("--database", required=True, help="the file to keep answers in")
    options.add_argument("--parallel", action="store_true", help="handle updates of many people at once")
    given = options.parse_args()

    async def opened(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        database = await aiosqlite.connect(given.database)
        await database.execute("PRAGMA journal_mode = WAL")
        await database.execute("PRAGMA synchronous = FULL")
        await database.executescript(SCHEMA)
        plain = Plain(database)
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
