"""What the letters of a case say together. Days are counted by hand; today is Monday, November 23, 2026."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from bot.model import Whose
from bot.rules import parameters
from bot.rules.consequences import consequences
from bot.rules.matter import CONTACTS, PAPERS, PERIODS, Matter, period_of, read
from bot.rules.notices import catalogue
from bot.rules.options import rank
from tests.talk import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Deadline

TODAY = date(2026, 11, 23)
PARAMS = parameters.read()

Told = tuple[str | None, date | None, date | None]  # number, date, printed day


def letter(number: str | None, dated: date | None = None, printed: date | None = None) -> Told:
    return number, dated, printed


def matter(
    *letters: Told,
    amount: str | None = "12345.67",
    period: int | str = 2023,
    today: date = TODAY,
    **said: Any,
) -> Matter:
    """Return a case with these letters in this order of telling, one tax period, and answers by name."""
    known: dict[str, Any] = {
        "contact.channel~1": "mail",
        "period.year~1": period,
        "period.amount~1": None if amount is None else Decimal(amount),
    }
    for item, (number, dated, printed) in enumerate(letters, 1):
        known[f"notice.number~{item}"] = catalogue()[number] if number else "not_sure"
        if dated:
            known[f"notice.dated~{item}"] = dated
        if printed:
            known[f"notice.printed~{item}"] = printed
    known |= {f"situation.{name}": value for name, value in said.items()}
    items: dict[str, Sequence[int]] = {CONTACTS: [1], PAPERS: range(1, len(letters) + 1), PERIODS: [1]}
    return read(known, {}, items, today, PARAMS)


def ticks(*options: str) -> frozenset[str]:
    return frozenset(options)


def days(one: Matter) -> dict[str, date | None]:
    return {deadline.kind: deadline.binding for deadline in one.deadlines if deadline.binding}


def main(one: Matter) -> Deadline:
    assert one.main is not None
    return one.main


CP501 = letter("CP501", date(2026, 9, 14), date(2026, 10, 5))
CP503 = letter("CP503", date(2026, 10, 19), date(2026, 11, 30))
CP504 = letter("CP504", date(2026, 11, 2))  # 30 days: Wednesday, December 2
LT11 = letter("LT11", date(2026, 11, 16))  # 30 days: Wednesday, December 16
CP71C = letter("CP71C", date(2026, 11, 20), date(2026, 12, 4))


# ---------------------------------------------------------------- more letters


def test_a_newer_letter_overtakes_the_day_an_older_one_asked_for() -> None:
    assert days(matter(CP501)) == {"asked": date(2026, 10, 5)}
    assert days(matter(CP501, CP503)) == {"asked": date(2026, 11, 30)}

    after = matter(CP501, CP503, CP504)

    assert "asked" not in days(after)
    assert main(after).binding == date(2026, 12, 2)


def test_a_final_notice_brings_the_right_to_a_hearing_before_all_else() -> None:
    after = matter(CP501, CP503, CP504, LT11)

    assert main(after).kind == "cdp_levy"
    assert main(after).binding == date(2026, 12, 16)


def test_a_right_stays_when_a_later_letter_only_reminds() -> None:
    after = matter(LT11, CP71C)

    assert main(after).kind == "cdp_levy"
    assert main(after).binding == date(2026, 12, 16)
    assert days(after)["asked"] == date(2026, 12, 4)


def test_a_right_that_is_over_does_not_hide_the_newest_day() -> None:
    over = letter("LT11", date(2026, 10, 9))  # 30 days: Sunday, November 8; so Monday, November 9

    assert days(matter(over, CP71C))["cdp_levy"] == date(2026, 11, 9)
    assert main(matter(over, CP71C)).binding == date(2026, 12, 4)


def test_of_two_open_rights_the_sooner_one_comes_first() -> None:
    lien = letter("L3172", date(2026, 11, 18), date(2026, 12, 24))

    assert main(matter(LT11, lien)).binding == date(2026, 12, 16)
    assert main(matter(lien, LT11)).binding == date(2026, 12, 16)


@pytest.mark.parametrize("letters", list(itertools.permutations((CP501, CP503, CP504, LT11))))
def test_the_order_of_telling_does_not_matter(letters: tuple[Told, ...]) -> None:
    told = matter(*letters)

    assert days(told) == days(matter(CP501, CP503, CP504, LT11))
    assert told.newest.notice is catalogue()["LT11"]


def test_a_letter_without_a_date_told_last_is_the_newest() -> None:
    told = matter(CP503, letter("CP504"))

    assert told.newest.notice is catalogue()["CP504"]
    assert days(told) == {}


@pytest.mark.parametrize("letters", [(CP504, letter("CP501")), (letter("CP501"), CP504)])
def test_an_earlier_step_without_a_date_overtakes_nothing(letters: tuple[Told, ...]) -> None:
    told = matter(*letters)

    assert told.newest.notice is catalogue()["CP504"]
    assert main(told).binding == date(2026, 12, 2)


def test_letters_without_any_date_stand_in_the_order_of_collection() -> None:
    assert matter(letter("LT11"), letter("CP503")).newest.notice is catalogue()["LT11"]
    assert matter(letter("CP503"), letter("LT11")).newest.notice is catalogue()["LT11"]


def test_a_letter_without_a_number_is_kept_beside_a_right() -> None:
    told = matter(LT11, letter(None, date(2026, 11, 18), date(2026, 12, 1)))

    assert main(told).binding == date(2026, 12, 16)
    assert days(told)["asked"] == date(2026, 12, 1)


def test_only_rights_and_waiting_times_of_older_letters_count() -> None:
    told = matter(CP501, CP503, CP504, LT11, CP71C)

    older = {one.whose for one in told.deadlines if one.paper != told.newest.item}
    assert older <= {Whose.RIGHT, Whose.IRS_WAITS}


# ---------------------------------------------------------------- periods


def test_a_tax_period_is_a_year_or_a_quarter() -> None:
    assert period_of(2023) == (2023, None)
    assert period_of("2024Q2") == (2024, 2)
    assert matter(CP504, period="2024Q2").periods[0].name == "2024Q2"


def test_what_is_left_of_a_split_amount_is_interest() -> None:
    known = {
        "period.year~1": 2023,
        "period.amount~1": Decimal(1000),
        "period.split~1": "yes",
        "period.tax~1": Decimal(800),
        "period.penalty~1": Decimal(150),
    }
    items = {CONTACTS: [1], PAPERS: [1], PERIODS: [1]}

    assert read(known, {}, items, TODAY, PARAMS).periods[0].interest == Decimal(50)
    smaller = known | {"period.amount~1": Decimal(900)}  # changed since: the split no longer adds up
    assert read(smaller, {}, items, TODAY, PARAMS).periods[0].tax is None


# ---------------------------------------------------------------- facts


def test_what_nobody_was_asked_is_not_known() -> None:
    facts = matter().facts

    assert facts.returns_filed_all is None
    assert facts.hardship is None
    assert facts.final_notice is None
    assert facts.criminal is None


def test_everything_not_sure_is_the_same_as_not_asked() -> None:
    names = (
        "events",
        "levy",
        "hardship",
        "who",
        "unfiled",
        "on_time",
        "this_year",
        "plan",
        "agree",
        "coming",
    )
    unsure: dict[str, Any] = dict.fromkeys(names, "not_sure")

    assert matter(CP504, **unsure).facts == matter(CP504).facts


def test_the_facts_name_the_newest_letter_and_the_first_warning() -> None:
    facts = matter(CP504, LT11).facts

    assert (facts.notice, facts.notice_dated) == ("LT11", date(2026, 11, 16))
    assert facts.levy_notice_dated == date(2026, 11, 2)
    assert facts.final_notice is True
    assert matter(CP504).facts.final_notice is False
    assert matter(letter(None, date(2026, 11, 2))).facts.final_notice is None


def test_a_final_notice_counts_when_a_newer_letter_only_reminds() -> None:
    assert matter(LT11, CP71C).facts.final_notice is True


def test_no_tick_means_no() -> None:
    facts = matter(CP504, levy=ticks(), events=ticks("bankruptcy_planned")).facts

    assert facts.levy_active is False
    assert facts.bankruptcy_planned is True
    assert facts.open_bankruptcy is False


def test_a_letter_tells_what_need_not_be_asked() -> None:
    assert matter(letter("F668W", date(2026, 11, 2))).facts.levy_active is True
    assert matter(letter("L725B", date(2026, 11, 2))).facts.revenue_officer is True
    assert matter(letter("CP523", date(2026, 11, 2))).facts.plan_in_place is True
    assert matter(letter("CP508C", date(2026, 11, 2))).facts.passport_certified is True
    assert matter(letter("L3172", date(2026, 11, 2))).facts.nftl_filed is True


def test_whole_years_of_a_person_are_no_payroll_tax() -> None:
    assert matter(CP504, who="individual").facts.trust_fund is False
    assert matter(CP504, who="individual", period="2024Q2").facts.trust_fund is None
    assert matter(CP504, who="business").facts.trust_fund is None
    assert matter(CP504, who="business", payroll="yes").facts.trust_fund is True


GOOD: dict[str, Any] = {
    "events": ticks(),
    "levy": ticks(),
    "hardship": ticks(),
    "who": "individual",
    "unfiled": "none",
    "on_time": "yes",
    "this_year": "yes",
    "plan": "none",
    "agree": "yes",
    "coming": ticks(),
}


@pytest.mark.parametrize(
    ("changes", "lead"),
    [
        ({"hardship": ticks("food"), "levy": ticks("pay"), "unfiled": "two"}, "hardship_release"),
        ({"unfiled": "one"}, "get_compliant"),
        ({"events": ticks("bankruptcy_open")}, "see_attorney"),
        ({"agree": "no", "disputes": ticks("not_mine")}, "dispute"),
        ({}, "tell_more"),  # what can be paid is asked in the next stage
    ],
)
def test_the_facts_lead_to_a_sensible_first_step(changes: dict[str, Any], lead: str) -> None:
    told = matter(CP504, **GOOD | changes)

    assert rank(told.facts, PARAMS, TODAY).lead.name == lead


# ---------------------------------------------------------------- consequences


def said(before: Matter, after: Matter) -> list[str]:
    return [words().label("consequences", one.name, one.args) for one in consequences(before, after)]


def test_no_change_has_no_consequences() -> None:
    assert consequences(matter(CP504, **GOOD), matter(CP504, **GOOD)) == ()


def test_a_changed_date_says_where_the_deadline_goes() -> None:
    moved = said(matter(LT11), matter(letter("LT11", date(2026, 11, 20))))  # 30 days: Sunday, so December 21

    assert any(
        "hearing" in one and "December 16" in one and "Monday, December 21, 2026" in one for one in moved
    )


def test_a_second_letter_brings_a_day_and_takes_another() -> None:
    moved = "\n".join(said(matter(CP503), matter(CP503, LT11)))

    assert "A new day counts: Your last day to ask for a hearing" in moved
    assert "no longer counts" in moved


def test_a_bankruptcy_takes_the_plans_off_the_list_and_gives_them_back() -> None:
    free, bankrupt = matter(CP504, **GOOD), matter(CP504, **GOOD | {"events": ticks("bankruptcy_open")})

    away, back = "\n".join(said(free, bankrupt)), "\n".join(said(bankrupt, free))
    assert "takes off the list" in away
    assert "Simple Payment Plan" in away
    assert "may open" in back
    assert "No longer a reason to stop or see someone: an open bankruptcy" in back


def test_every_consequence_has_words() -> None:
    worlds = [
        matter(CP503),
        matter(CP504, LT11, **GOOD),
        matter(CP504, **GOOD | {"events": ticks("special_agent", "officer", "interview"), "unfiled": "more"}),
        matter(
            CP504,
            amount="300000",
            **GOOD | {"agree": "no", "coming": ticks("sale", "passport", "lien_filed")},
        ),
        matter(CP504, **GOOD | {"levy": ticks("bank"), "coming": ticks("transfer_or_foreign")}),
    ]
    for before, after in itertools.permutations(worlds, 2):
        assert all(said(before, after))
