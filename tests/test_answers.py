"""What is typed: read where it can mean one thing only, refused with a remark where it can mean two."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import answers, dialogs
from bot.answers import KINDS, Asked, Given, match
from bot.config import ROOT
from bot.model import Remark
from bot.words import Words

TODAY = date(2026, 11, 23)
WORDS = Words(ROOT / "templates")
STEPS = {step.key: step for _, step in dialogs.read(ROOT / "dialogs").steps()}


def asked(key: str, **known: Any) -> Asked:
    step = STEPS[key]
    options = step.options if step.kind.name != "irs_notice" else ()
    labels = {option: WORDS.options(step.template, option) for option in options}
    return Asked(step, TODAY, labels, WORDS.months, {"notice." + key: value for key, value in known.items()})


def read(key: str, text: str, **known: Any) -> Any:
    """Return the value that is read, or the name of the remark."""
    found = STEPS[key].kind.parse(text, asked(key, **known))
    return found.value if isinstance(found, Given) else found.name


# ---------------------------------------------------------------- money


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234.56", "1234.56"),
        ("$1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1.234.567", "1234567.00"),
        ("$ 1 234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("12k", "12000.00"),
        ("$1.5K", "1500.00"),
        ("5 grand", "5000.00"),
        ("3 thousand", "3000.00"),
        ("1.2 million", "1200000.00"),
        ("about 3000", "3000.00"),
        ("~3000", "3000.00"),
        ("3000.", "3000.00"),
        ("3000 😀", "3000.00"),
        ("500 dollars", "500.00"),
        ("500$", "500.00"),
        ("US$ 500", "500.00"),
        ("USD 500", "500.00"),
        ("Amount due: $12,345.67", "12345.67"),
        ("My CP504 says I owe the IRS $5,000 in all.", "5000.00"),
        ("I owe them 5000", "5000.00"),
        ("٣٠٠٠", "3000.00"),
        ("\u200f1,234.56\u200f", "1234.56"),
        ("１，２３４．５６", "1234.56"),
        ("5️⃣0️⃣", "50.00"),
        ("0.50", "0.50"),
        ("$2023", "2023.00"),
        ("2023.00", "2023.00"),
        ("1995", "1995.00"),
        ("2026", "money_unclear"),
        ("1996", "money_unclear"),  # a year, or dollars
        ("2027", "2027.00"),
        ("999999999.99", "999999999.99"),
        ("1000000000", "money_too_much"),
        ("0", "money_zero"),
        ("$0", "money_zero"),
        ("$0.00", "money_zero"),
        ("-5", "money_negative"),
        ("−$5", "money_negative"),
        ("$-5.00", "money_negative"),
        ("(500)", "money_negative"),
        ("500-", "money_negative"),
        ("$500 CR", "money_negative"),
        ("refund of $500", "money_negative"),
        ("€500", "money_dollars"),
        ("500 euros", "money_dollars"),
        ("C$500", "money_dollars"),
        ("5,000 - 6,000", "money_several"),
        ("5,000-6,000", "money_several"),
        ("$500 and $600", "money_several"),
        ("500\n600", "money_several"),
        ("2023: $5,000", "money_several"),
        ("5 dollars 50 cents", "money_several"),
        ("", "money_none"),
        ("   ", "money_none"),
        ("twelve", "money_none"),
        ("twelve thousand", "money_none"),
        ("CP504", "money_none"),
        ("CP 504", "money_none"),
        ("LT 11", "money_none"),
        ("💯", "money_none"),
        ("1,2345", "money_unclear"),
        ("1,23", "money_unclear"),
        ("1.234", "money_unclear"),
        ("12.5", "money_unclear"),
        ("12.345k", "money_unclear"),
        ("12,000k", "money_unclear"),
        ("500 600", "money_unclear"),
        ("12 50", "money_several"),
        ("1_234", "money_unclear"),
        ("1e5", "money_unclear"),
        ("5m", "money_unclear"),  # thousand (Roman), million
        ("5 mil", "money_unclear"),  # mil is Spanish for a thousand
        ("12 hundred", "money_unclear"),
        ("two thousand 500", "money_unclear"),
        ("12½", "money_unclear"),
        ("5²", "money_unclear"),
        ("0123", "money_unclear"),
        ("12:30", "money_unclear"),
        ("10/23/2026", "money_unclear"),
        ("30 days", "money_unclear"),
        ("5%", "money_unclear"),
        ("$300 a month", "money_unclear"),
        ("5000+", "money_unclear"),
        ("less than 5000", "money_unclear"),
        ("50 cents", "money_unclear"),
        ("50¢", "money_dollars"),
        ("$1,234 .56", "money_unclear"),
        ("$300/mo", "money_unclear"),
    ],
)
def test_an_amount_is_read_or_asked_again(text: str, amount: str) -> None:
    assert read("period.amount", text) == amount


@settings(deadline=None, max_examples=50)
@given(st.decimals(Decimal("0.01"), Decimal("999999999.99"), places=2))
def test_an_amount_said_back_is_the_same_amount(amount: Decimal) -> None:
    assert read("period.amount", WORDS.usd(amount)) == str(amount)


# ---------------------------------------------------------------- days


@pytest.mark.parametrize(
    "text",
    [
        "October 23, 2026",
        "october 23 2026",
        "October 23,2026",
        "October 23 2026 (Friday)",
        "Friday, October 23, 2026",
        "Fri Oct 23 2026",
        "Oct. 23rd, 2026",
        "oct 23 '26",
        "Oct 23 26",
        "October the 23rd, 2026",
        "23 October 2026",
        "the 23rd of October, 2026",
        "23rd day of October 2026",
        "23-Oct-2026",
        "23OCT2026",
        "2026 October 23",
        "Ocotber 23, 2026",
        "10/23/2026",
        "10/23/26",
        "10-23-2026",
        "10.23.2026",
        "10 23 2026",
        "10 / 23 / 2026",
        "23.10.2026",
        "23/10/2026",
        "2026-10-23",
        "2026/10/23",
        "2026-10-23T00:00",
        "2026-10-23 10:30",
        "It is dated October 23, 2026 (10/23/2026).",
        "CP504 of 10/23/2026, by 5 pm",
        "١٠/٢٣/٢٠٢٦",
        "１０／２３／２０２６",
        "\u200e10/23/2026",
    ],
)
def test_all_usual_spellings_of_a_day_are_read(text: str) -> None:
    assert read("notice.dated", text) == "2026-10-23"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("today", "2026-11-23"),
        ("Yesterday.", "2026-11-22"),
        ("10/11/2026", "2026-10-11"),  # slashes are read as in the US
        ("10/10/2026", "2026-10-10"),
        ("10.10.2026", "2026-10-10"),
        ("10.11.2026", "day_unclear"),
        ("10-11-2026", "day_unclear"),
        ("10.11.2026, I mean October 11, 2026", "2026-10-11"),
        ("26-10-23", "day_unclear"),
        ("23/10/26", "day_unclear"),
        ("2/29/2024", "2024-02-29"),
        ("February 29, 2025", "day_not_there"),
        ("31 February 2026", "day_not_there"),
        ("2/31/2026", "day_not_there"),
        ("13/13/2026", "day_not_there"),
        ("0/5/2026", "day_not_there"),
        ("10/23", "day_no_year"),
        ("October 23", "day_no_year"),
        ("23rd of October", "day_no_year"),
        ("October 2026", "day_none"),
        ("2026", "day_none"),
        ("last Friday", "day_none"),
        ("", "day_none"),
        (" \n ", "day_none"),
        ("\x00", "day_none"),
        ("📅", "day_none"),
        ("December 25, 2026", "day_in_future_printed"),
        ("November 23, 2026", "2026-11-23"),
        ("November 24, 2026", "day_in_future_printed"),
        ("November 23, 2016", "2016-11-23"),
        ("November 22, 2016", "day_too_old"),
        ("10/23/99", "day_in_future_printed"),
        ("10/23/0026", "day_not_there"),
        ("October 23, 2026 or October 24, 2026", "day_several"),
        ("10/23/2026-11/23/2026", "day_several"),
        ("October 23-24, 2026", "day_several"),
        ("30 days from October 23, 2026", "day_several"),
        ("Thursday, October 23, 2026", "day_other_weekday"),
    ],
)
def test_a_day_that_can_be_two_or_none_is_asked_again(text: str, said: str) -> None:
    assert read("notice.dated", text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Friday", "2026-11-27"),
        ("by Tuesday.", "2026-11-24"),
        ("monday", "2026-11-30"),  # today is one
        ("next Monday", "2026-11-30"),
        ("next week", "2026-11-30"),
        ("in 3 days", "2026-11-26"),
        ("in two weeks", "2026-12-07"),
        ("a week from now", "2026-11-30"),
        ("next Friday", "day_none"),  # this week's, or the one after
        ("in 20 weeks", "day_too_late"),
    ],
)
def test_a_day_to_come_can_be_said_as_people_say_it(text: str, said: str) -> None:
    assert read("ways.start", text) == said


def test_a_day_that_is_over_is_not_guessed_from_its_weekday() -> None:
    assert read("notice.dated", "Friday") == "day_none"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("October 22, 2026", "day_before_notice"),
        ("October 23, 2026", "2026-10-23"),
        ("tomorrow", "2026-11-24"),
        ("November 27, 2027", "2027-11-27"),  # 400 days
        ("November 28, 2027", "day_too_far"),
    ],
)
def test_the_day_to_reply_by_lies_after_the_date_of_the_notice(text: str, said: str) -> None:
    assert read("notice.printed", text, dated=date(2026, 10, 23)) == said


@pytest.mark.parametrize(
    ("text", "said"), [("November 20, 2026", "2026-11-20"), ("November 21, 2026", "day_after_printed")]
)
def test_the_date_of_the_notice_cannot_move_past_the_printed_day(text: str, said: str) -> None:
    assert read("notice.dated", text, printed=date(2026, 11, 20)) == said


@settings(deadline=None, max_examples=50)
@given(st.dates(date(2016, 11, 23), TODAY))
def test_a_day_said_back_is_the_same_day(day: date) -> None:
    for spelled in (
        WORDS.day(day),
        WORDS.short_day(day),
        day.isoformat(),
        f"{day:%m/%d/%Y}",
        f"{day:%d %b %Y}",
    ):
        assert read("notice.dated", spelled) == day.isoformat()


# ---------------------------------------------------------------- years


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2023", 2023),
        ("tax year 2023", 2023),
        ("TY2023", 2023),
        ("Form 1040 December 31, 2023", 2023),
        ("1040, 12/31/2023", 2023),
        ("Q4 2023", "2023Q4"),
        ("'23", 2023),
        ("23", 2023),
        ("98", 1998),
        ("٢٠٢٣", 2023),
        ("2026", 2026),
        ("2027", "year_in_future"),
        ("27", "year_in_future"),
        ("1996", 1996),
        ("1995", "year_too_old"),
        ("2022 and 2023", "year_several"),
        ("2022/23", "year_several"),
        ("2023 (2022)", "year_several"),
        ("CP2000", "year_none"),
        ("cp 2000", "year_none"),
        ("$2023", "year_none"),
        ("-23", "year_none"),
        ("20223", "year_none"),
        ("last year", "year_none"),
        ("", "year_none"),
    ],
)
def test_one_tax_year_is_read(text: str, said: int | str) -> None:
    assert read("period.year", text) == said


# ---------------------------------------------------------------- options


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("contact.channel", "A letter came in the mail", "mail"),
        ("contact.channel", "a LETTER!", "mail"),
        ("contact.channel", "it came in the mail", "mail"),
        ("contact.channel", "e-mail", "text_or_email"),
        ("contact.channel", "gmail", "text_or_email"),
        ("contact.channel", "someone phonned me", "phone"),
        ("contact.channel", "they called me", "phone"),
        ("contact.channel", "2", "phone"),
        ("contact.channel", "the second one", "phone"),
        ("contact.channel", "#2.", "phone"),
        ("contact.channel", "last", "collection_agency"),
        ("contact.channel", "i don’t know", "tap_one"),
        ("contact.channel", "\u200fletter\u200f", "mail"),
        ("contact.channel", "no letter", "tap_one"),
        ("contact.channel", "not a call", "tap_one"),
        ("contact.channel", "a call and a letter", "tap_one"),
        ("contact.channel", "they called and texted", "tap_one"),
        ("contact.channel", "someone", "tap_one"),
        ("contact.channel", "i am sure", "tap_one"),
        ("contact.channel", "i am", "tap_one"),
        ("contact.channel", "7", "tap_one"),
        ("contact.channel", "-2", "tap_one"),
        ("contact.channel", "²", "tap_one"),
        ("contact.channel", "", "tap_one"),
        ("contact.channel", "📬", "tap_one"),
        ("contact.paper", "yes", "yes"),
        ("contact.paper", "Yes, I do", "yes"),
        ("contact.paper", "yess!", "tap_one"),
        ("contact.paper", "i have a letter", "yes"),
        ("contact.paper", "no", "no"),
        ("contact.paper", "No I don't", "no"),
        ("contact.paper", "i dont have a letter", "no"),
        ("contact.paper", "no idea", "tap_one"),
        ("contact.paper", "no 1", "tap_one"),
        ("contact.paper", "yes and no", "tap_one"),
        ("contact.paper", "i dont know", "tap_one"),
        ("start.agree", "ok", "agree"),
        ("start.agree", "I dont agree", "tap_one"),
        ("start.agree", "disagree", "tap_one"),
        ("start.agree", "no", "tap_one"),
        ("notice.words", "lein", "lien"),
        ("notice.words", "levy or lien", "tap_one"),
        ("notice.words", "notice of intent to levy", "tap_one"),
        ("contact.pressure", "right now, police", ["arrest_threat", "pay_today"]),
        ("contact.message", "they want it today and they said jail", ["arrest_threat", "pay_today"]),
        ("contact.pay", "1, 3", ["gift_card", "crypto"]),
        ("contact.pay", "1 3", ["gift_card", "crypto"]),
        ("contact.pressure", "Tell nobody, or stay on the line", ["secrecy"]),
        ("contact.pay", "To a person, company or pay app; wire", ["odd_payee", "wire"]),
        ("contact.pressure", "none", ["none"]),
        ("contact.pressure", "None of these", ["none"]),
        ("contact.pressure", "one of these", "tick_some"),
        ("contact.pressure", "none, police", "tick_some"),
        ("contact.pay", "no gift cards", "tick_some"),
        ("contact.pressure", "police, something else", "tick_some"),
        ("contact.signs", "nothing odd", ["none"]),
        ("contact.signs", "", "tick_some"),
        ("verdict.seen", "ok", "tap_one"),
        ("letter.periods", "2023", "tap_one"),
    ],
)
def test_typed_options_are_matched_where_one_alone_fits(key: str, text: str, said: Any) -> None:
    assert read(key, text) == said


@pytest.mark.parametrize(
    ("key"), [key for key, step in STEPS.items() if step.kind.name in ("choice", "choices", "zone")]
)
def test_the_words_on_each_button_can_be_typed(key: str) -> None:
    question = asked(key)
    for option, also in question.labels.items():
        expected = {"choice": option, "choices": [option]}.get(STEPS[key].kind.name)
        for label in also:
            typed = read(key, label)
            assert typed == expected or (expected is None and "/" in typed), label


def test_labels_that_read_alike_are_never_chosen_between() -> None:
    labels = {"a": ("Pay now",), "b": ("Pay now",), "c": ("Pay later",)}
    assert match("pay now", labels) is None
    assert match("pay later", labels) == "c"
    assert match("pay latter", labels) == "c"


@pytest.mark.parametrize(
    ("key", "text", "state"),
    [
        ("notice.dated", "Not sure", "not_sure"),
        ("notice.dated", "I don't know", "not_sure"),
        ("notice.dated", "November 20, 2026", "given"),
        ("notice.dated", "none", None),
        ("notice.dated", "1", None),
        ("notice.printed", "No date is printed", "skipped"),
        ("notice.printed", "no", "skipped"),
        ("notice.printed", "not sure", None),
        ("period.amount", "idk", "not_sure"),
        ("period.amount", "about 3000, not sure", None),
        ("contact.notice_first", "no idea", "not_sure"),
        ("contact.notice_first", "no", "given"),
        ("contact.paper", "not sure", None),
    ],
)
def test_not_sure_and_what_skips_a_question_can_be_typed(key: str, text: str, state: str | None) -> None:
    question = asked(key)
    free = {"not_sure": WORDS.options("buttons", "not_sure")}
    if question.step.skip:
        free["skipped"] = WORDS.options(question.step.template, "skip")
    found = answers.read(text, replace(question, labels={**question.labels, **free}))
    assert (found.state if isinstance(found, Given) else None) == state


# ---------------------------------------------------------------- notices


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cp 504", "CP504"),
        ("CP-504", "CP504"),
        ("lt11", "LT11"),
        ("letter 1058", "L1058"),
        ("ＣＰ５０４", "CP504"),
        ("xyz", "notice_unknown"),
        ("", "notice_unknown"),
    ],
)
def test_a_notice_number_is_found(text: str, said: str) -> None:
    assert read("notice.number", text) == said


# ---------------------------------------------------------------- whatever comes

STRANGE = st.one_of(
    st.text(max_size=80),
    st.text("0123456789 .,-/$'()kKm:²½٣octaprjn", max_size=30),
    st.sampled_from(
        ["9" * 5000, "1/" * 500, "a " * 500, "-" * 999, "\x00", "\u202e123", "𝟙𝟚", "may " * 200, "1 " * 499]
    ),
)


@settings(deadline=None, max_examples=60)
@given(STRANGE)
def test_no_text_is_too_strange_to_be_read(text: str) -> None:
    for key, step in STEPS.items():
        found = step.kind.parse(text, asked(key, dated=date(2026, 10, 23)))
        assert isinstance(found, Given | Remark)
        if isinstance(found, Given):
            step.kind.load(found.value, step)


@pytest.mark.parametrize(
    "text",
    ["1/" * 500, "a " * 500, "may 1 " * 160, "1 " * 499, "9" * 1000, "$" * 1000, "- " * 500, "12 345 " * 140],
)
def test_a_thousand_signs_are_read_in_a_moment(text: str) -> None:
    began = time.process_time()
    for key, step in STEPS.items():
        step.kind.parse(text, asked(key))
    assert time.process_time() - began < 0.5


def test_every_kind_has_samples_that_load() -> None:
    assert {step.kind.name for step in STEPS.values()} == set(KINDS)
    for step in STEPS.values():
        for sample in step.kind.samples(step, TODAY):
            step.kind.load(sample, step)
