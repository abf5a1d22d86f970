"""The reading grade: syllables of known words, what is prose, and the glossary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot import reading
from bot.config import ROOT

if TYPE_CHECKING:
    from pathlib import Path

BY_SYLLABLES = {
    1: "the tax owe owed paid asked closed dates times lien filed shared years month does done have are days guess "
    "rule rules whole there your eight stopped laughed served due blue true",
    2: "letter paper people table little taken wanted pages houses boxes changes levy interest safely question "
    "legal quarter being trying paying doing hearing household account browser settled hundred before printed money million "
    "refused business simple handled either monthly payments enough truly deadline client",
    3: "penalty attorney agreement installment compromise advocate government reminder appointment area video period "
    "bankruptcy collection retirement employees employer characters possible serious various notices families continue",
    4: "information usually security estimated",
    5: "individual",
}  # fmt: skip


@pytest.mark.parametrize(
    ("word", "count"), [(word, count) for count, words in BY_SYLLABLES.items() for word in words.split()]
)
def test_syllables_of_known_words(word: str, count: int) -> None:
    assert reading.syllables(word) == count


def test_a_word_with_a_hyphen_is_spoken_as_its_parts() -> None:
    assert reading.syllables("self-employed") == reading.syllables("self") + reading.syllables("employed")


def test_the_grade_is_that_of_the_formula() -> None:
    # 6 words, 1 sentence, 6 syllables: 0.39 x 6 + 11.8 x 1 - 15.59
    assert reading.grade("The cat sat on the mat.") == pytest.approx(-1.45)
    assert reading.grade("") == 0


def test_what_is_hard_has_a_high_grade() -> None:
    hard = (
        "Notwithstanding the aforementioned determination, administrative reconsideration may necessitate supplementary "
        "documentation regarding individual financial circumstances and contemporaneous correspondence."
    )
    assert reading.grade(hard) > 15
    assert reading.grade("You owe tax. We help you pay it. Tell us the date on the letter.") < 3


@pytest.mark.parametrize(
    "noise",
    [
        " Friday, November 20, 2026",
        " <code>irrelevant abbreviation</code>",
        " irs.gov/account",
        " $1,234.56",
        "<blockquote expandable>Extraordinarily complicated considerations.</blockquote>",
        " CP504",
    ],
)
def test_what_is_no_prose_does_not_count(noise: str) -> None:
    assert reading.sentences(f"You owe tax{noise}.") == [["You", "owe", "tax"]]


def test_a_line_of_its_own_is_a_sentence() -> None:
    assert reading.sentences("<b>Your letters</b>\nWhich one?") == [["Your", "letters"], ["Which", "one"]]


def test_terms_of_the_glossary_are_plain_words_also_in_the_plural() -> None:
    text = "Ask for installment agreements now."
    assert reading.sentences(text, ("agreement", "installment agreement")) == [
        ["Ask", "for", "term", "term", "now"]
    ]
    assert reading.grade(text, ("installment agreement",)) < reading.grade(text)


def test_only_what_is_seen_unopened_is_counted() -> None:
    assert reading.count("<b>Pay</b> by 5 May.<blockquote expandable>Why we ask</blockquote>") == 4


def test_the_glossary_explains_the_words_of_the_irs() -> None:
    terms = reading.glossary(ROOT / "templates" / "en" / "glossary.toml")
    assert len(terms) >= 40
    assert {"lien", "levy", "installment agreement", "offer in compromise", "Taxpayer Advocate"} <= set(terms)
    hard = {
        term: round(reading.grade(f"It is {plain}.", terms))
        for term, plain in terms.items()
        if reading.grade(f"It is {plain}.", terms) > reading.HARDEST
    }
    assert hard == {}


def test_a_term_without_plain_words_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "glossary.toml").write_text('[terms]\nlevy = " "\n')
    with pytest.raises(ValueError, match="levy"):
        reading.glossary(tmp_path / "glossary.toml")
