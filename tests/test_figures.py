"""Words hold no figure of the law: each comes from a parameter, and what is not sure is not shown as firm."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.rules import parameters
from bot.rules.facts import Facts
from bot.rules.figures import BLOCKS, behind, said
from bot.rules.options import OPTIONS, rank
from bot.rules.parameters import Parameters, check_first
from bot.rules.verification import judge, number, phones
from bot.words import Words

PARAMS = parameters.read()
DAY = date(2026, 11, 22)
TEMPLATES = Path(__file__).parents[1] / "templates"
WORDS = Words(TEMPLATES)
RULES = "budget cost deadlines documents flags holidays notices options questions reasons steps verification".split()

_COUNT = r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|sixty|ninety)"
BARE = {
    "an amount": r"\$\s?\d",
    "a percentage": rf"{_COUNT}[\s-]?(?:%|percent)",
    "a telephone number": r"\b\d{3}[-. ]\d{3}[-. ]\d{4}\b|\b\d{3}-\d{4}\b",
    "a count of days": rf"\b{_COUNT}[\s-]+(?:business |calendar )?(?:day|week|month|quarter|year)s?\b",
    "a year": r"\b(?:19|20)\d\d\b",
    "an address": r"\.gov/\w|@\w+\.gov|\b(?!irs\b)\w+\.gov\b",
}
"""What no words may hold; a form, a notice or irs.gov itself is a name and no figure."""


def bare(template: str) -> list[str]:
    text = (TEMPLATES / "en" / f"{template}.j2").read_text(encoding="utf-8")
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
    return [f"{kind}: {found[0]}" for kind, is_bare in BARE.items() for found in re.finditer(is_bare, text)]


@pytest.mark.parametrize("template", RULES)
def test_no_words_hold_a_bare_figure(template: str) -> None:
    assert bare(template) == []


@pytest.mark.parametrize("template", RULES)
def test_words_are_plain_short_and_promise_nothing(template: str) -> None:
    text = (TEMPLATES / "en" / f"{template}.j2").read_text(encoding="utf-8")
    text = re.sub(r"{#.*?#}|{%.*?%}", "|", re.sub(r"{{.*?}}", "X", text, flags=re.DOTALL), flags=re.DOTALL)

    assert not re.findall(
        r"\b(?:simply|just|official|guarantee|qualify)\b|!|\(s\)|and/or", text, re.IGNORECASE
    )
    assert not re.findall(r"(?:will|going to) file (?:a|the) (?:public )?lien", text, re.IGNORECASE)
    assert [said for said in text.split("|") if len(said.split()) > 60] == []


@pytest.mark.parametrize(
    ("template", "block", "argument", "name"),
    [
        (template, block, argument, name)
        for template, blocks in BLOCKS.items()
        for block, named in blocks.items()
        for argument, name in named.items()
    ],
)
def test_each_argument_is_used_and_rests_on_a_firm_parameter(
    template: str, block: str, argument: str, name: str
) -> None:
    text = (TEMPLATES / "en" / f"{template}.j2").read_text(encoding="utf-8")
    words = re.search(rf"{{% block {block} %}}(.*?){{% endblock %}}", text, re.DOTALL)

    assert words is not None
    assert re.search(rf"{{{{ ?{argument}\b", words[1])
    value = behind(template, block, PARAMS, DAY)[argument]
    if template == "questions":  # an answer says by itself what is to be checked first
        assert value.firm, value.name
    elif "dates_moved" not in name:  # asked about, not told: the answer leads to a professional
        assert not check_first(value, DAY), value.name


def test_every_word_of_every_option_can_be_said_with_the_arguments_it_gets() -> None:
    for verdict in rank(Facts(), PARAMS, DAY).verdicts:
        blocks = [f"what_{verdict.option}", f"levy_{verdict.levy}", f"clock_{verdict.clock}"]
        blocks += [f"time_{verdict.time}", f"lien_{verdict.lien}", *(f"ask_{one}" for one in verdict.ask)]
        for block in blocks:
            assert WORDS.label("options", block, said("options", block, PARAMS, DAY))
        for kind, remarks in (("how", verdict.how), ("note", verdict.notes)):
            for one in remarks:
                block = f"{kind}_{one.name}"
                assert WORDS.label("options", block, {**said("options", block, PARAMS, DAY), **one.args})


def test_the_figures_in_words_are_those_of_the_day() -> None:
    assert said("options", "what_short_term", PARAMS, DAY) == {"days": 180}
    assert said("options", "note_two_years", PARAMS, DAY) == {"years": 2}
    assert said("options", "ask_covid_window_penalties", PARAMS, DAY) == {
        "first": date(2020, 1, 20),
        "last": date(2023, 7, 10),
    }
    assert said("options", "what_cnc", PARAMS, DAY) == {}


def aged(name: str) -> Parameters:
    """Return the parameters with one figure past its review day."""
    series = tuple(replace(one, review_by=DAY - timedelta(days=1)) for one in PARAMS.series(name))
    return Parameters({each: PARAMS.series(each) for each in PARAMS.names()} | {name: series})


@pytest.mark.parametrize(
    ("option", "figure"),
    [
        ("short_term", "plans.short_term.days"),
        ("simple_payment_plan", "plans.refusal.days"),
        ("oic_datc", "offer.comply_years"),
        ("oic_datc", "offer.fee"),
        ("innocent_spouse", "options.innocent_spouse.years"),
        ("full_pay", "links.payments"),
    ],
)
def test_an_option_whose_words_name_a_figure_past_review_is_to_be_checked_first(
    option: str, figure: str
) -> None:
    assert not OPTIONS[option](Facts(), PARAMS, DAY).check_first
    assert OPTIONS[option](Facts(), aged(figure), DAY).check_first


def test_a_telephone_number_past_review_is_shown_with_the_words_to_check_it() -> None:
    old = aged("phones.individuals")
    (call,) = [one for one in judge([], old, DAY).next if one.name == "call_irs"]

    assert number(phones(old, DAY)["individuals"], DAY)["check"]
    assert "check it on irs.gov first" in WORDS.label("verification", "next_call_irs", call.args)
