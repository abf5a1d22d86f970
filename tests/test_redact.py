"""Numbers that must not be kept are caught in any spelling; others pass."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.redact import sensitive


@pytest.mark.parametrize(
    "text",
    [
        "123-45-6789",
        "123 45 6789",
        "123.45.6789",
        "123/45/6789",
        "123_45_6789",
        "123 - 45 - 6789",
        "123-45 6789",
        "123–45–6789",
        "123\u00a045\u00a06789",
        "１２３-４５-６７８９",
        "١٢٣-٤٥-٦٧٨٩",
        "𝟏𝟐𝟑-𝟒𝟓-𝟔𝟕𝟖𝟗",
        "12\u200b3-4\u200d5-67\u206089",
        "\u202e123-45-6789\u202c",
        "1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9️⃣",
        "1̶2̶3̶4̶5̶6̶7̶8̶9̶",
        "12\x003-45-6789",
        "123456789",
        "(123456789)",
        "1 2 3 4 5 6 7 8 9",
        "1-2-3-4-5-6-7-8-9",
        "123 456 789",
        "123-456-789",
        "ssn: 123456789",
        "SSN123456789",
        "ssn#123-45-6789",
        "s.s.n. 12 34 56 789",
        "my Social Security number is 123 4567 89",
        "social security no 1234 56789",
        "My number is 123-45-6789—please keep it safe.",
        "Here—123-45-6789",
        "123-45-6789.",
        "It says 123-45-6789, and I owe $1,200.",
        "ITIN 912-70-1234",
        "EIN 12-3456789",
        "12-3456789",
        "12–3456789",
        "12 3456789",
        "tax id: 12 345 6789",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111111111111111",
        "3782 822463 10005",
        "my card 5555555555554444 please",
        "my bank account number is 1234567",
        "account no. 000123456789",
        "Acct# 12345678901",
        "routing 021000021, checking 12345678",
        "savings: 00123456",
        "733010030",
    ],
)
def test_a_number_that_must_not_be_here_is_seen(text: str) -> None:
    assert sensitive(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "$1,234.56",
        "12345678",
        "$123,456,789",
        "$123456789",
        "123456789.00",
        "123,456,789",
        "1.234.567,89",
        "October 23, 2026",
        "10/23/2026",
        "2026-10-23",
        "2026-10-23T00:00:00",
        "10-23-2026 and 11-22-2026",
        "800-829-1040",
        "(800) 829-1040",
        "8008291040",
        "+1 800 829 1040",
        "+18008291040",
        "1-800-829-1040",
        "8 0 0 8 2 9 1 0 4 0",
        "Austin, TX 73301-0030",
        "73301 0030",
        "CP504",
        "Letter 1058, Form 12153, Form 9423",
        "2019, 2020, 2021, 2022, 2023",
        "2021 2022 2023 2024",
        "2018 2019 2020 2021 2022",
        "2021-2022-2023-2024",
        "1Z999AA10123456784",
        "EA123456789US",
        "9400 1000 0000 0000 0000 00",
        "7019 2280 0000 1234 5678",
        "1234567890",
        "authentication number 0123456789",
        "4111 1111 1111 1112",
        "18,400 and 12,000 and 950",
        "my account shows 12345.67",
        "my account shows $1234567",
        "account balance 12,345,678",
        "my IRS account for 2021 2022 2023",
        "look in your account or call 800-829-1040",
        "account of 10/23/2026",
        "savings 123456",
        "999999999.99",
    ],
)
def test_an_ordinary_number_passes(text: str) -> None:
    assert not sensitive(text)


DIGITS = st.text("0123456789", min_size=9, max_size=9)
BETWEEN = st.sampled_from(["-", " ", ".", "–", "—", " - ", "\u2011", "\u00a0", "/", "_", "\u200b-", "·"])
AROUND = st.sampled_from(["", "my number is ", "SSN: ", "ssn", "\n", "(", "“"])
AFTER = st.sampled_from(["", ".", ", thanks", ")", "\nand I owe $500", "—ok"])
SCRIPTS = st.sampled_from(["0", "０", "٠", "०", "𝟎"])


@settings(deadline=None)
@given(DIGITS, BETWEEN, AROUND, AFTER, SCRIPTS)
def test_any_spelling_of_a_social_security_number_is_seen(
    digits: str, between: str, before: str, after: str, zero: str
) -> None:
    shown = "".join(chr(ord(zero) + int(digit)) for digit in digits)
    assert sensitive(f"{before}{shown[:3]}{between}{shown[3:5]}{between}{shown[5:]}{after}")
    assert sensitive(f"{before}{shown}{after}")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_is_too_strange_to_look_at(text: str) -> None:
    sensitive(text)


@settings(deadline=None)
@given(st.decimals(0, 99_999_999, places=2))
def test_no_ordinary_amount_is_taken_for_such_a_number(amount: object) -> None:
    assert not sensitive(f"I owe ${amount:,}")
    assert not sensitive(f"{amount}")
