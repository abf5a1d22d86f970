"""The papers for each option and household."""

from datetime import date

import pytest

from bot.rules import parameters
from bot.rules.documents import Need, documents
from bot.rules.facts import HOUSEHOLDS
from bot.rules.options import OPTIONS

PARAMS = parameters.read()
DAY = date(2026, 11, 22)


def papers(option: str, *households: str) -> dict[str, Need]:
    return {one.name: one.need for one in documents(option, households, PARAMS, DAY)}


@pytest.mark.parametrize(
    ("option", "paper", "need"),
    [
        ("simple_payment_plan", "filed_returns", Need.IF_ASKED),
        ("nsia", "filed_returns", Need.IF_ASKED),  # errata B21
        ("cnc", "filed_returns", Need.NEEDED),  # errata B21
        ("cnc", "housing_bills", Need.NEEDED),
        ("cnc", "hardship_proof", Need.NEEDED),
        ("routine_ia", "hardship_proof", Need.IF_USED),
        ("oic_eta", "hardship_proof", Need.NEEDED),
        ("oic_datc", "hardship_proof", None),
        ("simple_payment_plan", "form_433", None),
        ("nsia", "form_433", None),
        ("routine_ia", "form_433", Need.NEEDED),
        ("oic_datc", "form_433", None),
        ("oic_datc", "form_433_offer", Need.NEEDED),
        ("short_term", "bank_account", None),
        ("simple_payment_plan", "bank_account", Need.NEEDED),
        ("routine_ia", "health_costs", Need.IF_USED),
    ],
)
def test_each_option_wants_its_papers(option: str, paper: str, need: Need | None) -> None:
    assert papers(option, "wage_earner").get(paper) == need


def test_the_months_are_named() -> None:
    held = {one.name: one.months for one in documents("ppia", ("self_employed",), PARAMS, DAY)}
    assert held["bank_personal"] == (3, 3)
    assert held["bank_business"] == (3, 6)
    assert held["notices"] is None
    offer = {one.name: one.months for one in documents("oic_datc", ("self_employed",), PARAMS, DAY)}
    assert offer["bank_business_offer"] == (6, 6)


def test_a_household_gets_its_own_papers_only() -> None:
    assert "pay_stubs" in papers("cnc", "wage_earner")
    assert "pay_stubs" not in papers("cnc", "retired")
    assert {"medicare", "pension_letters"} <= papers("cnc", "retired").keys()
    assert {"profit_and_loss", "receivables"} <= papers("oic_datc", "self_employed").keys()
    assert "shared_bills" in papers("cnc", "wage_earner", "shared_household")
    both = papers("cnc", *HOUSEHOLDS)
    assert both == {one.name: one.need for one in documents("cnc", None, PARAMS, DAY)}


def test_every_option_wants_the_letters_and_what_is_needed_comes_first() -> None:
    for option in OPTIONS:
        found = [one.need for one in documents(option, None, PARAMS, DAY)]
        assert found == sorted(found, key=list(Need).index)
        assert option == "bankruptcy_info" or "notices" in papers(option)
