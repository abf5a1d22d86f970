"""The catalogue of notices, and finding one by what people type."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules import notices, parameters
from bot.rules.deadlines import RULES
from bot.rules.notices import Appeal, CatalogueError, Phase, catalogue, find, manual, read
from bot.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

TEMPLATES = Path(__file__).parents[1] / "templates"
PARAMS = parameters.read()
ALL = tuple(catalogue())
# The 53 of the fact sheet.
SHEET = (
    "CP14 CP14C CP14H CP14I CP22A CP49 CP71 CP71A CP71C CP71S CP501 CP503 CP504 CP504B LT16 LT24 LT18 "
    "LT26 LT38 LT39 LT40 LT11 L1058 L3174 CP90 CP297 CP90C LT75 CP77 CP78 CP91 CP92 CP521 CP522 CP523 "
    "IA-REJECTION OIC-REJECTION L725B F9297 L3164 L3172 L3171 L3177 F668Z CP508C CP40 PCA-LETTER "
    "CP2000 CP3219A CP59 L4903 L5972C L3586 "
)
ADDED = "CP21B CP21C CP161 CP15 CP11 CP22E CP23 L1153 L3193 EH-DECISION F668A F668W L3527"


def ids(text: str) -> list[str]:
    return [notice.id for notice in find(text).notices]


def test_the_catalogue_has_the_notices_of_the_sheet_and_those_the_errata_add() -> None:
    assert len(SHEET.split()) == 53
    assert {notice.id for notice in ALL} == {*SHEET.split(), *ADDED.split()}


# ---------------------------------------------------------------- finding


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CP504", "CP504"),
        ("cp 504", "CP504"),
        ("CP-504", "CP504"),
        ("c.p. 504", "CP504"),
        ("CP – 504", "CP504"),
        ("CP no. 504", "CP504"),
        ("notice cp504", "CP504"),
        ("I got a CP504 yesterday", "CP504"),
        ("My CP504 says I owe $1,058.00 by 11/16/2026", "CP504"),
        ("CP5O4", "CP504"),
        ("cp504.", "CP504"),
        ("CP504 (SP)", "CP504"),
        ("CP 504 B", "CP504B"),
        ("cp504-b", "CP504B"),
        ("504b", "CP504B"),
        ("lt11", "LT11"),
        ("lt-11", "LT11"),
        ("LTll", "LT11"),
        ("Letter LT11", "LT11"),
        ("lt 11 (sc)", "LT11"),
        ("Letter 11", "LT11"),
        ("Letter 1058 (LT11)", "LT11"),
        ("1058", "L1058"),
        ("L1058", "L1058"),
        ("ltr 1058", "L1058"),
        ("Letter 1058", "L1058"),
        ("l 1O58", "L1058"),
        ("form 668(Y)(c)", "L3172"),
        ("668 (y) (c)", "L3172"),
        ("Letter 3172 (DO)", "L3172"),
        ("Form 668-A(ICS)", "F668A"),
        ("668-W(c)(DO)", "F668W"),
        ("725 b", "L725B"),
        ("CP14 a week ago", "CP14"),
        ("CP14 I got it on Monday", "CP14"),
        ("CP14I", "CP14I"),
        ("CP71 a year ago", "CP71"),
        ("CP71 A", "CP71A"),
        ("I got a CP71-A yesterday", "CP71A"),
        ("CP504-a letter", "CP504"),
        ("CP2000", "CP2000"),
        ("CP21A", "CP22A"),
        ("CP21B", "CP21B"),
        ("CP523A", "CP523"),
        ("CP297C", "CP90C"),
        ("CP297A", "CP90C"),  # a levy already made, not a final notice
        ("Letter lO58", "L1058"),
        ("notice L1058", "L1058"),
        ("bank levy", "F668A"),
        ("I got a notice of determination", "L3193"),
    ],
)
def test_a_usual_spelling_names_one_notice(text: str, found: str) -> None:
    assert ids(text) == [found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("504", {"CP504", "CP504B"}),
        ("notice 504", {"CP504", "CP504B"}),
        ("a notice of intent to levy", {"CP504", "CP504B", "LT11", "L1058", "CP90", "CP297"}),
        ("Final notice of intent to levy", {"LT11", "L1058", "CP90", "CP297", "CP77"}),
        ("14", {"CP14", "CP14C", "CP14H", "CP14I"}),
        ("first a CP504, now an LT11", {"CP504", "LT11"}),
        ("668", {"L3172", "F668A", "F668W", "F668Z"}),
    ],
)
def test_a_text_that_fits_several_gives_them_all(text: str, found: set[str]) -> None:
    assert set(ids(text)) == found
    assert find(text).one is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "800-829-1040",
        "1-800-829-1058",
        "(504) 555-0142",
        "call 504-555-1058",
        "2000",
        "2024",
        "in 2000",
        "$504",
        "504.00",
        "1,058",
        "I owe 504 dollars",
        "504 dollars",
        "about 1058",
        "504 Main Street",
        "my letter 11 days ago",
        "letter 11/20/2026",
        "letter 11-20-2026",
        "I fear an NFTL",
        "NFTL",
        "a federal tax lien",
        "form 1040",
        "CP504Z",
        "CP5049",
        "XCP504",
        "Lil",
        "lol",
        "🙂",
        "x" * 5000,
    ],
)
def test_a_number_that_is_no_notice_finds_none(text: str) -> None:
    assert find(text).unknown


@pytest.mark.parametrize(
    ("text", "number"), [("CP999", "CP999"), ("I have an LT99", "LT99"), ("hello", None)]
)
def test_a_number_nobody_catalogued_is_kept_for_the_manual_way(text: str, number: str | None) -> None:
    assert find(text).number == number


def test_a_notice_nobody_catalogued_has_its_printed_date_only() -> None:
    notice = manual("CP999")

    assert (notice.number, notice.rules, notice.confidence, notice.firm) == ("CP999", ("D17",), "low", False)


NAMES = [(name, notice.id) for notice in ALL for name in (notice.id, *notice.aliases)]


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(NAMES),
    st.sampled_from(["", " ", "-", ".", " - ", "  "]),
    st.sampled_from([str.lower, str.upper, str.title, str]),
    st.sampled_from(
        ["{}", " {} ", "notice {}", "I got {} yesterday.", "{}, 2 pages", '"{}"', "{} (SC)", "the {}!"]
    ),
    st.booleans(),
)
def test_every_number_of_the_catalogue_finds_its_notice_in_any_spelling(
    name: tuple[str, str], between: str, case: Callable[[str], str], around: str, typo: bool
) -> None:
    number, notice_id = name
    if re.search(r"\d", number):
        # Between the letters before, the digits and the letters after.
        number = re.sub(r"(?<=[A-Za-z])[ -]?(?=\d)", between, number)
        number = re.sub(r"(?<=\d)-?(?=[A-Za-z])", between if between != " - " else " ", number)
        bare = number[0].isdigit()
        if typo and not bare and sum(map(str.isdigit, number)) > 2:
            number = number.replace("0", "O", 1)
        if bare or re.search(r"\d[ .-]+[AI]$", number):
            around = "{}"  # "CP71 A yesterday" may be a CP71 and the word "a"

    assert ids(around.format(case(number))) == [notice_id]


PHRASES = [(phrase, notice.id) for notice in ALL for phrase in notice.phrases]


@pytest.mark.parametrize(("phrase", "notice_id"), PHRASES)
def test_every_phrase_of_the_catalogue_finds_its_notice(phrase: str, notice_id: str) -> None:
    assert notice_id in ids(f"They sent me a {phrase.upper()}, it says")


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text: str) -> None:
    found = find(text)

    assert found.unknown or found.number is None


# ---------------------------------------------------------------- what stands in it


def test_every_rule_a_notice_opens_is_a_rule() -> None:
    assert {name for notice in ALL for name in notice.rules} <= set(RULES)


def test_every_number_of_days_is_a_dated_figure_with_its_source() -> None:
    for name in {notice.days for notice in ALL if notice.days}:
        assert PARAMS.on(date(2026, 11, 22), f"deadlines.{name}").count > 0


def test_every_notice_has_a_source_a_review_day_and_its_words() -> None:
    words = Words(TEMPLATES)
    for notice in ALL:
        assert notice.source.title
        assert notice.source.url
        assert notice.review_by > date(2026, 11, 22)
        for part in ("title", "what", "next"):
            assert words.block("notices", f"{notice.block}_{part}")


def test_no_words_are_left_over_without_a_notice() -> None:
    blocks = re.findall(r"{% block (\w+)_(?:title|what|next) %}", (TEMPLATES / "en/notices.j2").read_text())

    assert set(blocks) == {notice.block for notice in ALL} | {"UNKNOWN"}


def test_only_final_notices_and_levies_already_made_open_a_levy_hearing() -> None:
    hearing = {notice.id for notice in ALL if "D4" in notice.rules}

    assert hearing == {"LT11", "L1058", "CP90", "CP297", "CP77", "CP90C", "CP92", "LT75"}
    assert hearing == {n.id for n in ALL if Appeal.CDP in n.appeals} - {"L3172"}
    assert all(
        catalogue()[one].phase in (Phase.FINAL_LEVY_CDP, Phase.AFTER_LEVY) for one in hearing
    )  # no CP504 among them


def test_every_final_notice_warns_of_a_lien_notice() -> None:
    assert all(notice.warns_of_lien for notice in ALL if notice.phase is Phase.FINAL_LEVY_CDP)


def test_letters_about_missing_returns_have_their_own_phase() -> None:
    assert {notice.id for notice in ALL if notice.phase is Phase.RETURNS} == {"LT18", "LT26", "CP59"}


def test_a_refund_notice_asks_for_nothing() -> None:
    assert catalogue()["CP21B"].rules == ()


def test_memory_alone_is_never_firm() -> None:
    assert not any(notice.firm for notice in ALL if notice.memory or notice.confidence == "low")


def test_a_broken_catalogue_lists_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "notices.toml"
    path.write_text(
        """
[CP1]
sender = "campus"
phase = "first_bil"
runs_from = "none"
basis = "x"
source = "irc-6303"
confidence = "high"
review_by = 2027-01-01
next = ["CP3"]

[CP2]
colour = "red"
"""
    )

    with pytest.raises(CatalogueError) as caught:
        read(path)

    text = str(caught.value)
    assert "CP1: sender cannot be 'campus'" in text
    assert "Did you mean 'first_bill'?" in text
    assert "CP1: next cannot be 'CP3'" in text
    assert "CP2: basis, confidence" in text
    assert "CP2: colour not known here" in text


def test_two_notices_may_not_claim_one_number(tmp_path: Path) -> None:
    entry = 'sender = "acs"\nphase = "info"\nruns_from = "none"\nbasis = "x"\nsource = "irc-6303"\n'
    entry += 'confidence = "high"\nreview_by = 2027-01-01\n'
    path = tmp_path / "notices.toml"
    path.write_text(f'[CP1]\n{entry}\n[CP2]\naliases = ["CP 1"]\n{entry}')

    with pytest.raises(CatalogueError, match="CP2 and CP1 both claim 'CP 1'"):
        read(path)


def test_the_catalogue_is_read_once() -> None:
    assert notices.catalogue() is notices.catalogue()
