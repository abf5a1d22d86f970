"""A Telegram of one's own: a small Bot API server with a chat page and a clock to move.

It imports nothing of the bot and shares no code with it, so that a mistake cannot hide in both.

In this process it is `LocalTelegram`; in one of its own `python -m bot.simulator`, where tests and the page
use JSON under `/local`:

    GET  people [?chat]   POST people, groups, channels {name}   POST add-bot {chat, from?}
    GET  messages ?chat   POST text {chat, text, from?, reply_to?}   POST tap {chat, message_id, data}
    POST send {chat, kind, caption?, media_group_id?}, as a form with `file` when something is uploaded
    POST edit {chat, message_id, text}   POST delete {chat, message_id}   POST block {chat, blocked}
    POST raw {kind: content}   GET updates [?confirmed=ID waits]   GET bot   GET events (a live feed)
    GET  clock [?after=VERSION waits]   POST clock {move: seconds} or {set: "2026-11-02T15:00:00Z"}
    GET, POST, DELETE faults: {method, times, code, retry_after, chat_id, close, delay}, {down}, {limit};
    the method `download` is the fetching of a file, which `close: "after"` cuts in its middle
"""

from bot.simulator.clock import Clock
from bot.simulator.faults import Faults
from bot.simulator.people import Button, Channel, Group, LocalTelegram, Person, Shown
from bot.simulator.server import Call

__all__ = ["Button", "Call", "Channel", "Clock", "Faults", "Group", "LocalTelegram", "Person", "Shown"]
