"""What calls for a professional."""

from datetime import date
from typing import Any

import pytest

from bot.rules import parameters
from bot.rules.facts import Facts
from bot.rules.red_flags import FLAGS, every_flag, flags

PARAMS = parameters.read()
DAY = date(2026, 11, 22)


def raised(**facts: Any) -> list[str]:
    return [flag.name for flag in flags(Facts.from_json(facts), PARAMS, DAY)]


@pytest.mark.parametrize(
    ("facts", "names"),
    [
        ({}, []),
        ({"trust_fund": True}, ["payroll_tax"]),
        ({"payroll_interview": True}, ["payroll_tax"]),
        ({"periods": [{"trust_fund": True}, {}]}, ["payroll_tax"]),
        ({"criminal": True}, ["criminal_exposure"]),
        ({"unfiled_years": 1}, []),
        ({"unfiled_years": 2}, ["unfiled_years"]),
        ({"assessed": "250000", "taxpayer_type": "individual"}, []),
        ({"assessed": "250000.01", "taxpayer_type": "individual"}, ["large_debt"]),
        ({"assessed": "100000", "taxpayer_type": "business"}, []),
        ({"assessed": "100000.01", "taxpayer_type": "business"}, ["large_debt"]),
        ({"assessed": "100000.01", "taxpayer_type": "self_employed"}, []),
        ({"assessed": "250000.01"}, ["large_debt"]),
        ({"levy_active": True}, ["levy_now"]),
        ({"final_notice": True}, ["final_notice"]),
        ({"notice": "CP297"}, ["final_notice"]),
        ({"notice": "668-W"}, ["levy_now"]),
        ({"notice": "CP504"}, []),
        ({"revenue_officer": True}, ["revenue_officer"]),
        ({"open_bankruptcy": True}, ["bankruptcy_open"]),
        ({"bankruptcy_planned": True}, ["bankruptcy_planned"]),
        ({"disputed": True}, ["liability_disputed"]),
        ({"spouse_issue": True}, ["liability_disputed"]),
        ({"nftl_filed": True}, ["lien_filed"]),
        ({"transfer_or_foreign": True}, ["transfers_or_foreign"]),
        ({"passport_certified": True}, ["passport_reported"]),
        ({"sale_pending": True}, ["sale_pending"]),
        ({"covid_window_penalties": True}, ["covid_window"]),
    ],
)
def test_each_flag_is_raised_by_its_fact(facts: dict[str, Any], names: list[str]) -> None:
    assert raised(**facts) == names


def test_only_crime_and_an_open_bankruptcy_stop_and_stand_in_front() -> None:
    every = every_flag(Facts(), PARAMS, DAY)
    assert [flag.name for flag in every if flag.stops] == ["criminal_exposure", "bankruptcy_open"]
    assert [flag.stops for flag in every[:2]] == [True, True]
    assert raised(revenue_officer=True, criminal=True)[0] == "criminal_exposure"


def test_what_is_not_known_raises_nothing_and_says_what_to_ask() -> None:
    for flag in every_flag(Facts(), PARAMS, DAY):
        assert flag.raised is None, flag.name
        assert flag.ask
        assert flag.who
    assert len(FLAGS) == 15
    unsure = {flag.name: flag for flag in every_flag(Facts.from_json({"assessed": "150000"}), PARAMS, DAY)}
    assert unsure["large_debt"].raised is None
    assert "taxpayer_type" in unsure["large_debt"].ask
