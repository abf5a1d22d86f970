"""How hard a text is to read: its Flesch-Kincaid grade. Pure.

Words of the IRS that are explained in the glossary count as plain words of one syllable. What is no prose (numbers,
days, addresses, what is typed, names) does not count at all.
"""

from __future__ import annotations

import html
import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

HARDEST = 8  # the grade above which a question is a fault
AIM = 6  # the grade to write for
FEWEST_WORDS = 30  # a shorter text has no grade worth naming
EASIEST = -4.0  # below every grade that comes of the formula

_FOLDED = re.compile(r"<blockquote expandable>.*?</blockquote>", re.DOTALL)
_TYPED = re.compile(r"<(code|pre)>.*?</\1>", re.DOTALL)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_DATE = re.compile(rf"(?:(?:{_DAYS}),? )?(?:{_MONTHS}) \d{{1,2}}(?:, \d{{4}})?")
_NO_PROSE = re.compile(
    r"\S*[\w-]\.[a-z]\S*|/[a-z]+\b|\S*\d\S*|\S*@\S*"
)  # addresses, commands, all with a digit
_NAME = re.compile(r"(?<=[a-z,;] )(?!I\b)[A-Z][\w’'-]*")
_END = re.compile(r"[.!?]+(?=[\s”’\")]|$)|\n")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_PLAIN = "term"


def shown(text: str) -> str:
    """Return what is read of a message before anything is opened: no folded quotes, no tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", _FOLDED.sub(" ", text)))


def count(text: str) -> int:
    """Return the number of words a person sees of a message."""
    return len(re.findall(r"\S*\w\S*", shown(text)))


def grade(text: str, terms: Iterable[str] = ()) -> float:
    """Return the school grade a message asks for; `terms` are the words of the glossary."""
    said = sentences(text, terms)
    words = [word for sentence in said for word in sentence]
    if not words:
        return 0.0
    spoken = sum(map(syllables, words))
    return 0.39 * len(words) / len(said) + 11.8 * spoken / len(words) - 15.59


def sentences(text: str, terms: Iterable[str] = ()) -> list[list[str]]:
    """Return the words of each sentence of a message that is prose; a line of its own is a sentence."""
    prose = shown(_TYPED.sub("", _FOLDED.sub("\n", text)))
    prose = _DATE.sub("", prose)
    found = _pattern(tuple(terms))
    if found is not None:
        prose = found.sub(lambda term: " ".join([_PLAIN] * len(_WORD.findall(term[0]))), prose)
    prose = _NAME.sub("", _NO_PROSE.sub("", prose))
    return [words for one in _END.split(prose) if (words := _WORD.findall(one))]


@cache
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return what finds any of the terms, also in the plural; the longest first."""
    if not terms:
        return None
    parts = "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in sorted(terms, key=len, reverse=True))
    return re.compile(rf"\b(?:{parts})(?:s|es)?\b", re.IGNORECASE)


# Words whose spelling hides how they are spoken.
_KNOWN = {
    "area": 3, "being": 2, "business": 2, "businesses": 3, "create": 2, "created": 3, "every": 2, "evening": 2,
    "idea": 3, "people": 2, "real": 1, "really": 2, "science": 2, "something": 2, "someone": 2, "somewhere": 2,
    "sometimes": 2, "therefore": 2, "whole": 1, "wednesday": 2, "maybe": 2, "doing": 2, "going": 2, "seeing": 2,
    "lower": 2, "different": 2, "interest": 2, "several": 2, "employee": 3, "employees": 3, "safely": 2,
    "poem": 2, "diet": 2, "quiet": 2, "client": 2, "giant": 2, "trial": 2, "denied": 2, "tried": 1, "worried": 2,
    "anyone": 3, "everyone": 3, "everything": 3, "anything": 3, "somebody": 3, "anybody": 3, "homeowner": 3,
    "statement": 2, "themselves": 2, "yourself": 2, "yourselves": 2, "sidewalk": 2, "household": 2, "households": 2,
    "housework": 2, "safeguard": 2, "lifetime": 2, "deadline": 2, "deadlines": 2, "facebook": 2, "homework": 2,
    "caregiver": 3, "forever": 3, "hundred": 2, "area’s": 3, "eye": 1, "eyes": 1, "usual": 3, "usually": 4,
    "actual": 3, "actually": 4, "annual": 3, "january": 4, "february": 4, "museum": 3, "reality": 4, "cooperate": 4,
    "reopen": 3, "reopened": 3, "social": 2, "special": 2, "official": 3, "financial": 3, "partial": 2, "initial": 3,
    "idiom": 3, "creation": 3, "employer": 3, "employers": 3, "prior": 2, "science’s": 2, "lion": 2, "reliable": 4, "variety": 4, "society": 4, "anxiety": 4,
}  # fmt: skip
_TWO = re.compile(
    r"ia(?!l|n\b)|iu|io(?!n|us)|(?<=[^ctxg])ious|[^q]ua(?=[lt])|eo(?!u)|ying|uing|[aeiou]ing(?=s?$)|ism$|yo[^u]"
)


@cache
def syllables(word: str) -> int:
    """Return how many syllables an English word has, by its spelling."""
    said = re.sub(r"[’']", "", word.lower())
    if "-" in said:
        return sum(syllables(part) for part in said.split("-") if part)
    known = _KNOWN.get(said)
    if known is not None:
        return known
    stem = said
    if len(stem) > 3:
        if re.search(r"[^aeioutd]ed$", stem) and not re.search(r"[^aeiouylr][lr]ed$", stem):
            stem = stem[:-2] + ("" if stem[-3] not in "aeiouy" else "d")
        elif re.search(r"(?:[^aeiouyszxgc]|[^aeiouycs]h)es$", stem) and not stem.endswith(("ches", "shes")):
            stem = stem[:-2] if not re.search(r"[^aeiouy]les$", stem) else stem[:-1]
        elif re.search(r"[aeiou][^aeiouy]e(?:ly|less|ment|ments|ful|ness)$", stem):
            stem = re.sub(r"e(ly|less|ments?|ful|ness)$", r"\1", stem)
    if len(stem) > 2 and stem.endswith("e") and not re.search(r"[^aeiouy]le$|[aeiouy]e$", stem):
        stem = stem[:-1]
    groups = len(re.findall(r"[aeiouy]+", stem))
    return max(1, groups + len(_TWO.findall(stem)))


def glossary(path: Path) -> Mapping[str, str]:
    """Return the terms of the IRS with their plain words. Raises OSError, ValueError and KeyError."""
    found = tomllib.loads(path.read_text(encoding="utf-8"))["terms"]
    wrong = [term for term, plain in found.items() if not isinstance(plain, str) or not plain.strip()]
    if wrong:
        raise ValueError(f"these terms have no plain words: {', '.join(wrong)}")
    return dict(found)
