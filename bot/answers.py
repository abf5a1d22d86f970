"""The kinds of answer: one class each, which reads what was typed and knows its stored and typed form."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from bot import states, zones
from bot.model import Remark
from bot.redact import folded
from bot.rules import notices, ways
from bot.rules.matter import SHOWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.dialogs import Step
    from bot.model import Answer, AnswerState

LONGEST_OPTION = 200  # characters typed for one option; longer ones are a story
MOST_PARTS = 20  # options typed at once
MOST_CANDIDATES = 6  # notices offered where a text may mean several
LONGEST_WAIT = 731  # days ahead that something is promised for; a later one is a typing error
LATEST_BEGIN = 60  # days until a plan begins; who waits longer has not begun
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
    """A text understood: the answer in its stored form, or that the person is not sure, or skips the question."""

    value: Any
    state: AnswerState = "given"


Reading = Given | Remark

KINDS: dict[str, Kind] = {}


class Kind:
    """A kind of answer. A subclass registers itself under its `name`."""

    name: ClassVar[str]
    form: ClassVar[str] = "text"  # how a value of it is said back: text, option, options, day, usd, …
    card: ClassVar[bool] = False  # something to read, not a question
    uses: ClassVar[frozenset[str]] = frozenset({"shows"})  # of options, items, later, shows, range
    may_lack: ClassVar[bool] = True  # may be skipped or "not sure"
    free: ClassVar[bool] = False  # whatever is typed is an answer

    def __init_subclass__(cls) -> None:
        KINDS[cls.name] = cls()

    def faults(self, step: Step) -> Iterator[str]:
        """Say what is wrong with a step of this kind."""
        for part in ("options", "items", "later", "shows", "range"):
            if getattr(step, part) and part not in self.uses:
                yield f"is a {self.name}: it has no use for {part}"
        if not self.may_lack and (step.not_sure or step.skip):
            yield f"is a {self.name}: it can be neither skipped nor not sure"
        if step.shows and step.shows not in SHOWS:
            yield f"shows {step.shows!r}, which is not known; there are {', '.join(sorted(SHOWS))}"

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return what `text` says, or the remark that tells the person what to do."""
        raise NotImplementedError

    def load(self, stored: Any, step: Step) -> Any:
        """Return the typed form of a stored value."""
        return stored

    def stands(self, answer: Answer, shown: str) -> bool:
        """Say whether an answer given to what the step showed then still counts now that it shows `shown`."""
        return answer.about == shown

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return stored values that stand for all that can be answered."""
        raise NotImplementedError


def read(text: str, asked: Asked) -> Reading:
    """Return what `text` answers. "Not sure" and what is on the skip button can be typed, too.

    Their words stand in `asked.labels` under "not_sure" and "skipped".
    """
    found = asked.step.kind.parse(text, asked)
    if asked.step.kind.free and plain(text) in {plain(one) for one in asked.labels.get("skipped", ())}:
        return Given(None, "skipped") if asked.step.skip else found
    if isinstance(found, Given) or re.search(r"\d", folded(text)):
        return found
    free: dict[AnswerState, bool] = {"not_sure": asked.step.not_sure, "skipped": asked.step.skip}
    said = match(text, {state: asked.labels.get(state, ()) for state, may in free.items() if may})
    return next((Given(None, state) for state in free if state == said), found)


# ---------------------------------------------------------------- options


def plain(text: str) -> str:
    """Return `text` in lower case letters and digits, other signs as single spaces ("E-mail!" is "email")."""
    said = folded(text).casefold().replace("'", "")
    return " ".join(re.sub(r"[\W_]+", " ", re.sub(r"(?<=[^\W\d])-(?=[^\W\d])", "", said)).split())


NEGATIONS = frozenset(
    "no not non none never nothing neither nor without nope nah dont didnt doesnt isnt wasnt arent werent cant "
    "cannot wont havent hasnt hadnt".split()
)
FILLERS = frozenset(
    "a about all am an and any are as at be been but by came come comes did do does for from get gets got had has "
    "have he her him i id im in is it its ive just me my of oh on one or our please said say says she so that the their them there "
    "these they think this those to us want wants was we were with you".split()
)
_PLACES = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_PLACE = re.compile(
    r"(?:the )?(?:(?:option|number|answer|button|choice) )?(?P<digits>[1-9]\d?)(?:st|nd|rd|th)?(?: (?:one|option|answer|choice))?"
    rf"|(?:the )?(?P<word>{'|'.join(_PLACES)}|last)(?: (?:one|option|answer|choice))?"
)


def named(text: str, labels: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the option that `text` is, word for word, or whose place it says ("2", "the second one")."""
    said = plain(text)
    exact = [option for option, also in labels.items() if said and said in _phrases(also)]
    if exact:
        return exact[0] if len(exact) == 1 else None
    place = None if re.search(r"[-+]\s*\d|\d[.,]\d", text) else _PLACE.fullmatch(said)
    if place is None:
        return None
    options = list(labels)
    if place["word"] == "last":
        return options[-1] if len(options) > 1 else None
    at = int(place["digits"]) if place["digits"] else _PLACES.index(place["word"]) + 1
    return options[at - 1] if at <= len(options) else None


def match(text: str, labels: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the option whose words `text` is, or is near to; None where none or several are.

    Every word that says something must be one of the option's, and a "not" must stand on both sides.
    """
    said = plain(text)
    if not said or len(said) > LONGEST_OPTION:
        return None
    if option := named(text, labels):
        return option
    if any(said in _phrases(also) for also in labels.values()):
        return None
    negated, words = _sense(said)
    if not words and not negated:
        return None
    fits = [option for option, also in labels.items() if _covers(also, negated, words)]
    if not fits:
        fits = [
            option
            for option, also in labels.items()
            if any(_sense(phrase)[0] == negated and _near(said, phrase) for phrase in _phrases(also))
        ]
    return fits[0] if len(fits) == 1 else None


@lru_cache(maxsize=4096)  # labels are ours: nothing that a person typed is kept
def _phrases(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ways to say an option: each label, and its parts between commas and brackets."""
    return tuple(
        phrase
        for label in labels
        for part in (label, *re.split(r"[,;:()]", label))
        if (phrase := plain(part))
    )


def _sense(phrase: str) -> tuple[bool, frozenset[str]]:
    """Return whether a phrase says no, and the words in it that say something."""
    words = phrase.split()
    kept = frozenset(_stem(word) for word in words if word not in FILLERS and word not in NEGATIONS)
    return any(word in NEGATIONS for word in words), kept


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _covers(labels: tuple[str, ...], negated: bool, words: frozenset[str]) -> bool:
    senses = [kept for says_no, kept in map(_sense, _phrases(labels)) if says_no == negated]
    if not words:
        return frozenset() in senses
    return words <= frozenset().union(*senses)


def _near(said: str, phrase: str) -> bool:
    """Say whether `said` is `phrase` with a typing error: one in five to nine letters, two in more."""
    allowed = 0 if len(phrase) < 5 else 1 if len(phrase) < 10 else 2
    return abs(len(said) - len(phrase)) <= allowed and typing_errors(said, phrase) <= allowed


def typing_errors(said: str, meant: str) -> int:
    """Return how many letters are wrong, missing, too many or changed about."""
    rows = [list(range(len(meant) + 1))]
    for i, letter in enumerate(said, 1):
        row = [i]
        for j, other in enumerate(meant, 1):
            least = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == meant[j - 2] and said[i - 2] == other:
                least = min(least, rows[-2][j - 2] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1]


class Choice(Kind):
    """One of the options."""

    name = "choice"
    form = "option"
    uses = frozenset({"options", "shows"})

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


class Way(Choice):
    """A way out of the debt. It counts while what it rests on is the same."""

    name = "way"

    def faults(self, step: Step) -> Iterator[str]:
        """Say what is wrong with a step of this kind."""
        yield from super().faults(step)
        if step.options != ways.NAMES:
            yield f"is a way: its options must be {', '.join(ways.NAMES)}"
        if not step.shows:
            yield "is a way: shows must name what it rests on"

    def stands(self, answer: Answer, shown: str) -> bool:
        """Say whether a way still rests on what it was chosen by."""
        return ways.stands(answer.value, answer.about, shown)


_AND = re.compile(r"[,;\n+&/]|\band\b|(?<=\d)\s+(?=\d)", re.IGNORECASE)


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
        parts = [part for part in _AND.split(text) if plain(part)]
        if len(parts) > MOST_PARTS:
            return Remark("tick_some")
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
    """An amount in US dollars. `range` says of what.

    `part`: of the amount of its tax period. `own`: the person's own money, which may be nothing; `monthly`: the
    same for one month; `some`: the same, but more than nothing; `of_income`: a part of an income.
    """

    name = "money"
    form = "usd"

    uses = frozenset({"range", "shows"})

    def faults(self, step: Step) -> Iterator[str]:
        """Say what is wrong with a step of this kind."""
        yield from super().faults(step)
        if step.range not in ("", "part", *OWN):
            yield f"is a money: range, if any, must be one of part, {', '.join(OWN)}"

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return the amount; refuse what can be read in two ways, as a bare "2023" can (a year).

        A part that is more than its whole is refused as well.
        """
        said = folded(text).strip()
        if asked.step.range in OWN:
            said, other = _as_often(said, asked.known.get("income.every"))
            own = other or read_own_money(said, monthly=asked.step.range == "monthly")
            return _wrong_own(own, asked) or own
        if re.fullmatch(r"\d{4}", said) and 0 <= asked.today.year - int(said) <= OLDEST_TAX_YEAR:
            return Remark("money_unclear")
        read = read_money(text)
        if isinstance(read, Given) and asked.step.range == "part":
            return _more_than_the_whole(Decimal(read.value), asked) or read
        return read

    def load(self, stored: Any, step: Step) -> Decimal:
        """Return the amount."""
        return Decimal(stored)

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return usual, small and large amounts; of their own money: some, none, and enough to pay all."""
        if step.range in OWN:
            more = {"own": ("20000.00",), "some": ("1900.00",)}.get(step.range, ())
            return tuple(one for one in ("300.00", "0.00", *more) if Decimal(one) or step.range != "some")
        return ("18400", "0.01", "1234.56", "100000", "999999999")


OWN = ("own", "monthly", "some", "of_income")
_NOTHING = re.compile(
    r"\W*(?:none|nothing|nada|zero|no|nope|nil|not any|n/?a)"
    r"(?:\W+(?:at all|(?:at|for) the moment|right now|now|today|yet|left|really|sorry|dollars?))*\W*",
    re.IGNORECASE,
)
_A_MONTH = re.compile(r"(?:/|\b(?:per|a|each|every)\b)\s*mo(?:nth)?\b\.?|\bmonthly\b", re.IGNORECASE)
_NOT_A_MONTH = re.compile(
    r"\b(?:(?:bi)?weekly|weeks?|wk|fortnight|yearly|annual(?:ly)?|years?|yr|days?|daily|hours?|hourly|quarter(?:ly)?)\b",
    re.IGNORECASE,
)


_OFTEN = {
    "weekly": re.compile(r"(?:/|\b(?:per|a|each|every)\b)\s*w(?:ee)?k\b\.?|\bweekly\b", re.IGNORECASE),
    "monthly": _A_MONTH,
    "yearly": re.compile(
        r"(?:/|\b(?:per|a|each|every)\b)\s*y(?:ea)?r\b\.?|\byearly\b|\bannually\b", re.IGNORECASE
    ),
}


def _as_often(text: str, every: object) -> tuple[str, Remark | None]:
    """Return the text without how often an income comes, or what is wrong where it was told otherwise before."""
    if every is None:
        return text, None
    said = next((name for name, words in _OFTEN.items() if words.search(text)), None)
    if said is None:
        return text, None
    if said != every:
        return text, Remark("own_other_period")
    return _OFTEN[said].sub(" ", text), None


def read_own_money(text: str, *, monthly: bool) -> Reading:
    """Return an amount of the person's own money: nothing is an amount, and four digits are no year."""
    if _NOTHING.fullmatch(text):
        return Given("0.00")
    if monthly:
        if _NOT_A_MONTH.search(text):
            return Remark("own_not_monthly")
        text = _A_MONTH.sub(" ", text)
    read = read_money(text)
    if isinstance(read, Remark) and read.name in ("money_zero", "money_negative"):
        return Given("0.00") if read.name == "money_zero" else Remark("own_negative")
    return read


def _wrong_own(read: Reading, asked: Asked) -> Remark | None:
    """Say what is wrong with an amount of the person's own money as an answer to this question."""
    if not isinstance(read, Given):
        return None
    amount, income = Decimal(read.value), asked.known.get("income.amount")
    if asked.step.range == "some" and not amount:
        return Remark("own_nothing")
    if asked.step.range == "of_income" and isinstance(income, Decimal) and amount > income:
        return Remark("own_more_than_income", {"income": income})
    return None


class Percent(Kind):
    """A yearly rate in percent."""

    name = "percent"
    form = "percent"

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return the one rate in the text: "8", "7.5 %", "24 percent"."""
        found = re.findall(r"(?<![\d.,])\d{1,3}(?:[.,]\d{1,3})?(?![\d.,]?\d)", folded(text))
        if len(found) != 1 or re.search(r"[-\u2212\u2013]\s*\d", text):
            return Remark("percent_none")
        rate = Decimal(found[0].replace(",", "."))
        return Given(str(rate)) if rate <= 100 else Remark("percent_too_much")

    def load(self, stored: Any, step: Step) -> Decimal:
        """Return the rate."""
        return Decimal(stored)

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return a low and a high rate."""
        return ("6", "24.9")


def _more_than_the_whole(part: Decimal, asked: Asked) -> Remark | None:
    whole = asked.known.get("period.amount")
    if not isinstance(whole, Decimal):
        return None
    others = [asked.known.get(key) for key in ("period.tax", "period.penalty") if key != asked.step.key]
    left = whole - sum((one for one in others if isinstance(one, Decimal)), Decimal(0))
    return Remark("money_more_than_whole", {"whole": whole, "left": left}) if part > left else None


MOST = Decimal(1_000_000_000)
# A run of digits with what people put inside it: "1,234.56", "1 234,50", and wrongly "12:30", "10/23/2026".
_FIGURE = re.compile(r"(?<![\w.,'])\d(?:[\d.,'_:/]*\d)?(?: \d{3}(?:[.,]\d+)?(?![\d.,]))*")
_AFTER = re.compile(
    r"\s*(dollars?|bucks|usd|thousand|grand|million|mil|mm|[km])\b|\s?(\$)|(\w+)", re.IGNORECASE
)
_FACTORS = {"k": 1_000, "thousand": 1_000, "grand": 1_000, "million": 1_000_000}
_DOLLARS = ("", "$", "dollar", "dollars", "bucks", "usd")
_OTHER_MONEY = re.compile(
    r"[€£¥₹₱₩₿₽¢]|\b(?:eur|euros?|gbp|pounds?|cad|mxn|pesos?|aud|yen|rupees?|inr|cny)\b|\b(?!us\b)[a-z]+\$",
    re.IGNORECASE,
)
_BELOW_ZERO = re.compile(
    r"-\s*\$?\s*\d|\d\s*-|\(\s*\$?\s*\d[\d.,]*\s*\)|\b(?:minus|negative|credit|refund|refunded|overpaid|cr)\b",
    re.IGNORECASE,
)
# With these words a number is not the amount, or not all of it.
_NOT_ALL = re.compile(
    r"\b(?:per|percent|days?|weeks?|weekly|months?|monthly|half|double|twice|times|hundreds?|dozens?|thousands?|grand|"
    r"millions?|billions?|lakhs?|more|less|over|under|above|below|least|most|up|between|cents?|plus|k|two|three|four|"
    r"five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b|[%<>≤≥^=#+/]|(?<![^\W_])\d",
    re.IGNORECASE,
)
# A bare number counts only among these words: "CP 504" and "LT 11" are no amounts.
_OF_AMOUNTS = FILLERS | frozenset(
    "amount approx approximately around balance bill ca circa due exactly irs letter maybe owe owed owing pay paying "
    "probably roughly said say says gross before total tax taxes ok okay yes hi hello thanks thank altogether sum like".split()
)


def read_money(text: str) -> Reading:
    """Return the one amount in `text`: "12k", "$1,234.56", "1.234,56", "about 3000"."""
    said = folded(text)
    found = list(_FIGURE.finditer(said))
    if len(found) != 1:
        return Remark("money_several" if found else "money_none")
    if _OTHER_MONEY.search(said):
        return Remark("money_dollars")
    if _BELOW_ZERO.search(said):
        return Remark("money_negative")
    digits, before, behind = found[0].group(), said[: found[0].start()], said[found[0].end() :]
    suffix = _AFTER.match(behind)
    after = suffix.group().strip().casefold() if suffix else ""
    rest = f"{before} {behind[suffix.end() :] if suffix else behind}"
    amount = _amount(digits, after)
    if amount is None or _NOT_ALL.search(rest):
        return Remark("money_unclear")
    marked = after or re.search(r"(?:\$|\busd)\s*$", before, re.IGNORECASE) or re.search(r"[.,]\d\d$", digits)
    if not marked and not set(plain(rest).split()) <= _OF_AMOUNTS:
        return Remark("money_none")
    if amount == 0:
        return Remark("money_zero")
    if amount >= MOST:
        return Remark("money_too_much")
    return Given(str(amount.quantize(Decimal("0.01"))))


def _amount(digits: str, after: str) -> Decimal | None:
    """Return the amount that `digits` with `after` them can be, if they can be one alone."""
    if after in _FACTORS:
        if not re.fullmatch(r"[1-9]\d{0,2}(\.\d{1,2})?|0\.\d{1,2}", digits):
            return None
        return Decimal(digits) * _FACTORS[after]
    if after not in _DOLLARS:
        return None
    if re.fullmatch(r"0+([.,]00)?", digits):
        return Decimal(0)
    if re.fullmatch(r"[1-9]\d{0,2}((,|')\d{3})(\2\d{3})*(\.\d{2})?|[1-9]\d*(\.\d{2})?|0\.\d{2}", digits):
        return Decimal(re.sub("[,']", "", digits))
    if re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+,\d{2}|[1-9]\d{0,2}(\.\d{3}){2,}", digits):
        return Decimal(digits.replace(".", "").replace(",", "."))
    if re.fullmatch(r"[1-9]\d{0,2}( \d{3})+[.,]\d{2}", digits):
        return Decimal(digits.replace(" ", "").replace(",", "."))
    return None


class Day(Kind):
    """A day. `range` says which days make sense: `past`, `after_notice`, or `coming` (today or later)."""

    name = "day"
    form = "day"
    uses = frozenset({"range", "shows"})

    def faults(self, step: Step) -> Iterator[str]:
        """Say what is wrong with a step of this kind."""
        yield from super().faults(step)
        if step.range not in ("past", "after_notice", "coming", "ahead"):
            yield 'is a day: range must be "past", "after_notice", "coming" or "ahead"'

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return the day, if it makes sense for this step."""
        read = read_day(text, asked.today, asked.months)
        coming = asked.step.range in ("ahead", "coming")
        if isinstance(read, Remark) and coming and (ahead := day_ahead(text, asked.today)) is not None:
            read = Given(ahead.isoformat())
        if isinstance(read, Remark):
            return read
        day = date.fromisoformat(read.value)
        return wrong_day(day, asked) or read

    def load(self, stored: Any, step: Step) -> date:
        """Return the day."""
        return date.fromisoformat(stored)

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return days near and far; of those to come one that is over by now."""
        if step.range in ("coming", "ahead"):
            days = (3, 45, -3) if step.range == "coming" else (0, 7)
            return tuple((today + timedelta(days=n)).isoformat() for n in days)
        ahead = -1 if step.range == "past" else 1
        return tuple((today + timedelta(days=ahead * n)).isoformat() for n in (3, 20, 45, 400))


def wrong_day(day: date, asked: Asked) -> Remark | None:
    """Say what is wrong with `day` as an answer to this step."""
    if asked.step.range in ("ahead", "coming") and day < asked.today:
        return Remark("day_over", {"day": day})
    if asked.step.range == "ahead":
        if day > asked.today + timedelta(days=LATEST_BEGIN):
            return Remark("day_too_late", {"day": day, "last": asked.today + timedelta(days=LATEST_BEGIN)})
    elif asked.step.range == "past":
        if day > asked.today:
            printed_on = asked.step.key == "notice.dated"
            return Remark("day_in_future_printed" if printed_on else "day_in_future", {"day": day})
        if day < years_before(asked.today, OLDEST_YEARS):
            return Remark("day_too_old", {"day": day, "years": OLDEST_YEARS})
        printed = asked.known.get("notice.printed")
        if asked.step.key == "notice.dated" and isinstance(printed, date) and day > printed:
            return Remark("day_after_printed", {"day": day, "printed": printed})
    elif asked.step.range == "coming":
        if day > asked.today + timedelta(days=LONGEST_WAIT):
            return Remark("day_too_far_ahead", {"day": day})
    else:
        dated = asked.known.get("notice.dated")
        if isinstance(dated, date) and day < dated:
            return Remark("day_before_notice", {"day": day, "dated": dated})
        if dated is None and day < years_before(asked.today, OLDEST_YEARS):
            return Remark("day_too_old", {"day": day, "years": OLDEST_YEARS})
        if day > (dated or asked.today) + timedelta(days=400):
            return Remark("day_too_far", {"day": day})
    return None


def years_before(day: date, years: int) -> date:
    """Return the same day `years` earlier (February 28 for a leap day)."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


# A day in figures: three groups with one sign between them.
_FIGURES = re.compile(
    r"(?<![\d.])(\d{1,4})(?:\s?([/.-])\s?|\s)(\d{1,2})(?:\s?\2\s?|\s)(\d{4}|\d{1,2})(?!\d|\2\d)(?=\D|$)"
)
_TIME = re.compile(
    r"(?<=\d)t\d{2}:\d{2}[:\d.]*z?|\b\d{1,2}:\d{2}(:\d{2})?(\s*[ap]\.?m\b)?|\b\d{1,2}\s*[ap]\.?m\b"
)
_COUNTED = re.compile(r"\b(?:days?|weeks?|months?|years?)\s+(?:after|before|from|later|of)\b")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(r"\b(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b")


def read_day(text: str, today: date, months: Sequence[str]) -> Reading:
    """Return the one day in `text`. Slashes are read as in the US, month first; dots and dashes
    only where one reading is left.
    """
    said = " ".join(folded(text).casefold().split())
    for word, days in (("today", 0), ("now", 0), ("yesterday", -1), ("tomorrow", 1)):
        if re.fullmatch(rf"\W*{word}\W*", said):
            return Given((today + timedelta(days=days)).isoformat())
    said = _TIME.sub(" ", said)
    names = _month_names(said, months)
    found: list[set[date]] = []
    rest = said
    for pattern, groups in (*_spelled(names), (_FIGURES, None)):
        for m in list(pattern.finditer(rest)):
            found.append(_spelled_day(m, groups, names) if groups else _readings(m))
            rest = rest[: m.start()] + "\0" * (m.end() - m.start()) + rest[m.end() :]
    if not found:
        return Remark("day_no_year" if _lacks_year(said, names) else "day_none")
    if not all(found):
        return Remark("day_not_there")
    days_read = set.intersection(*found)
    if len(days_read) != 1:
        return Remark("day_unclear" if len(found) == 1 else "day_several")
    if re.search(r"(?<![^\W_])\d", rest) or _COUNTED.search(rest):
        return Remark("day_several")
    day = days_read.pop()
    weekdays = {m[1][:3] for m in _WEEKDAY.finditer(rest)}
    if weekdays and weekdays != {_WEEKDAYS[day.weekday()]}:
        return Remark("day_other_weekday", {"day": day})
    return Given(day.isoformat())


_IN = re.compile(
    r"(?:in |within )?(an?|\d{1,2}|one|two|three|four|five|six|seven|ten) (day|week)s?(?: from (?:now|today))?"
)
_NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "ten": 10,
}
_ON = re.compile(rf"(?:on |by |until |this |(next ))?{_WEEKDAY.pattern}")


def day_ahead(text: str, today: date) -> date | None:
    """Return the one day to come that `text` means: "Friday", "next week" (its Monday), "in two weeks".

    "Next Friday" is two days to some people: it is read only where this week's Friday is over.
    """
    said = " ".join(folded(text).casefold().split()).strip(" .,")
    monday = today + timedelta(days=7 - today.weekday())
    if said in ("next week", "in the next week"):
        return monday
    if (m := _IN.fullmatch(said)) is not None:
        count = _NUMBERS.get(m[1]) or int(m[1])
        return today + timedelta(days=count * (7 if m[2] == "week" else 1))
    if (m := _ON.fullmatch(said)) is not None:
        day = today + timedelta(days=(_WEEKDAYS.index(m[2][:3]) - today.weekday() - 1) % 7 + 1)
        return None if m[1] and day < monday else day
    return None


def _month_names(said: str, months: Sequence[str]) -> dict[str, int]:
    """Return the names of months with their numbers, and the words of `said` that miss one by a letter or two."""
    full = {name.casefold(): number for number, name in enumerate(months, 1)}
    names = {name[:length]: number for name, number in full.items() for length in (3, 4, len(name))}
    for word in re.findall(r"[^\W\d_]{5,}", said):
        near = {number for name, number in full.items() if _near(word, name)}
        if word not in names and len(near) == 1:
            names[word] = near.pop()
    return names


_DAY, _YEAR = r"(?<!\d)(\d{1,2})(?:\s?(?:st|nd|rd|th))?(?![\d:])", r"(?:'\s?)?(\d{4}|\d{2})(?![\d:])"
_GAP = r"[\s.,/-]*"


def _spelled(names: Mapping[str, int]) -> list[tuple[re.Pattern[str], tuple[int, int, int]]]:
    """Return the patterns of a day with its month in letters, and in which groups year, month and day stand."""
    if not names:
        return []
    month = rf"\b({'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})(?![^\W\d_])"
    return [
        (re.compile(rf"(?<!\d)(\d{{4}}){_GAP}{month}{_GAP}{_DAY}"), (1, 2, 3)),
        (re.compile(rf"{month}{_GAP}(?:the\s)?{_DAY}(?:{_GAP}|\s?of\s){_YEAR}"), (3, 1, 2)),
        (
            re.compile(rf"{_DAY}(?:{_GAP}|\s?(?:day\s)?of\s){month}{_GAP}{_YEAR}".replace(r"\b(", "(", 1)),
            (3, 2, 1),
        ),
    ]


def _spelled_day(m: re.Match[str], groups: tuple[int, int, int], names: Mapping[str, int]) -> set[date]:
    year, month, day = (m[group] for group in groups)
    return _valid((int(year), names[month], int(day)))


def _readings(m: re.Match[str]) -> set[date]:
    """Return the days that three groups of figures can be."""
    first, sign, second, third = m[1], m[2], m[3], m[4]
    a, b, c = int(first), int(second), int(third)
    if len(first) > 2:
        return _valid((a, b, c)) if len(first) == 4 and len(third) <= 2 else set()
    if len(third) == 1 or (len(third) == 4 and c < 100):
        return set()
    month_first = _valid((c, a, b))
    if sign == "/" and month_first:
        return month_first
    if len(third) == 4:
        return month_first | _valid((c, b, a))
    return month_first | _valid((c, b, a), (a, b, c))


def _valid(*parts: tuple[int, int, int]) -> set[date]:
    days = set()
    for year, month, day in parts:
        with suppress(ValueError):
            days.add(date(year + 2000 if year < 100 else year, month, day))
    return days


def _lacks_year(said: str, names: Mapping[str, int]) -> bool:
    month = "|".join(map(re.escape, names)) or r"\0"
    return bool(
        re.search(
            rf"\b(?:{month})\.?\s*(?:the\s)?\d{{1,2}}(?!\d)|(?<!\d)\d{{1,2}}(?:st|nd|rd|th)?\s*(?:of\s)?(?:{month})\b",
            said,
        )
        or re.fullmatch(r"\W*\d{1,2}\s*[/.-]\s*\d{1,2}\W*", said)
    )


OLDEST_TAX_YEAR = 30  # years back


class Year(Kind):
    """A tax year, or a quarter of payroll tax: stored as 2023 or "2024Q2"."""

    name = "year"
    form = "period"

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return the one tax year or quarter in the text; a quarter may be told by its last day."""
        quarters, said = _quarters(folded(text).casefold())
        day = read_day(text, asked.today, asked.months)
        if not quarters and isinstance(day, Given):
            end = date.fromisoformat(day.value)
            if (end.month, end.day) in _QUARTER_ENDS:
                quarters, said = {_QUARTER_ENDS[end.month, end.day]}, str(end.year)
        if len(quarters) > 1:
            return Remark("year_several")
        year = self._year(said, asked)
        return Given(f"{year.value}Q{quarters.pop()}") if isinstance(year, Given) and quarters else year

    def _year(self, text: str, asked: Asked) -> Reading:
        # What stands around a year on a notice: "Form 1040", "December 31", "Q4".
        said = re.sub(
            r"form\s*\d+|\b1040\b|\bdec\w*\.?\s*31\b,?|\b12\s?[/-]\s?31\s?[/-]",
            " ",
            text,
        )
        if re.search(r"\$|\b(?:cp|lt|ltr|letter|notice)\s*-?\s*\d", said):
            return Remark("year_none")
        found = {
            int(year)
            for year in re.findall(r"(?:\b(?:ty|fy)?|year)((?:19|20)\d{2})(?!\d|[.,]\d|[^\W\d_])", said)
        }
        rest = re.sub(r"(?:\b(?:ty|fy)?|year)(?:19|20)\d{2}(?!\d)", " ", said)
        short = re.fullmatch(r"\W*(\d{2})\W*", said)
        if not found and short and not re.search(r"-\s*\d", said):
            found = {_century(int(short[1]), asked.today.year)}
        elif found and re.search(r"(?<![^\W_])\d", rest):
            return Remark("year_several")
        if len(found) > 1:
            return Remark("year_several")
        if not found:
            return Remark("year_none")
        year = found.pop()
        if year > asked.today.year:
            return Remark("year_in_future", {"year": year})
        if year < asked.today.year - OLDEST_TAX_YEAR:
            return Remark("year_too_old", {"year": year})
        return Given(year)

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return the last and an old year, and a quarter."""
        return (today.year - 1, today.year - 9, f"{today.year - 2}Q2")


def _century(short: int, now: int) -> int:
    return short + (2000 if short <= now % 100 + 1 else 1900)


def _quarters(said: str) -> tuple[set[int], str]:
    """Return the quarters a text names, and the text without them."""
    pattern = (
        r"(?<![a-z])(?:form\s*)?94[134]\b,?|(?<![a-z])q\s?([1-4])\b|\b([1-4])q\b|\b(?:quarter|qtr)\.?\s+([1-4])\b"
        rf"|\b(?:{'|'.join(f'({one})' for one in _QUARTERS)})\s+(?:quarter|qtr)\b\.?(?:\s+of)?"
    )
    found = set()
    for m in re.finditer(pattern, said):
        named = next((int(one) for one in m.groups()[:3] if one), None)
        spelt = next((n for n, one in enumerate(m.groups()[3:], 1) if one), None)
        found |= {one for one in (named or spelt,) if one}
    return found, re.sub(pattern, " ", said)


_QUARTERS = ("1st|first", "2nd|second", "3rd|third", "4th|fourth")
# The last quarter ends with the year: December 31 on a letter is mostly the whole year.
_QUARTER_ENDS = {(3, 31): 1, (6, 30): 2, (9, 30): 3}


class Count(Kind):
    """A number of people. `range`: `people` (at least one), or `of_people` (none to all of them)."""

    name = "count"
    uses = frozenset({"range"})

    def faults(self, step: Step) -> Iterator[str]:
        """Say what is wrong with a step of this kind."""
        yield from super().faults(step)
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
    uses = frozenset({"options", "shows"})

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


class Proof(Kind):
    """The number on a receipt: of a letter that can be traced, of a fax, of an upload."""

    name = "proof"

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return the number, its groups apart by single spaces."""
        said = " ".join(folded(text).upper().split())
        found = re.search(r"[A-Z0-9][A-Z0-9 \-]*\d[A-Z0-9 \-]*", re.sub(r"^(?:[A-Z]{3,}[ #:]+)+", "", said))
        number = found.group().strip(" -") if found else ""
        if not SHORTEST_PROOF <= len(re.sub(r"[ \-]", "", number)) <= LONGEST_PROOF:
            return Remark("proof_none")
        return Given(number)

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return numbers of a letter and of a parcel."""
        return ("9407 3000 0000 0000 0000 00", "1Z999AA10123456784")


SHORTEST_PROOF, LONGEST_PROOF = 5, 34  # letters and digits


class Zone(Kind):
    """The person's time zone, by a button, a city, a state or its name."""

    name = "zone"
    form = "zone"
    uses = frozenset({"options", "shows"})

    def faults(self, step: Step) -> Iterator[str]:
        """Say what is wrong with a step of this kind."""
        yield from super().faults(step)
        for option in step.options:
            if option not in zones.ZONES:
                yield f'names the zone "{option}", which is not known'

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return the zone's name ("America/Chicago")."""
        option = named(text, {one: asked.labels.get(one, ()) for one in asked.step.options})
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
    card = True
    uses = frozenset({"shows"})
    may_lack = False

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return nothing but the hint to tap."""
        return Remark("tap_one")

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return the mark of a card read; what it stands for is put in by the engine."""
        return ("",)


class Text(Kind):
    """A few words in the person's own language, kept and shown as they are."""

    name = "text"
    free = True

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return the words on one line."""
        said = " ".join(text.split())
        if not said:
            return Remark("text_none")
        return Given(said) if len(said) <= LONGEST_NOTE else Remark("text_too_long", {"most": LONGEST_NOTE})

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return a few words with signs that mean something in HTML."""
        return ("Ms. Lee, ID 1000 <&> 200",)


LONGEST_NOTE = 200  # characters of a note


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
    uses = frozenset({"items", "later"})
    may_lack = False

    def faults(self, step: Step) -> Iterator[str]:
        """Say what is wrong with a step of this kind."""
        yield from super().faults(step)
        if not step.items:
            yield "is a list: items must name the dialog of one item"

    def parse(self, text: str, asked: Asked) -> Reading:
        """Return nothing but the hint to tap."""
        return Remark("tap_one")

    def samples(self, step: Step, today: date) -> tuple[Any, ...]:
        """Return lists of one and of three items."""
        return ([1], [1, 2, 3])
