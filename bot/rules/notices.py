"""The catalogue of IRS notices, and finding one by whatever a person types.

The entries stand in `notices.toml`, their words in `templates/<lang>/notices.j2`.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from bot.model import Confidence, Source
from bot.rules.parameters import PARAMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CATALOGUE = Path(__file__).parent / "notices.toml"

Roll = Literal["yes", "no", "unclear"]
LienEvidence = Literal["direct", "secondary", "functional", "none"]
RunsFrom = Literal[
    "notice_date",
    "printed_date",
    "appointment_date",
    "levy_served",
    "day_after_5_business_days_after_nftl_filing",
    "none",
]


class Sender(StrEnum):
    """The part of the IRS, or for it, that sends a notice."""

    CAMPUS_CCS = "campus_ccs"  # automated notices of the service centres
    ACS = "acs"  # Automated Collection System
    REVENUE_OFFICER = "revenue_officer"
    CLO = "clo"  # Centralized Lien Operation
    PCA = "pca"  # private collection agency
    EXAM_AUR = "exam_aur"  # underreporter unit, examination
    APPEALS = "appeals"
    IRS_COLLECTION = "irs_collection"  # unit not established


class Phase(StrEnum):
    """Where in collection a notice stands."""

    FIRST_BILL = "first_bill"
    BEFORE_LIEN = "before_lien"
    LEVY_WARNING = "levy_warning"
    FINAL_LEVY_CDP = "final_levy_cdp"
    AFTER_LEVY = "after_levy"
    AFTER_LIEN = "after_lien"
    AFTER_HEARING = "after_hearing"
    INSTALLMENT = "installment"
    PRIVATE_COLLECTOR = "private_collector"
    RETURNS = "returns"
    INFO = "info"
    NOT_COLLECTION = "not_collection"


class Appeal(StrEnum):
    """A way to have a notice looked at again."""

    CAP = "cap"  # Collection Appeals Program, Form 9423
    CDP = "cdp"  # collection due process hearing, Form 12153
    EQUIVALENT = "equivalent"  # equivalent hearing, Form 12153
    PLAN_APPEAL = "plan_appeal"  # Form 9423 after a plan is refused or ended
    OFFER_APPEAL = "offer_appeal"  # Form 13711
    TAX_COURT = "tax_court"
    COURT = "court"  # a civil action, as in 26 U.S.C. 7345(e)
    PROTEST = "protest"  # written protest to Appeals
    ANSWER = "answer"  # answer with proof
    MANAGER = "manager"
    WITHDRAWAL = "withdrawal"  # Form 12277
    CONTACT_LIST = "contact_list"  # the list of people contacted


NEXT = frozenset(
    {
        "bank_pays",
        "benefit_levy",
        "collection_goes_on",
        "collector_calls",
        "court_case",
        "disaster_page",
        "dividend_levy",
        "employment_tax_levy",
        "federal_payment_levy",
        "lawyer",
        "levy",
        "levy_goes_on",
        "lien_notice",
        "lien_stays_public",
        "passport_action",
        "penalty_assessed",
        "plan_ended",
        "proposal_closed",
        "refund",
        "refund_offset",
        "rest_stays_due",
        "seizure",
        "state_refund_levy",
        "substitute_return",
        "tax_assessed",
        "third_party_contacts",
        "usual_notices",
        "wages_each_payday",
        "withdrawal_possible",
    }
)
"""What may follow a notice, beside another notice."""


class CatalogueError(Exception):
    """The catalogue is wrong; the message lists every fault."""


@dataclass(frozen=True, slots=True)
class IrsNotice:
    """One paper of the IRS, and what it opens.

    `rules` names the deadline rules, the one that matters most first; `days` the parameter with the letter's
    own number of days or, under `fallback.`, our careful one. `number` is how it is shown to people.
    """

    id: str
    number: str
    aliases: tuple[str, ...]
    phrases: tuple[str, ...]
    sender: Sender
    phase: Phase
    warns_of_lien: bool
    lien_evidence: LienEvidence
    rules: tuple[str, ...]
    days: str | None
    runs_from: RunsFrom
    roll: Roll
    prints_date: bool
    appeals: tuple[Appeal, ...]
    next: tuple[str, ...]
    basis: str
    source: Source
    confidence: Confidence
    review_by: date
    memory: bool = False

    @property
    def block(self) -> str:
        """Return the start of the names of its blocks in `notices.j2`: CP504, IA_REJECTION."""
        return self.id.replace("-", "_")

    @property
    def layout(self) -> Literal["box", "letter", "form"]:
        """Return how its first page is laid out: a box at the top right, a letter, or a form.

        Those of the CP and LT family have the box; a letter has its number at the foot and days like 10/23/2026.
        """
        if self.id.startswith(("CP", "LT")):
            return "box"
        return "form" if self.id.startswith("F") else "letter"

    @property
    def firm(self) -> bool:
        """Say whether people may be told of it without "check this on irs.gov"."""
        return self.confidence != "low" and not self.memory


@dataclass(frozen=True, slots=True)
class Found:
    """What a text names: one notice, several it may mean, or none we know.

    `number` is what looked like a notice number but stands in no catalogue.
    """

    notices: tuple[IrsNotice, ...] = ()
    number: str | None = None

    @property
    def one(self) -> IrsNotice | None:
        """Return the notice if there is exactly one."""
        return self.notices[0] if len(self.notices) == 1 else None

    @property
    def unknown(self) -> bool:
        """Say whether no notice of the catalogue was found."""
        return not self.notices


class Catalogue:
    """All notices, by id and by what people type."""

    def __init__(self, notices: Iterable[IrsNotice]) -> None:
        self._notices = {notice.id: notice for notice in notices}
        self._numbers: dict[_Number, str] = {}
        self._pairs: dict[frozenset[_Number], str] = {}
        self._phrases: dict[str, list[str]] = {}
        for notice in self._notices.values():
            for name in (notice.id, *notice.aliases):
                match tuple(_numbers_in(name)) or tuple(_bare(name)):
                    case ():
                        self._phrases.setdefault(_words(name), []).append(notice.id)
                    case (number,):
                        self._numbers[number] = notice.id
                    case several:
                        self._pairs[frozenset(several)] = notice.id
            for phrase in notice.phrases:
                self._phrases.setdefault(_words(phrase), []).append(notice.id)

    def __iter__(self) -> Iterator[IrsNotice]:
        return iter(self._notices.values())

    def __len__(self) -> int:
        return len(self._notices)

    def __getitem__(self, notice_id: str) -> IrsNotice:
        return self._notices[notice_id]

    def __contains__(self, notice_id: object) -> bool:
        return notice_id in self._notices

    def find(self, text: str) -> Found:
        """Return the notice or notices `text` names.

        A number with its letters (CP504B) names one; a number alone (504) all that have it; words such as
        "notice of intent to levy" all that bear them. A telephone number, a year or an amount names none.
        """
        text = _plain(text)
        numbers: list[_Number] = []
        unknown: str | None = None
        ids: list[str] = []
        for choices in _tokens(text):
            known = next((found for number in choices if (found := self._of(number))), None)
            if known:
                numbers.append(known[0])
                ids.extend(known[1])
            elif choices[0].surely:
                unknown = unknown or choices[0].shown
        if pair := self._pairs.get(frozenset(numbers)):
            ids = [pair]
        if not ids and unknown is None:
            bare = _bare(text)
            known = next((found for number in bare if (found := self._of(number))), None)
            if known:
                ids = known[1]
            elif bare:
                unknown = bare[0].shown
        if not ids:
            ids = self._by_phrase(text)
        notices = [self._notices[one] for one in dict.fromkeys(ids)]
        return Found(tuple(notices), None if notices else unknown)

    def _of(self, number: _Number) -> tuple[_Number, list[str]] | None:
        """Return the number as catalogued and the ids it names."""
        if number in self._numbers:
            return number, [self._numbers[number]]
        if number.family:
            return None
        same = [
            (known, notice)
            for known, notice in self._numbers.items()
            if known.digits == number.digits and number.letters in ("", known.letters)
        ]
        return (same[0][0], [notice for _, notice in same]) if same else None

    def _by_phrase(self, text: str) -> list[str]:
        words = f" {_words(text)} "
        said = [phrase for phrase in self._phrases if f" {phrase} " in words]
        longest = [
            phrase for phrase in said if not any(phrase != other and phrase in other for other in said)
        ]
        return [notice for phrase in longest for notice in self._phrases[phrase]]


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of this bot, read once."""
    return read()


def find(text: str) -> Found:
    """Return the notice or notices `text` names in the catalogue of this bot."""
    return catalogue().find(text)


def manual(number: str, source: Source | None = None) -> IrsNotice:
    """Return an entry for a notice nobody catalogued: only its printed date counts."""
    return IrsNotice(
        id="UNKNOWN",
        number=number,
        aliases=(),
        phrases=(),
        sender=Sender.IRS_COLLECTION,
        phase=Phase.INFO,
        warns_of_lien=False,
        lien_evidence="none",
        rules=("D17",),
        days=None,
        runs_from="printed_date",
        roll="unclear",
        prints_date=True,
        appeals=(),
        next=(),
        basis="not in the catalogue",
        source=source or catalogue()["L4903"].source,
        confidence="low",
        review_by=date.max,
        memory=True,
    )


# ---------------------------------------------------------------- reading the file

_REQUIRED = {"sender", "phase", "runs_from", "basis", "source", "confidence", "review_by"}
_LISTS = {"aliases", "phrases", "rules", "appeals", "next"}
_OPTIONAL = {"number", "warns_of_lien", "lien_evidence", "days", "roll", "prints_date", "memory"}


def read(path: Path = CATALOGUE, sources: Path = PARAMS / "sources.toml") -> Catalogue:
    """Return the catalogue in `path`. Raises CatalogueError that lists every fault."""
    known = {key: Source(**table) for key, table in _toml(sources).items()}
    table = _toml(path)
    faults: list[str] = []
    notices = [
        notice for key, entry in table.items() if (notice := _notice(key, entry, set(table), known, faults))
    ]
    owner: dict[str, str] = {}
    for notice in notices:
        for name in (notice.id, *notice.aliases):
            plain = _words(name).replace(" ", "")
            if owner.setdefault(plain, notice.id) != notice.id:
                faults.append(f"{path.name}: {notice.id} and {owner[plain]} both claim {name!r}")
    if faults:
        raise CatalogueError("\n".join(faults))
    return Catalogue(notices)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"{path.name}: {error}") from None


def _notice(
    key: str, entry: dict[str, Any], ids: set[str], sources: dict[str, Source], faults: list[str]
) -> IrsNotice | None:
    before = len(faults)
    if missing := _REQUIRED - entry.keys():
        faults.append(f"notices.toml: {key}: {', '.join(sorted(missing))} missing")
    if unknown := entry.keys() - _REQUIRED - _LISTS - _OPTIONAL:
        faults.append(f"notices.toml: {key}: {', '.join(sorted(unknown))} not known here")
    allowed: dict[str, Iterable[str]] = {
        "sender": list(Sender),
        "phase": list(Phase),
        "runs_from": get_args(RunsFrom),
        "roll": get_args(Roll),
        "lien_evidence": get_args(LienEvidence),
        "confidence": get_args(Confidence),
        "source": sources,
        "appeals": list(Appeal),
        "next": NEXT | ids,
    }
    for field, values in allowed.items():
        said = entry.get(field, [])
        for one in said if isinstance(said, list) else [said]:
            if one not in values:
                near = difflib.get_close_matches(str(one), [str(value) for value in values], 1)
                hint = f" Did you mean {near[0]!r}?" if near else ""
                faults.append(f"notices.toml: {key}: {field} cannot be {one!r}.{hint}")
    if type(entry.get("review_by")) is not date:
        faults.append(f"notices.toml: {key}: review_by must be a date")
    if len(faults) > before:
        return None
    return IrsNotice(
        id=key,
        number=entry.get("number", _shown(key)),
        aliases=tuple(entry.get("aliases", ())),
        phrases=tuple(entry.get("phrases", ())),
        sender=Sender(entry["sender"]),
        phase=Phase(entry["phase"]),
        warns_of_lien=entry.get("warns_of_lien", False),
        lien_evidence=entry.get("lien_evidence", "none"),
        rules=tuple(entry.get("rules", ())),
        days=entry.get("days"),
        runs_from=entry["runs_from"],
        roll=entry.get("roll", "no"),
        prints_date=entry.get("prints_date", False),
        appeals=tuple(Appeal(one) for one in entry.get("appeals", ())),
        next=tuple(entry.get("next", ())),
        basis=entry["basis"],
        source=sources[entry["source"]],
        confidence=entry["confidence"],
        review_by=entry["review_by"],
        memory=entry.get("memory", False),
    )


def _shown(key: str) -> str:
    """Return how people know the notice: L1058 is "Letter 1058", F668A "Form 668-A"."""
    if found := re.fullmatch(r"L(\d+)(\w*)", key):
        return f"Letter {found[1]}" + (f"-{found[2]}" if found[2] == "B" else found[2])
    if found := re.fullmatch(r"F(\d+)(\w*)", key):
        letters = {"": "", "Z": "(Z)"}.get(found[2], f"-{found[2]}")
        return f"Form {found[1]}{letters}"
    return key


# ---------------------------------------------------------------- numbers in a text


@dataclass(frozen=True, slots=True)
class _Number:
    """A number taken apart: family (CP, L letters, F forms, P publications, "" any), digits, letters."""

    family: str
    digits: str
    letters: str
    surely: bool = False
    shown: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Number) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[str, str, str]:
        return self.family, self.digits, self.letters


_FAMILIES = {
    "CP": "CP",
    "LT": "L",
    "LTR": "L",
    "L": "L",
    "LETTER": "L",
    "FORM": "F",
    "F": "F",
    "PUBLICATION": "P",
    "PUB": "P",
    "NOTICE": "",
}
_SHORT = {"CP", "LT", "LTR"}  # these may be followed by letters typed for digits alone: "LTll"
_WORDS = {"LETTER", "FORM", "NOTICE"}  # people write them before any number
_DIGITS = str.maketrans("OIL|", "0111")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_SEPARATOR = r"[\s.\-_#:/]*(?:\b(?:NO|NR|NUM|NUMBER)\b[\s.:#]*)?"
_TOKEN = re.compile(
    r"(?<![A-Z0-9])(?P<prefix>C[\s.]*P|LETTER|LTR|LT|L[\s.]+T(?=[\s.])|L|FORM|F|PUBLICATION|PUB|NOTICE)"
    rf"{_SEPARATOR}(?P<digits>[0-9OIL|]+)"
)
_UNIT = re.compile(
    r"(?:[.,]\d|\s*[%:/]\s*\d|-\d|\s*(?:DAY|WEEK|MONTH|YEAR|HOUR|DOLLAR|USD|BUCK|PERCENT|%|TIMES\b|PAGES?\b|"
    r"(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*\b))"
)
_FILLER = re.compile(
    r"(?<![A-Z0-9'])(?:AND?|CALLED|CP|FORM|FROM|GET|GOT|HAVE|HELLO|HI|IN?|IRS|IS|ITS?|LETTER|LTR?|MAIL|MY|NO|NOTICE|"
    r"NR|NUM|NUMBER|OK|PLEASE|RECEIVED|SAYS|THE|THINK|THIS|TODAY|YES|YESTERDAY)(?![A-Z0-9'])"
)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_DASHES).replace("’", "'").upper()


def _words(text: str) -> str:
    return " ".join(re.findall(r"[A-Z0-9]+", _plain(text)))


def _numbers_in(name: str) -> list[_Number]:
    """Return the numbers in a name of the catalogue, with all their letters; its digits are digits."""
    name = _plain(name)
    return [next(one for one in choices if one.digits in name) for choices in _tokens(name)]


def _tokens(text: str) -> Iterator[list[_Number]]:
    """Yield, for each number with a prefix in `text`, how it may be read, the fullest reading first."""
    at = 0
    while found := _TOKEN.search(text, at):
        at = found.end("prefix")
        prefix = re.sub(r"[\s.]", "", found["prefix"])
        typed = found["digits"]
        if not any(sign.isdigit() for sign in typed) and (prefix not in _SHORT or len(typed) < 2):
            continue
        choices = []
        if prefix in _WORDS and typed[0] == "L":  # "notice L1058" is no notice 11058
            choices = _readings(text, "L", found.start("digits") + 1, found.end(), False)
        choices += _readings(text, _FAMILIES[prefix], found.start("digits"), found.end(), prefix in _SHORT)
        if choices:
            at = found.end()
            if prefix in _WORDS:
                choices += [replace(one, family="") for one in choices]
            yield [replace(one, shown=f"{prefix}{one.shown}") for one in choices]


def _bare(text: str) -> list[_Number]:
    """Return how a number without prefix may be read, if nothing else of weight stands in `text`."""
    text = _plain(text).strip()
    rest = _FILLER.sub("", text)
    if re.match(r"\s*A\s", rest):
        rest = rest.replace("A", "", 1)
    found = re.fullmatch(rf"[\s#:.,!?\"']*(\d[0-9OIL|]+)({_SUFFIX}*)[\s.,!?\"']*", rest)
    if not found or (re.fullmatch(r"(?:19|20)\d\d", found[1]) and not found[2]):
        return []
    return _readings(rest, "", found.start(1), found.end(1), False)


_SUFFIX = r"(?:[\s\-.]*\([A-Z]{1,3}\)|-?[A-Z]{1,3}(?![A-Z])|[\s.\-]+[A-Z](?![A-Z]))"
_ATTACHED = re.compile(r"(-?)([A-Z]{1,3})(?![A-Z0-9])")
_IN_BRACKETS = re.compile(r"[\s\-.]*\(\s*([A-Z]{1,3})\s*\)")
_APART = re.compile(r"[\s.\-]+([A-Z])(?![A-Z0-9'])(?P<goes_on>\s+[A-Z0-9])?")


def _readings(text: str, family: str, start: int, end: int, surely: bool) -> list[_Number]:
    """Return how the number at `start` to `end` may be read together with the letters after it."""
    typed = text[start:end]
    kept = typed.rstrip("OIL|")
    readings: list[_Number] = []
    # "CP14I" may be 141 or 14 with the letter I: all as digits first.
    for length in dict.fromkeys((len(typed), len(kept))):
        digits, held = typed[:length].translate(_DIGITS), typed[length:]
        if not digits:
            continue
        readings += [
            _Number(family, digits, letters, surely, digits + letters)
            for letters in _letters(text, end, held)
        ]
    return readings


def _letters(text: str, end: int, held: str) -> list[str]:
    """Return the letters that may belong to a number ending at `end`, most first; none if it is no number."""
    parts = [held] if held else []
    needed = len(parts)
    at = end
    if at < len(text) and (text[at].isalnum() or text[at] == "-"):
        attached = _ATTACHED.match(text, at)
        if attached:
            parts.append(attached[2])
            at = attached.end()
            if not (attached[1] and _goes_on(text, attached)):
                needed = len(parts)
        elif text[at].isalnum():
            return []
    if not parts and _UNIT.match(text, at):
        return []
    last = ""
    while True:
        if bracket := _IN_BRACKETS.match(text, at):
            parts.append(bracket[1])
            at = bracket.end()
        elif apart := _APART.match(text, at):
            if apart["goes_on"] and apart[1] in "AIO":
                last = apart[1]  # "CP71 a year ago", but also "cp22 a yesterday": only if nothing else fits
                break
            parts.append(apart[1])
            at = apart.end(1)
        else:
            break
    read = ["".join(parts[:count]) for count in range(len(parts), needed - 1, -1)]
    return [*read, "".join(parts) + last] if last else read


def _goes_on(text: str, attached: re.Match[str]) -> bool:
    """Say whether a letter after a dash begins a sentence: "CP504-a letter"."""
    return attached[2] in "AI" and re.match(r"\s+[A-Z]", text[attached.end() :]) is not None
