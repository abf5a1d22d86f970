"""What people ask, found by their own words: a full-text index in memory, built at the start.

The engine sees none of it but `Asked.find`, which gives the same for the same text, always.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from math import log
from typing import TYPE_CHECKING

from bot.answers import plain, typing_errors
from bot.model import Asked, Found
from bot.rules import notices
from bot.rules.questions import TOPICS, questions
from bot.rules.questions import topics as by_topic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.rules.parameters import Parameters
    from bot.words import Words

CANDIDATES = 150  # wordings that the full-text search hands over to be weighed
SURE = 0.74  # how near a wording must be to be answered at once
SURER = 0.9  # how near, where one word alone says something and the text is no question by its form
CLOSE = 0.5  # how near, to be offered where the text is no question by its form
FEWEST = 2  # words that say something, in a text that is no question by its form
NEAR = 0.28  # how near, to be offered at all
LEAD = 0.1  # how much nearer than every other question
OFFERED = 3
TINY = 1e-9
LIGHT = 0.25  # the weight of a word that says little, where words that tell questions apart weigh up to 4
LEAST = 2.0  # the weight of a word that stands in many questions, but says something
KIND = 0.8  # the weight of a word that says what kind of question it is: why, how much
STRANGE = 0.75  # the weight of a word nobody knows here, as a part of the heaviest
LONGEST_KEPT = 40  # words of a question that was not understood

Rows = list[tuple[str, int]]


class Index:
    """The wordings of all questions, to be searched."""

    def __init__(self, words: Words, names: Iterable[str]) -> None:
        told = words.questions
        self._light = frozenset(map(stem, told.get("light", ())))
        self._kinds = frozenset(map(stem, told.get("kinds", ())))
        self._same = _synonyms(told.get("same", {}))
        self._starts = tuple(tuple(one.split()) for one in told.get("starts", ()))
        self._means = frozenset(map(stem, told.get("means", ())))
        self._around_notices = frozenset(map(stem, told.get("around_notices", ()))) | self._means
        wordings = list(_wordings(words, frozenset(names)))
        spoken = [one for _, wording in wordings for one in plain(wording).split()]
        spoken += [part for phrase in _phrases(told.get("same", {})) for part in plain(phrase).split()]
        spoken += [*told.get("light", ()), *told.get("kinds", ()), *told.get("around_notices", ())]
        self._targets = Counter(one for one in spoken if one.isalpha())
        self._figures = frozenset(one for one in spoken if re.search(r"\d", one))
        self._known = frozenset(self._targets) | frozenset(told.get("known", ())) | words.vocabulary
        self._without = _with_a_letter_less(self._targets)
        self._names: list[str] = []
        self._bags: list[frozenset[str]] = []
        told_by: dict[str, set[str]] = {}
        for name, wording in wordings:
            bag = frozenset(self._read(plain(wording).split()))
            self._names.append(name)
            self._bags.append(bag)
            for one in bag:
                told_by.setdefault(one, set()).add(name)
        everything = len(set(self._names))
        self._weights = {one: max(LEAST, log(1 + everything / len(by))) for one, by in told_by.items()}
        self._weights |= dict.fromkeys(self._light, LIGHT) | dict.fromkeys(self._kinds, KIND)
        self._strange = STRANGE * log(1 + everything)
        self._search = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._search.execute("CREATE VIRTUAL TABLE wordings USING fts5(said, tokenize = 'unicode61')")
        self._search.execute("CREATE VIRTUAL TABLE spelling USING fts5(word, tokenize = 'trigram')")
        self._search.executemany(
            "INSERT INTO wordings (rowid, said) VALUES (?, ?)",
            [(n, " ".join(sorted(bag))) for n, bag in enumerate(self._bags)],
        )
        self._search.executemany(
            "INSERT INTO spelling (word) VALUES (?)", [(one,) for one in self._targets if len(one) >= LONG]
        )

    def find(self, text: str) -> Found:
        """Return the question that `text` asks, where it is sure, the nearest ones, and what may be kept."""
        tokens = plain(text).split()
        asks = text.rstrip().endswith("?") or self._starts_like_a_question(tokens)
        kept = self._redacted(tokens)
        notice = notices.find(text).one if re.search(r"\d", text) else None
        known = self._figures if notice is None else frozenset()
        figures = [one for one in tokens if re.search(r"\d", one) and one not in known]
        bag = frozenset(self._read([one for one in tokens if one not in figures]))
        heavy = bag - self._light - self._kinds
        if notice is not None and heavy <= self._around_notices:
            means = bool(bag & self._means)
            return Found(f"notice:{notice.id}", asks=asks and means, kept=kept)
        scores = self._scores(bag)
        if not scores:
            return Found(asks=asks, kept=kept)
        best = sorted(scores, key=lambda name: (-scores[name], name))
        second = scores[best[1]] if len(best) > 1 else 0.0
        top = scores[best[0]]
        lead = top - second + TINY
        told = sum(one in self._weights for one in heavy)  # how many words say something that is known
        enough = 1 if not told else SURE if asks or told >= FEWEST else SURER
        clear = top + TINY >= enough and lead >= min(LEAD, 1 - second) and top > second
        sure = best[0] if clear and (heavy or not figures) else ""
        near = tuple(one for one in best if scores[one] >= NEAR)[:OFFERED]
        close = top >= CLOSE and told >= FEWEST
        return Found(sure, near, asks, close, kept)

    def _scores(self, bag: frozenset[str]) -> dict[str, float]:
        """Return how near each question is to the words, from 0 to 1."""
        terms = " OR ".join(f'"{one}"' for one in sorted(bag))
        if not terms:
            return {}
        rows = self._search.execute(
            "SELECT rowid FROM wordings WHERE wordings MATCH ? ORDER BY bm25(wordings), rowid LIMIT ?",
            (terms, CANDIDATES),
        )
        said = self._weigh(bag)
        scores: dict[str, float] = {}
        for (row,) in rows:
            shared = self._weigh(bag & self._bags[row])
            score = 2 * shared / (said + self._weigh(self._bags[row]))
            name = self._names[row]
            scores[name] = max(scores.get(name, 0.0), score)
        return scores

    def _weigh(self, bag: frozenset[str]) -> float:
        return sum(self._weights.get(one, self._strange) for one in sorted(bag))

    def _read(self, tokens: list[str]) -> list[str]:
        """Return the words as they are compared: spelled right, by their stem, one for all that mean the same."""
        stems = [stem(self._spelled(one)) for one in tokens]
        found: list[str] = []
        at = 0
        while at < len(stems):
            for length in range(min(LONGEST_SYNONYM, len(stems) - at), 0, -1):
                same = self._same.get(tuple(stems[at : at + length]))
                if same is not None:
                    found += same
                    at += length
                    break
            else:
                found.append(stems[at])
                at += 1
        return found

    def _spelled(self, word: str) -> str:
        """Return the word that a typing error stands for; the word itself where none is near."""
        if self._knows(word) or len(word) < SHORTEST or not word.isalpha():
            return word
        near = {one for less in (word, *_less(word)) for one in self._without.get(less, ())}
        allowed = 1
        if not near and len(word) >= LONG:
            allowed = 2
            parts = " OR ".join(f'"{word[i : i + 3]}"' for i in range(len(word) - 2))
            rows = self._search.execute(
                "SELECT word FROM spelling WHERE spelling MATCH ? ORDER BY bm25(spelling), word LIMIT ?",
                (parts, OFFERED * OFFERED),
            )
            near = {one for (one,) in rows}
        fits = [one for one in near if typing_errors(word, one) <= allowed]
        return min(fits, key=lambda one: (typing_errors(word, one), -self._targets[one], one), default=word)

    def _knows(self, word: str) -> bool:
        return word in self._known or (word.endswith("s") and word[:-1] in self._known)

    def _starts_like_a_question(self, tokens: list[str]) -> bool:
        said = [
            one for one in tokens if one not in ("hi", "hello", "hey", "please", "so", "and", "but", "ok")
        ]
        return any(tuple(said[: len(start)]) == start for start in self._starts)

    def _redacted(self, tokens: list[str]) -> str:
        """Return a text without what may name somebody: known words, "#" for numbers, "…" for all else."""
        kept: list[str] = []
        for one in tokens[:LONGEST_KEPT]:
            shown = "#" if re.search(r"\d", one) else one if self._knows(one) else "…"
            if shown not in ("#", "…") or kept[-1:] != [shown]:
                kept.append(shown)
        return " ".join(kept)


SHORTEST, LONG = 4, 7  # letters of a word that may hold one typing error, or two
LONGEST_SYNONYM = 4  # words


def stem(word: str) -> str:
    """Return a word without its ending, so that "takes", "taking" and "take" are one."""
    if len(word) > 4 and word.endswith(("ies", "ied")):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith("sses"):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if len(word) > len(ending) + 2 and word.endswith(ending) and not word.endswith("eed"):
            word = word[: -len(ending)]
            if word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def _wordings(words: Words, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Return every wording with the question it asks; those of the glossary are "term:<the term>"."""
    told = words.questions
    for name in sorted(names):
        yield name, words.label("questions", f"{name}_title")
        for wording in told.get("asked", {}).get(name, ()):
            yield name, wording
    explained = told.get("terms", {})
    for term in words.glossary:
        name = explained.get(term, f"term:{term}")
        for pattern in told.get("meaning", ()):
            yield name, pattern.format(term=term)


def _phrases(same: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for phrases in same.values():
        yield from phrases


def _synonyms(same: Mapping[str, Iterable[str]]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return, for each phrase by its stems, the stems it stands for."""
    found = {}
    for meant, phrases in same.items():
        stands_for = tuple(map(stem, meant.split()))
        for phrase in phrases:
            found[tuple(map(stem, plain(phrase).split()))] = stands_for
    return found


def _less(word: str) -> Iterator[str]:
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


def _with_a_letter_less(targets: Iterable[str]) -> dict[str, set[str]]:
    """Return, for each word and each word with a letter less, what it may be short for."""
    found: dict[str, set[str]] = {}
    for target in targets:
        if len(target) >= SHORTEST:
            for less in (target, *_less(target)):
                found.setdefault(less, set()).add(target)
    return found


def asked_of(words: Words, params: Parameters) -> Asked:
    """Return what people ask, as the core sees it: topics, names, and how a question is found."""
    names = questions(params)
    order = {name: n for n, name in enumerate(words.questions.get("asked", {}))}
    listed = sorted(names.values(), key=lambda one: order.get(one.name, len(order)))
    known = frozenset(names) | {f"term:{one}" for one in words.glossary}
    known |= {f"notice:{one.id}" for one in notices.catalogue()}
    return Asked(by_topic(listed), known, Index(words, names).find)


def faults(words: Words, params: Parameters) -> Iterator[str]:
    """Return what is missing of a question: its answer, its name, the ways to ask it."""
    names = questions(params)
    told = words.questions
    asked = told.get("asked", {})
    for name, question in names.items():
        for block in (name, f"{name}_title"):
            if not words.has("questions", block):
                yield f"templates/{words.language}/questions.j2: the block {block} is missing"
        if not asked.get(name):
            yield f"templates/{words.language}/questions.toml: nobody asks {name}; give it some wordings"
        if question.topic not in TOPICS:
            yield f"questions.toml: answer.{name} has the topic {question.topic!r}; there are {', '.join(TOPICS)}"
    for name in asked.keys() - names.keys():
        yield f"templates/{words.language}/questions.toml: {name} has wordings, but no source in params/questions.toml"
    for term, name in told.get("terms", {}).items():
        if term not in words.glossary or name not in names:
            yield f"templates/{words.language}/questions.toml: the term {term!r} is given to {name!r}; one of them is not known"
    for block in [f"topic_{one}" for one in TOPICS] + ["term", "notice", "check"]:
        if not words.has("questions", block):
            yield f"templates/{words.language}/questions.j2: the block {block} is missing"
