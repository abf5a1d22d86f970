"""The kinds of answer: one class each, which reads what was typed and knows its stored and typed form."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from bot import states, zones
from bot.model import Remark
from bot.rules import notices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bot.dialogs import Step

MOST_CANDIDATES = 6  # notices offered where a text may mean several
OLDEST_YEARS = 10  # a notice older than this is a typing error, or beyond the ten years of collection


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text is read against: the step, the day, the words of its options, the facts so far."""

    step: Step
    today: date
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    months: Sequence[str] = ()
    known: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """A text understood: the answer in its stored form."""

    value: Any


Reading = Given | Remark

KINDS: dict[str, Kind] = {}


class Kind:
    """A kind of answer. A subclass registers itself under its `name`."""

    name: ClassVar[str]
    form: ClassVar[str] = "text"  # how a value of it is said back: text, option, options, day, usd, …
    typed: ClassVar[bool] = True  # can be typed; if not, only tapped
    card: ClassVar[bool] = False  # something to read, not a question

    def __init_subclass__(cls) -> None:
        KINDS[cls.name] = cls()

    def faults(self, step: Step) -> Iterator[str]:
        """Say what is wrong with a step of this kind."""
        if step.items or step.later:
            yield f"is a {self.name}: it has no use for items or later"
        if step.range:
            yield f"is a {self.name}: it has no range"

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return what `text` says, or the remark that tells the person what to do."""
        raise NotImplementedError

    def load(self, stored: Any, step: Step) -> Any:
        """Return the typed form of a stored value."""
        return stored

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return stored values that stand for all that can be answered."""
        raise NotImplementedError


def plain(text: str) -> str:
    """Return `text` in lower case letters and digits, other signs as single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("'", "")
    return " ".join(re.sub(r"[^\w]+", " ", folded).split())


def match(text: str, labels: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the option whose words `text` is, or is near to; None where none or several are."""
    said = plain(text)
    if not said:
        return None
    if said.isdigit() and 1 <= int(said) <= len(labels):
        return list(labels)[int(said) - 1]
    words = {option: [plain(label) for label in also] for option, also in labels.items()}
    tests: tuple[Callable[[str], bool], ...] = (
        lambda label: label == said,
        lambda label: label.startswith(said + " ") or said.startswith(label + " "),
        lambda label: len(said) > 2 and set(said.split()) <= set(label.split()),
        lambda label: len(label) > 2 and f" {label} " in f" {said} ",
        lambda label: difflib.SequenceMatcher(None, label, said).ratio() >= 0.82,
    )
    for fits in tests:
        found = [option for option, also in words.items() if any(label and fits(label) for label in also)]
        if len(found) == 1:
            return found[0]
        if found:
            return None
    return None


class Choice(Kind):
    """One of the options."""

    name = "choice"
    form = "option"
    typed = False

    def faults(self, step: Step) -> Iterator[str]:
        """Say what is wrong with a step of this kind."""
        yield from super().faults(step)
        if not step.options:
            yield f"is a {self.name}: it needs options"

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return the option the text names."""
        option = match(text, {option: asked.labels.get(option, ()) for option in asked.step.options})
        return Remark("tap_one") if option is None else Given(option)

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return every option."""
        return step.options


class Choices(Choice):
    """Several of the options, confirmed together; `none` stands alone."""

    name = "choices"
    form = "options"

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return the options the text names, parts divided by commas, "and" or new lines."""
        labels = {option: asked.labels.get(option, ()) for option in asked.step.options}
        whole = match(text, labels)
        if whole is not None:
            return Given([whole])
        parts = [part for part in re.split(r",|;|\n|\band\b|\+", text) if plain(part)]
        found = [match(part, labels) for part in parts]
        if not found or None in found or ("none" in found and len(set(found)) > 1):
            return Remark("tick_some")
        return Given([option for option in asked.step.options if option in found])

    def load(self, stored: Any, step: Step) -> frozenset[str]:
        """Return the set of options, empty for "none"."""
        return frozenset(stored) - {"none"}

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return each option alone, and all that go together."""
        return (*([option] for option in step.options), [o for o in step.options if o != "none"])


class Money(Kind):
    """An amount in US dollars. With `range = "part"` it is a part of the amount of its tax period."""

    name = "money"
    form = "usd"

    def faults(self, step: Step) -> Iterator[str]:
        """Say what is wrong with a step of this kind."""
        if step.items or step.later:
            yield "is a money: it has no use for items or later"
        if step.range not in ("", "part"):
            yield 'is a money: range, if any, must be "part"'

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return the amount; refuse what can be read in two ways, and a part that is more than the whole."""
        read = read_money(text)
        if isinstance(read, Given) and asked.step.range == "part":
            return _more_than_the_whole(Decimal(read.value), asked) or read
        return read

    def load(self, stored: Any, step: Step) -> Decimal:
        """Return the amount."""
        return Decimal(stored)

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return small, usual and large amounts."""
        return ("0.01", "1234.56", "18400", "100000", "999999999")


def _more_than_the_whole(part: Decimal, asked: Asked) -> Remark | None:
    whole = asked.known.get("period.amount")
    if not isinstance(whole, Decimal):
        return None
    others = [asked.known.get(key) for key in ("period.tax", "period.penalty") if key != asked.step.key]
    left = whole - sum((one for one in others if isinstance(one, Decimal)), Decimal(0))
    return Remark("money_more_than_whole", {"whole": whole, "left": left}) if part > left else None


_AMOUNT = re.compile(
    r"(?<![\w.,])[-−–]?\s*[$€£]?\s*[-−–]?\s*(\d[\d.,'\s  ]*)(?:\s*(k|m|mil|thousand)\b)?", re.IGNORECASE
)
MOST = Decimal(1_000_000_000)


def read_money(text: str) -> Reading:
    """Return the one amount in `text`: "12k", "$1,234.56", "1.234,56", "about 3000"."""
    found = [m for m in _AMOUNT.finditer(text) if re.search(r"\d", m.group(1))]
    if not found:
        return Remark("money_none")
    if len(found) > 1:
        return Remark("money_several")
    if re.search(r"[-−–]", found[0].group(0)) or re.search(r"\(\s*\$?\s*\d[\d.,]*\s*\)", text):
        return Remark("money_negative")
    if "€" in text or "£" in text:
        return Remark("money_dollars")
    digits = re.sub(r"['\s  ]", "", found[0].group(1)).rstrip(".,")
    factor = {"k": 1000, "thousand": 1000, "m": 1_000_000, "mil": 1_000_000}.get(
        (found[0].group(2) or "").lower(), 1
    )
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d{1,2})?|\d+(\.\d{1,2})?", digits):
        amount = Decimal(digits.replace(",", ""))
    elif re.fullmatch(r"\d{1,3}(\.\d{3})+,\d{1,2}|\d{1,3}(\.\d{3}){2,}", digits):
        amount = Decimal(digits.replace(".", "").replace(",", "."))
    else:
        return Remark("money_unclear")
    amount *= factor
    if amount != amount.quantize(Decimal("0.01")):
        return Remark("money_unclear")
    if amount == 0:
        return Remark("money_zero")
    if amount >= MOST:
        return Remark("money_too_much")
    return Given(str(amount.quantize(Decimal("0.01"))))


class Day(Kind):
    """A day. `range` says which days make sense: `past`, or `after_notice`."""

    name = "day"
    form = "day"

    def faults(self, step: Step) -> Iterator[str]:
        """Say what is wrong with a step of this kind."""
        if step.range not in ("past", "after_notice"):
            yield 'is a day: range must be "past" or "after_notice"'

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return the day, if it makes sense for this step."""
        read = read_day(text, asked.today, asked.months)
        if isinstance(read, Remark):
            return read
        day = date.fromisoformat(read.value)
        return wrong_day(day, asked) or read

    def load(self, stored: Any, step: Step) -> date:
        """Return the day."""
        return date.fromisoformat(stored)

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return days near and far."""
        ahead = 1 if step.range == "after_notice" else -1
        return tuple((today + timedelta(days=ahead * n)).isoformat() for n in (3, 20, 45, 400))


def wrong_day(day: date, asked: Asked) -> Remark | None:
    """Say what is wrong with `day` as an answer to this step."""
    if asked.step.range == "past":
        if day > asked.today:
            return Remark("day_in_future", {"day": day})
        if day < years_before(asked.today, OLDEST_YEARS):
            return Remark("day_too_old", {"day": day})
    else:
        dated = asked.known.get("notice.dated")
        if isinstance(dated, date) and day < dated:
            return Remark("day_before_notice", {"day": day, "dated": dated})
        if dated is None and day < years_before(asked.today, OLDEST_YEARS):
            return Remark("day_too_old", {"day": day})
        if day > (dated or asked.today) + timedelta(days=400):
            return Remark("day_too_far", {"day": day})
    return None


def years_before(day: date, years: int) -> date:
    """Return the same day `years` earlier (February 28 for a leap day)."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


_NUMBERS = re.compile(r"(?<!\d)(\d{1,4})\s*([/.\-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})(?!\d)")


def read_day(text: str, today: date, months: Sequence[str]) -> Reading:
    """Return the one day in `text`, month first where the numbers leave it open."""
    said = unicodedata.normalize("NFKC", text).casefold()
    if re.fullmatch(r"\W*(today|now)\W*", said):
        return Given(today.isoformat())
    if re.fullmatch(r"\W*yesterday\W*", said):
        return Given((today - timedelta(days=1)).isoformat())
    found: set[tuple[int, int, int] | None] = {*_named_days(said, months), *_numbered_days(said)}
    if len(found) > 1:
        return Remark("day_several")
    if not found:
        return Remark("day_no_year") if _has_month_and_day(said, months) else Remark("day_none")
    first = found.pop()
    if first is None:
        return Remark("day_unclear")
    year, month, day = first
    if year < 100:
        year += 2000
    try:
        return Given(date(year, month, day).isoformat())
    except ValueError:
        return Remark("day_not_there")


def _month_names(months: Sequence[str]) -> dict[str, int]:
    names: dict[str, int] = {}
    for number, name in enumerate(months, 1):
        names[name.casefold()] = names[name.casefold()[:3]] = number
        names[name.casefold()[:4]] = number
    return names


def _named_days(said: str, months: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    names = _month_names(months)
    month = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    if not month:
        return
    year = r"(?:'|’)?(\d{4}|\d{2})(?!\d)"
    for m in re.finditer(rf"\b({month})\.?\s*(\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?:of\s+)?{year}", said):
        yield int(m[3]), names[m[1]], int(m[2])
    for m in re.finditer(
        rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[\s.\-]*(?:of\s+)?({month})\b\.?[\s,\-]*{year}", said
    ):
        yield int(m[3]), names[m[2]], int(m[1])


def _numbered_days(said: str) -> Iterator[tuple[int, int, int] | None]:
    for m in re.finditer(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", said):
        yield int(m[1]), int(m[2]), int(m[3])
    for m in re.finditer(r"(?<!\d)(\d{4})([/.])(\d{1,2})\2(\d{1,2})(?!\d)", said):
        yield int(m[1]), int(m[3]), int(m[4])
    for m in _NUMBERS.finditer(said):
        first, sign, second, year = int(m[1]), m[2], int(m[3]), int(m[4])
        if len(m[1]) > 2:
            continue
        if first > 12 >= second:
            yield year, second, first
        elif sign == "." and first <= 12 and second <= 12 and first != second:
            yield None
        else:
            yield year, first, second


def _has_month_and_day(said: str, months: Sequence[str]) -> bool:
    month = "|".join(map(re.escape, _month_names(months)))
    return bool(
        (month and re.search(rf"\b({month})\.?\s*\d{{1,2}}\b|\b\d{{1,2}}\w*\s*({month})\b", said))
        or re.fullmatch(r"\W*\d{1,2}\s*[/.\-]\s*\d{1,2}\W*", said)
    )


class Year(Kind):
    """A tax year."""

    name = "year"

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return the one tax year in the text."""
        found = re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", text)
        short = re.fullmatch(r"\W*['’]?(\d{2})\W*", text.strip())
        if not found and short:
            found = [f"20{short[1]}"]
        if len(set(found)) > 1:
            return Remark("year_several")
        if not found:
            return Remark("year_none")
        year = int(found[0])
        if year > asked.today.year:
            return Remark("year_in_future", {"year": year})
        if year < asked.today.year - 30:
            return Remark("year_too_old", {"year": year})
        return Given(year)

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return the last and an old year."""
        return (today.year - 1, today.year - 9)


class TaxPeriod(Year):
    """A tax year, or a quarter of payroll tax: stored as 2023 or "2024Q2"."""

    name = "period"
    form = "period"

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return the one tax year or quarter in the text; a quarter may be told by its last day."""
        said = unicodedata.normalize("NFKC", text).casefold()
        quarters = {int(one) for one in re.findall(r"(?<![a-z])q([1-4])\b", said)}
        quarters |= {
            n
            for n, names in enumerate(_QUARTERS, 1)
            if re.search(rf"\b(?:{names})\s+(?:quarter|qtr)\b|\b(?:quarter|qtr)\s+{n}\b", said)
        }
        day = read_day(text, asked.today, asked.months)
        if not quarters and isinstance(day, Given):
            end = date.fromisoformat(day.value)
            if (end.month, end.day) in _QUARTER_ENDS:
                quarters, said = {_QUARTER_ENDS[end.month, end.day]}, str(end.year)
        year = super().parse(re.sub(r"q[1-4]", " ", said), asked)
        if len(quarters) > 1:
            return Remark("year_several")
        if not isinstance(year, Given) or not quarters:
            return year
        return Given(f"{year.value}Q{quarters.pop()}")

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return the last year, an old one and a quarter."""
        return (*super().samples(step, today), f"{today.year - 1}Q2")


_QUARTERS = ("1st|first|1", "2nd|second|2", "3rd|third|3", "4th|fourth|4")
# The last quarter ends with the year: December 31 on a letter is mostly the whole year.
_QUARTER_ENDS = {(3, 31): 1, (6, 30): 2, (9, 30): 3}


class Count(Kind):
    """A number of people. `range`: `people` (at least one), or `of_people` (none to all of them)."""

    name = "count"

    def faults(self, step: Step) -> Iterator[str]:
        """Say what is wrong with a step of this kind."""
        if step.items or step.later or step.options:
            yield "is a count: it has no use for items, later or options"
        if step.range not in ("people", "of_people"):
            yield 'is a count: range must be "people" or "of_people"'

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return the one whole number in the text."""
        found = re.findall(r"(?<![\d.,])\d{1,3}(?![\d.,]?\d)", text)
        if re.search(r"\b(?:none|nobody|no one|zero)\b", text.casefold()):
            found.append("0")
        if len(found) != 1 or re.search(r"[-−–]\s*\d", text):
            return Remark("count_none")
        count = int(found[0])
        most = asked.known.get("household.people") if asked.step.range == "of_people" else MOST_PEOPLE
        most = most if isinstance(most, int) else MOST_PEOPLE
        least = 1 if asked.step.range == "people" else 0
        if not least <= count <= most:
            return Remark("count_range", {"least": least, "most": most})
        return Given(count)

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return the least and a large household."""
        return (1, 7) if step.range == "people" else (0, 1)


MOST_PEOPLE = 20


class UsState(Kind):
    """A state of the United States or D.C.: stored as its postal code."""

    name = "us_state"
    form = "state"

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return the postal code of the one state in the text."""
        said = plain(text)
        if said.upper() in states.STATES:
            return Given(said.upper())
        found = (
            match(text, {code: (name,) for code, name in states.STATES.items()}) if len(said) > 2 else None
        )
        return Remark("state_none") if found is None else Given(found)

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return a usual state, and those with lines of their own."""
        return ("TX", "AK", "HI", "DC")


class Notice(Kind):
    """The number of an IRS notice, in any usual spelling."""

    name = "irs_notice"
    form = "notice"

    def faults(self, step: Step) -> Iterator[str]:
        """Say what is wrong with a step of this kind."""
        yield from super().faults(step)
        for option in step.options:
            if option not in notices.catalogue():
                yield f'names the notice "{option}", which the catalogue does not have'

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return the notice's id; several or none are a remark."""
        found = notices.find(text)
        if found.one is not None:
            return Given(found.one.id)
        if found.notices:
            return Remark(
                "notice_several", {"candidates": [one.id for one in found.notices[:MOST_CANDIDATES]]}
            )
        return Remark("notice_unknown")

    def load(self, stored: Any, step: Step) -> notices.IrsNotice:
        """Return the notice of the catalogue."""
        return notices.catalogue()[stored]

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return the notices on the buttons and some more."""
        return (
            *step.options,
            *(one for one in ("L3172", "CP523", "CP40", "CP71A") if one not in step.options),
        )


class Zone(Kind):
    """The person's time zone, by a button, a city, a state or its name."""

    name = "zone"
    form = "zone"

    def faults(self, step: Step) -> Iterator[str]:
        """Say what is wrong with a step of this kind."""
        yield from super().faults(step)
        for option in step.options:
            if option not in zones.ZONES:
                yield f'names the zone "{option}", which is not known'

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return the zone's name ("America/Chicago")."""
        option = match(text, {one: asked.labels.get(one, ())[:1] for one in asked.step.options})
        if option is not None:
            return Given(zones.ZONES[option])
        found = zones.find(text)
        if len(found) == 1:
            return Given(found[0])
        return Remark("zone_several") if found else Remark("zone_none")

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return each zone on a button."""
        return tuple(zones.ZONES[option] for option in step.options)


class Card(Kind):
    """Something to read. With `shows` it counts as read while it says the same."""

    name = "card"
    typed = False
    card = True

    def faults(self, step: Step) -> Iterator[str]:
        """Say what is wrong with a step of this kind."""
        if step.items or step.later or step.options:
            yield f"is a {self.name}: it has no use for items, later or options"

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return nothing but the hint to tap."""
        return Remark("tap_one")

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return the mark of a card read; what it stands for is put in by the engine."""
        return ("",)


class Confirm(Card):
    """Something worked out that the person confirms. It counts while it says the same."""

    name = "confirm"

    def faults(self, step: Step) -> Iterator[str]:
        """Say what is wrong with a step of this kind."""
        yield from super().faults(step)
        if not step.shows:
            yield "is a confirm: shows must name what it shows"


class List(Kind):
    """Like things, each with the questions of a small dialog; items have ids that never change."""

    name = "list"
    typed = False

    def faults(self, step: Step) -> Iterator[str]:
        """Say what is wrong with a step of this kind."""
        if not step.items:
            yield "is a list: items must name the dialog of one item"

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return nothing but the hint to tap."""
        return Remark("tap_one")

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return lists of one and of three items."""
        return ([1], [1, 2, 3])
