"""A Telegram of one's own: a small Bot API server with a chat page and a clock to move.

It imports nothing of the bot and shares no code with it, so that a mistake cannot hide in both.
"""

from bot.simulator.clock import Clock
from bot.simulator.faults import Faults
from bot.simulator.people import Button, Channel, Group, LocalTelegram, Person, Shown
from bot.simulator.server import Call

__all__ = ["Button", "Call", "Channel", "Clock", "Faults", "Group", "LocalTelegram", "Person", "Shown"]
