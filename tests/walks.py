"""How somebody in a test finds the way through the dialogs, whatever questions they hold by now."""

from __future__ import annotations

from dataclasses import dataclass

from bot import config, dialogs

STEPS = {step.code: step for _, step in dialogs.read(config.ROOT / "dialogs").steps()}


@dataclass(frozen=True)
class Script:
    """What one person answers; any question it does not name gets its first button that leads on."""

    texts: dict[str, str]
    options: dict[str, str]
    years: tuple[str, ...] = ("2023",)
    rounds: int = 1
    twice: frozenset[int] = frozenset()  # the acts that are tapped twice


# A letter in the mail on which nothing looks odd.
PLAIN_LETTER = {
    "contact.channel": "mail",
    "contact.sender": "irs",
    "contact.signs": "none",
    "contact.details": "none",
}


def is_beside(data: tuple[str, ...]) -> bool:
    """Say whether buttons belong to a message beside the screen: a reminder, a nudge, the pinned card."""
    return any(one.startswith("r:") or one.split(":")[2:3] in (["card"], ["nudge"]) for one in data)


def is_screen(data: tuple[str, ...]) -> bool:
    """Say whether buttons belong to a question or a page."""
    return any(one.startswith(("s:", "p:")) for one in data) and not is_beside(data)


@dataclass(frozen=True)
class Look:
    """The screen as its reader takes it in: the message, its buttons, and which question it asks."""

    message_id: int
    text: str
    data: tuple[str, ...]

    @property
    def question(self) -> list[str]:
        """The parts of the first button of the question; nothing on a page."""
        return next((one.split(":") for one in self.data if one.startswith("s:")), [])

    @property
    def step(self) -> dialogs.Step:
        return STEPS[self.question[2].partition("~")[0]]

    @property
    def key(self) -> str:
        return self.step.key if self.question else ""

    def find(self, *ends: str) -> str | None:
        """Return the first button that does one of these, in their order."""
        for end in ends:
            for one in self.data:
                op = one.split(":", 4)[4] if one.startswith("s:") else ""  # what is copied has no data
                if op and (op == end or op.startswith(end + ":")):
                    return one
        return None


def answer(seen: Look, script: Script) -> tuple[str, str]:
    """Return how somebody answers what they see: "says" a text, or "taps" the button with this data."""
    item = int(seen.question[2].partition("~")[2] or 0)
    text = script.texts.get(seen.key)
    if seen.key == "period.year":
        text = script.years[item - 1]
    if text is not None:
        return "says", text
    wanted = script.options.get(seen.key, "")
    if seen.key == "letter.periods":
        items = len({one for one in seen.data if ":drop:" in one}) or 1
        data = seen.find("add" if items < len(script.years) else "done")
    elif seen.find("tick", "untick"):
        tick = (f"tick:{wanted}", f"set:{wanted}", "set:none", "tick")
        data = seen.find("ok") if seen.find("untick") else seen.find(*tick)
    else:
        data = seen.find(f"set:{wanted}", "ok", "skip", "set", "done", "unsure")
    assert data is not None, f"there is no way on: {seen.data}"
    return "taps", data
