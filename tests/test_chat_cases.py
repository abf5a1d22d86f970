"""Eight whole cases, each through the real bot, from the letter to a plan; and the rules, asked on the same facts.

What the bot shows first, its figures and its reasons are held against `prelien options` for the facts of the case.
Today is Monday, November 23, 2026, 10:00 in New York.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from bot import engine
from bot.shell import options
from tests.talk import NOW, house, words

if TYPE_CHECKING:
    from pathlib import Path

    from bot.engine import Place, Walk
    from tests.conftest import Chat

DAY = date(2026, 11, 23)
# What everybody answers who is not said to answer otherwise: an op of a button, or a text to type.
USUAL = {
    "start.agree": "set:agree",
    "start.zone": "set:eastern",
    "contact.channel": "set:mail",
    "contact.sender": "set:irs",
    "contact.signs": "set:none",
    "contact.details": "set:none",
    "verify.owe": "set:yes",
    "notice.number": "CP504",
    "notice.dated": "November 16, 2026",
    "notice.printed": "skip",
    "verdict.seen": "ok",
    "deadline.confirm": "ok",
    "deadline.again": "ok",
    "period.year": "2023",
    "letter.periods": "done",
    "check.made": "set:same_notice",
    "check.after": "ok",
    "situation.feeling": "set:managing",
    "situation.events": "set:none",
    "situation.levy": "set:none",
    "situation.hardship": "set:none",
    "situation.hardship_first": "ok",
    "situation.professional": "ok",
    "situation.who": "set:individual",
    "situation.payroll": "set:no",
    "situation.employees": "set:none",
    "situation.unfiled": "set:none",
    "situation.on_time": "set:yes",
    "situation.this_year": "set:yes",
    "situation.plan": "set:none",
    "situation.agree": "set:yes",
    "situation.coming": "set:none",
    "household.state": "Texas",
    "household.people": "2",
    "household.over_65": "0",
    "household.earns": "tick:wage_earner",
    "period.split": "set:no",
    "money.now": "0",
    "money.by_180": "0",
    "money.borrow": "0",
    "money.low_income": "set:no",
    "money.penalties": "unsure",
    "money.penalized": "unsure",
    "money.assessed": "unsure",
    "money.late_before": "unsure",
    "money.cause": "set:no",
    "money.result": "ok",
    "money.reachable": "set:no",
    "money.offer_funds": "0",
    "budget.begin": "set:start",
    "budget.incomes": "done",
    "budget.assets": "done",
    "budget.couple": "set:no",
    "income.every": "set:monthly",
    "income.withheld": "0",
    "asset.owed": "0",
    "asset.payment": "0",
    "budget.both": "set:no",
    "budget.family": "set:none",
    "budget.work": "set:none",
    "budget.owes": "set:none",
    "ways.joint": "set:yes",
    "ways.evidence": "unsure",
    "ways.settled": "set:no",
}


class Told:
    """A person who tells their case to a running bot."""

    def __init__(self, chat: Chat, folder: Path, **answers: str) -> None:
        self.chat, self.folder = chat, folder
        self.answers = USUAL | {key.replace("__", "."): one for key, one in answers.items()}

    async def walk(self) -> tuple[Walk, Place | None]:
        """Return where the bot thinks they stand, and the question on their screen."""
        assert self.chat.house.parts is not None
        state = await self.chat.house.parts.app.state(self.chat.person.chat_id)
        walked = engine.look(house(), state, NOW)
        return walked, engine.present(state, walked)

    async def taps(self, op: str) -> None:
        """Tap the button of the newest screen that does `op`."""
        for shown in reversed(self.chat.person.messages):
            for button in (one for row in shown.buttons for one in row if not shown.mine):
                if button.data and button.data.endswith(f":{op}"):
                    update = await self.chat.person.taps_data(button.data, shown.message_id)
                    await self.chat.house.taken(update)
                    return
        raise LookupError(f"no button does {op!r}: {self.chat.buttons}")

    async def until(self, key: str) -> None:
        """Answer every question before this one."""
        if not self.chat.person.messages:
            await self.chat.says("/start")
        for _ in range(120):
            _, place = await self.walk()
            if place is None:
                await self.taps("on")
                continue
            if place.step.key == key:
                return
            default = "0" if place.step.kind.name == "money" else ""
            told = self.answers.get(place.key, self.answers.get(place.step.key, default))
            assert told, f"nothing is said to {place.key}"
            await self.answers_with(told)
        raise AssertionError(f"{key} is never asked")

    async def answers_with(self, told: str) -> None:
        if told.startswith("tick:"):
            for option in told.removeprefix("tick:").split("+"):
                await self.taps(f"tick:{option}")
            await self.taps("ok")
        elif told.startswith("set:") or told in ("ok", "done", "add", "skip", "unsure"):
            await self.taps(told)
        else:
            await self.chat.says(told)

    async def by_the_rules(self) -> dict[str, Any]:
        """Return what `prelien options` says to the facts of the case."""
        walked, _ = await self.walk()
        path = self.folder / "facts.json"
        facts = _without_nothing(asdict(walked.matter.facts))
        path.write_text(json.dumps(facts, default=_plain))
        return options.run(argparse.Namespace(schema=False, facts=path, as_of=DAY))

    async def holds_against_the_rules(self, lead: str, down: int = 0) -> dict[str, Any]:
        """Say that the way shown first is `lead`, in the words, figures and reasons of the rules; return those.

        `down` is what is paid before the plan, US dollars: it counts in what is paid in all.
        """
        said = await self.by_the_rules()
        assert said["lead"]["name"] == lead
        assert said["lead"]["says"] in self.chat.screen
        for one in said["lead"]["do"]:
            assert one["says"] in self.chat.screen
        option = next((one for one in said["options"] if one["option"] in said["lead"]["options"]), None)
        cost = said["lead"]["cost"] or (option["cost"] if option else None)
        if cost is not None:
            in_all = words().about(Decimal(cost["with_fee"]) + down)
            assert f"{least(cost['monthly'])} a month, {cost['payments']} payment" in self.chat.screen
            assert f"about {in_all} in all" in self.chat.screen
        if option is not None:
            met = [one["says"] for one in option["conditions"] if one["met"]]
            assert all(reason in self.chat.screen for reason in met[:4])
            assert option["lien"]["says"] in self.chat.screen
        return said


def about(amount: str) -> str:
    return words().about(Decimal(amount))


def least(amount: str) -> str:
    return words().least(Decimal(amount))


def _plain(value: Any) -> str:
    assert isinstance(value, Decimal | date)
    return str(value)


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nothing(one) for key, one in value.items() if one is not None}
    return [_without_nothing(one) for one in value] if isinstance(value, list | tuple) else value


# ---------------------------------------------------------------- the cases


async def test_a_wage_earner_who_owes_18_400_gets_a_plan(chat: Chat, tmp_path: Path) -> None:
    told = Told(
        chat, tmp_path, period__amount="18,400", money__comes_in="4,200", money__goes_out="3,700",
        money__monthly="350",
    )  # fmt: skip
    await told.until("ways.chosen")
    await told.holds_against_the_rules("simple_payment_plan")
    await chat.taps("Other ways")
    await chat.taps("✗ Short-term plan") if "✗ Short-term plan" in chat.buttons else await chat.taps("All")
    assert "✗" in chat.screen

    await chat.taps("‹ Ways out") if "‹ Ways out" in chat.buttons else await chat.says("/case")
    await chat.taps("Take: Simple Payment Plan")
    assert "When do you want to begin?" in chat.screen
    await chat.taps("Today")
    await chat.says("/case")
    assert "Way out: Simple Payment Plan" in chat.screen
    await chat.taps("My plan")
    assert "Ask for the plan online: by Monday, November 30, 2026" in chat.screen


async def test_what_fits_best_stands_on_one_screen_and_is_taken_in_peoples_own_words(
    chat: Chat, tmp_path: Path
) -> None:
    told = Told(
        chat, tmp_path, period__amount="18,400", money__comes_in="4,200", money__goes_out="3,700",
        money__monthly="350", money__now="1,500",
    )  # fmt: skip
    await told.until("ways.chosen")
    assert "The $1,500 you can pay at once is not in this sum. It makes it less." in chat.screen
    shown, why = chat.screen.split("Why it fits")
    assert "Take the Simple Payment Plan." in shown
    assert "$350 a month" in shown
    assert len(shown.split()) <= 75
    assert why.index("What is billed is $50,000 or less.") < why.index("All your returns are filed.")
    assert "Why we ask" not in chat.screen
    await chat.says("why?")
    assert "You can change your mind later, and nothing is lost." in chat.screen

    await chat.says("this one")
    assert "When do you want to begin?" in chat.screen
    await chat.says("next week")
    assert "Saved: Monday, November 30, 2026" in chat.screen
    await chat.says("/case")
    assert "Way out: Simple Payment Plan" in chat.screen

    await chat.taps("Ways out")
    await chat.taps("Other ways")
    await chat.taps("? Plan by budget")
    await chat.says("I take it")
    assert "Saved: Plan by budget" in chat.screen


async def test_a_self_employed_person_at_58_000_pays_down_to_fit(chat: Chat, tmp_path: Path) -> None:
    told = Told(
        chat, tmp_path, period__amount="58,000", situation__who="set:self_employed", money__now="9,000",
        money__by_180="9,500", money__comes_in="7,500", money__goes_out="6,600", money__monthly="800",
        household__earns="tick:self_employed", situation__employees="set:none",
    )  # fmt: skip
    await told.until("ways.chosen")
    said = await told.holds_against_the_rules("pay_down_then_simple", down=8_000)
    assert "Pay $8,000 toward what is billed." in chat.screen
    assert any(one["name"] == "nsia" for one in said["alternatives"])

    assert "is not in this sum" not in chat.screen  # what is paid down is in it
    await chat.taps("Side by side")
    assert "$8,000 now, then $800" in chat.screen
    assert f"about {words().about(Decimal(said['lead']['cost']['with_fee']) + 8_000)}" in chat.screen
    assert sum(one[0] in "☑☐" for one in chat.buttons) <= 6
    await chat.taps("‹ Ways out")
    await chat.taps("Other amounts")
    await chat.taps("+ $50")
    assert "Each month: $850" in chat.screen
    await chat.taps("‹ Ways out")
    await chat.taps("Take: Pay down, then simple plan")
    await chat.taps("Tomorrow")
    await chat.says("/case")
    await chat.taps("My plan")
    assert "Pay it down" in chat.screen


async def test_who_can_pay_in_four_months_is_shown_which_of_two_plans_is_cheaper(
    chat: Chat, tmp_path: Path
) -> None:
    told = Told(
        chat, tmp_path, period__amount="8,000", money__by_180="9,000", money__comes_in="6,000",
        money__goes_out="3,500",
    )  # fmt: skip
    await told.until("ways.chosen")
    said = await told.holds_against_the_rules("short_term")
    both = said["compare"]
    assert both is not None
    assert f"costs about {about(both['saved'])} less" in chat.screen

    await chat.taps("Side by side")
    for plan in ("short_term", "simple_payment_plan"):
        assert f"about {about(both[plan]['with_fee'])}" in chat.screen
    await chat.taps("‹ Ways out")
    await chat.taps("Other amounts")
    await chat.says("2,100")
    assert "With this: Pay it within 180 days." in chat.screen
    assert "$2,100 a month, 4 payments" in chat.screen
    assert (
        "Take this as my answer" not in chat.buttons
    )  # the plan ends within 180 days: nobody was asked for a month


async def test_a_retiree_with_nothing_left_over_has_the_debt_set_aside(chat: Chat, tmp_path: Path) -> None:
    told = Told(
        chat, tmp_path, period__amount="14,200", notice__number="CP503", situation__hardship="tick:medicine",
        household__people="1", household__over_65="1", household__earns="tick:retired",
        money__comes_in="1,650", money__goes_out="1,640", money__monthly="0", money__low_income="set:yes",
        income__source="set:social_security", income__amount="1,650", asset__kind="set:cash", asset__value="400",
        budget__rent="900", budget__utilities="240", budget__health_insurance="185", budget__health="160",
        budget__everyday="800", budget__transport="60", budget__housing_limit="unsure",
    )  # fmt: skip
    await told.until("ways.chosen")
    await told.holds_against_the_rules("cnc")
    assert "The IRS stops asking for payment while you cannot pay" in chat.screen

    await chat.taps("Take: Set aside for hardship")
    await chat.taps("Today")
    await chat.says("/case")
    await chat.taps("My plan")
    assert "Call and say that you cannot pay" in chat.screen


async def test_an_offer_is_shown_with_its_arithmetic(chat: Chat, tmp_path: Path) -> None:
    told = Told(
        chat, tmp_path, period__amount="62,000", household__people="1", money__comes_in="3,100",
        money__goes_out="2,900", money__monthly="100", money__low_income="set:no",
        income__source="set:wages", income__amount="3,100", income__withheld="420",
        asset__kind="set:cash", asset__value="1,800",
        budget__rent="1,150", budget__utilities="260", budget__health_insurance="190",
        budget__everyday="800", budget__transport="90", budget__housing_limit="unsure", money__offer_funds="6,000",
    )  # fmt: skip
    await told.until("ways.chosen")
    said = await told.holds_against_the_rules("ppia")
    assert said["alternatives"][0]["name"] == "oic_datc"

    await chat.taps("Other ways")
    await chat.taps("Offer to settle")
    offer = next(one for one in said["options"] if one["option"] == "oic_datc")
    assert offer["fits"] is True
    assert offer["arithmetic"]
    assert all(one in chat.screen for one in offer["arithmetic"])
    assert "About $1,196 in all, and about $240 of it with the offer." in chat.screen
    await chat.taps("Compare")
    assert "B: about $1,196, if the IRS agrees" in chat.screen
    await chat.taps("‹ Ways out")
    await chat.taps("Other ways")
    await chat.taps("Offer to settle")
    await chat.taps("Take: Offer to settle")
    await chat.taps("Today")
    await chat.says("/case")
    await chat.taps("My plan")
    assert "Try the free check" in chat.screen
    assert "Send the offer" in chat.screen


async def test_payroll_tax_is_stopped_for_a_professional(chat: Chat, tmp_path: Path) -> None:
    told = Told(
        chat, tmp_path, notice__number="CP504B", period__year="2024 Q2", period__amount="41,000",
        situation__who="set:business", situation__payroll="set:yes", situation__employees="set:behind",
        household__earns="tick:business_owner", money__comes_in="unsure", money__goes_out="unsure",
        money__monthly="900",
    )  # fmt: skip
    await told.until("ways.chosen")
    said = await told.by_the_rules()

    assert any(one["name"] == "payroll_tax" for one in said["flags"])
    assert said["lead"]["name"] == "get_compliant"  # deposits that are behind close every plan
    assert said["lead"]["then"] == "in_business_trust_fund_ia"
    assert "See a professional before you answer questions" in chat.screen
    first = chat.screen.index("First see a professional.")
    assert first < chat.screen.index("With them, after that: " + said["lead"]["says"])
    assert [one for one in chat.buttons if one.startswith("Take")] == ["Take: A professional"]
    await chat.taps("What they can ask for")
    assert "First see a professional." in chat.screen
    assert [one for one in chat.buttons if one.startswith("Take")] == ["Take it, with a professional"]
    await chat.taps("‹ Ways out")
    await chat.taps("Careful")
    for one in said["flags"]:
        assert one["says"] in chat.screen
    await chat.taps("Find a professional")
    await chat.taps("Take: A professional")
    await chat.taps("Today")
    await chat.says("/case")
    await chat.taps("My plan")
    assert "1. Find somebody who speaks for you" in chat.screen
    assert "2. Make this quarter’s payroll deposits" in chat.screen


async def test_a_couple_disputes_a_spouses_tax(chat: Chat, tmp_path: Path) -> None:
    told = Told(
        chat, tmp_path, period__amount="27,500", situation__agree="set:no", situation__disputes="tick:spouse",
        money__comes_in="5,000", money__goes_out="4,500", money__monthly="400",
    )  # fmt: skip
    await told.until("ways.chosen")
    said = await told.holds_against_the_rules("dispute")
    assert said["lead"]["options"] == ("innocent_spouse",)
    assert said["lead"]["then"] == "simple_payment_plan"
    assert "After that: Take the Simple Payment Plan." in chat.screen

    await chat.taps("Take: Dispute the debt")
    await chat.taps("Today")
    await chat.says("/case")
    await chat.taps("My plan")
    assert "Relief from a spouse’s tax" in chat.screen
    await chat.taps("Begin on another day")
    await chat.taps("Tomorrow")
    assert "Your plan: Dispute the debt" in chat.screen


async def test_a_first_penalty_whose_removal_brings_the_balance_under_a_limit(
    chat: Chat, tmp_path: Path
) -> None:
    told = Told(
        chat, tmp_path, period__amount="52,300", period__split="set:yes", period__tax="45,000",
        period__penalty="5,100", money__comes_in="7,000", money__goes_out="6,000", money__monthly="700",
        money__penalized="set:no",
    )  # fmt: skip
    await told.until("ways.chosen")
    said = await told.holds_against_the_rules("fta")
    assert said["lead"]["then"] == "simple_payment_plan"
    assert "If about $5,100 comes off, the balance is within a limit" in chat.screen
    assert "After that: Take the Simple Payment Plan." in chat.screen

    await chat.taps("Take: First-time penalty relief")
    await chat.taps("Today")
    await chat.says("/case")
    await chat.taps("My plan")
    assert "Call and ask to take the penalty off" in chat.screen
    assert "Look at the ways out again" in chat.screen


WITHOUT_ANYTHING_TAKEN = {
    "period__amount": "48,000",
    "money__comes_in": "3,000",
    "money__goes_out": "3,000",
    "money__monthly": "50",
    "income__source": "set:wages",
    "income__every": "set:weekly",
    "income__amount": "900",
    "asset__kind": "set:none",
    "income__withheld": "100",
    "budget__rent": "1,900",
    "budget__everyday": "1,300",
    "budget__transport": "400",
    "budget__health": "150",
    "budget__housing_limit": "1,500",
}


@pytest.mark.parametrize("wages", ["450", "900"])
async def test_where_nothing_is_taken_the_debt_is_set_aside_and_no_levy_released(
    chat: Chat, tmp_path: Path, wages: str
) -> None:
    told = Told(chat, tmp_path, **(WITHOUT_ANYTHING_TAKEN | {"income__amount": wages}))
    await told.until("ways.chosen")
    await told.holds_against_the_rules("cnc")
    assert "Ask for the debt to be set aside for hardship." in chat.screen
    assert "evy takes" not in chat.screen
    assert "Take: Stop the levy (hardship)" not in chat.buttons

    await chat.taps("Other amounts")
    assert "Set aside for hardship:\nThis way has no monthly sum." in chat.screen
    await chat.says("-50")
    assert "An amount here is zero or more" in chat.screen
    await chat.taps("‹ Ways out")
    await chat.taps("Take: Set aside for hardship")
    await chat.taps("Today")
    await chat.says("/case")
    await chat.taps("My plan")
    assert "Call and say that you cannot pay" in chat.screen


async def test_a_simple_plan_that_what_is_left_would_pay_is_named_beside_a_plan_with_a_statement(
    chat: Chat, tmp_path: Path
) -> None:
    amounts = {
        "income__amount": "1,100",
        "budget__housing_limit": "1,100",
        "income__withheld": "0",
        "budget__rent": "1,100",
        "budget__everyday": "1,000",
    }
    told = Told(chat, tmp_path, **(WITHOUT_ANYTHING_TAKEN | amounts))
    await told.until("ways.chosen")
    said = await told.holds_against_the_rules("routine_ia")
    simple = next(one for one in said["options"] if one["option"] == "simple_payment_plan")
    needed = least(simple["cost"]["monthly"])
    assert (
        f"If you can pay about {needed} a month, the Simple Payment Plan needs no money statement, "
        "and there is normally no lien notice." in chat.screen
    )
    await chat.taps("See: Simple Payment Plan")
    assert "✗" in chat.screen
    await chat.taps("‹ Ways out")
    await chat.taps("Other amounts")
    await chat.says(needed)
    assert "With this: Take the Simple Payment Plan." in chat.screen
    await chat.taps("Take this as my answer")
    assert "If you can pay about" not in chat.screen


async def test_a_plan_that_takes_more_than_is_left_is_shown_with_a_caution(
    chat: Chat, tmp_path: Path
) -> None:
    told = Told(
        chat, tmp_path, period__amount="18,400", money__comes_in="0", money__goes_out="2,000",
        money__monthly="700",
    )  # fmt: skip
    await told.until("ways.chosen")
    await told.holds_against_the_rules("simple_payment_plan")
    assert "⚠️ By your figures you are about $2,000 short each month. This takes $700." in chat.screen
    assert "A plan that breaks is worse" in chat.screen
    assert "Other amounts" in chat.buttons


async def test_a_plan_that_what_is_left_pays_has_no_caution(chat: Chat, tmp_path: Path) -> None:
    told = Told(
        chat, tmp_path, period__amount="18,400", money__comes_in="2,700", money__goes_out="2,000",
        money__monthly="700",
    )  # fmt: skip
    await told.until("ways.chosen")
    await told.holds_against_the_rules("simple_payment_plan")
    assert "By your figures" not in chat.screen
    await chat.taps("Side by side")
    assert "Least in all" not in chat.screen  # two cost the same, of the third it is not known
    await chat.taps("☑ Plan by right")
    assert "C: not known yet" not in chat.screen
    assert "Least in all" not in chat.screen  # of one alone it is no news
