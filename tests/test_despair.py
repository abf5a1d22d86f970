"""Words of despair are heard; words about a debt are not taken for them."""

from __future__ import annotations

import pytest

from bot.rules.despair import despairs


@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself",
        "I should kill my self over this tax",
        "i'm gonna kms",
        "I just want to end it all",
        "I want to end it all because of this debt",
        "thinking of ending it",
        "I don’t want to live anymore",
        "dont want to be here anymore",
        "Suicide",
        "I am suicidal",
        "I wish I was dead",
        "I'd rather be dead",
        "my kids would be better off without me",
        "I wanna die",
        "maybe i should just die",
        "no reason to live",
        "nothing to live for",
        "what's the point of living",
        "can't go on anymore",
        "I can't take it anymore",
        "ending my life",
        "life isn't worth living",
        "tired of living",
        "quiero morir",
    ],
)
def test_despair_is_heard(text: str) -> None:
    assert despairs(text)


@pytest.mark.parametrize(
    "text",
    [
        "can I end it all, the debt, with one payment",
        "end the payment plan",
        "how do I end my installment agreement",
        "I would like to end this chat",
        "this tax is killing me",
        "the IRS will kill my business",
        "my deadline is dead",
        "my husband died in 2021",
        "my wife committed suicide in 2022, the debt is hers",
        "what if I die before it is paid",
        "I can't pay",
        "I can't do this payment",
        "I cannot go on with the payment plan",
        "I live on social security",
        "my life insurance",
        "they took my life savings",
        "I am self-employed",
        "CP504",
        "$12,345",
        "",
    ],
)
def test_a_debt_that_shall_end_is_not_despair(text: str) -> None:
    assert not despairs(text)
