"""The days of a case as a file that any calendar reads (RFC 5545)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

NAME, MIME = "prelien-days.ics", "text/calendar"
ALARMS = (
    timedelta(days=-3, hours=9),
    timedelta(days=-1, hours=9),
)  # from the midnight at which the day begins


@dataclass(frozen=True, slots=True)
class Day:
    """One day for the calendar: what it is about, and what to know about it. `key` stays the same for the same day."""

    key: str
    day: date
    name: str
    text: str


def made(days: list[Day], now: datetime) -> bytes:
    """Return the calendar file of these days: each a whole day, which is the same in every zone."""
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Prelien//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for one in days:
        event = icalendar.Event()
        event.add("uid", f"{one.key}@prelien")
        event.add("dtstamp", now)
        event.add("dtstart", one.day)
        event.add("dtend", one.day + timedelta(days=1))
        event.add("summary", one.name)
        event.add("description", one.text)
        event.add("transp", "TRANSPARENT")
        for before in ALARMS:
            alarm = icalendar.Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", one.name)
            alarm.add("trigger", before)
            event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
