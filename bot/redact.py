"""Numbers that must not be here: Social Security, ITIN and EIN, and payment cards."""

from __future__ import annotations

import re
import unicodedata

_DASHES = "‐‑‒–—−﹣－"
_APART = r"[\s.\-/]{0,3}"
# Nine digits in the groups of a Social Security number or ITIN (3-2-4), of an EIN (2-7), or in one run.
# A telephone number has ten, a ZIP+4 is grouped 5-4, a day has eight at most.
_GROUPED = re.compile(r"(?<![\w.,-])\d{3}[\s.\-/]{1,3}\d{2}[\s.\-/]{1,3}\d{4}(?![\w-]|[.,]\d)")
_EIN = re.compile(r"(?<![\w.,-])\d{2}\s?-\s?\d{7}(?![\w-]|[.,]\d)")
_RUN = re.compile(r"(?<![\w.,$€£-])(?<![$€£]\s)\d{9}(?![\w-]|[.,]\d)")
_SPACED = re.compile(r"(?<![\w.,-])\d(?:[ .\-]\d){8}(?![\w-]|[ .\-]\d)")
_NAMED = re.compile(
    rf"\b(?:ssn|social(?:\s+security)?(?:\s+(?:number|no|num|#))?|itin|ein|tin)\b\D{{0,20}}(?:\d{_APART}){{9}}(?!\d)",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?<![\w.,-])\d(?:[ \-]?\d){12,18}(?![\w-]|[.,]\d)")


def sensitive(text: str) -> bool:
    """Say whether `text` holds a number that must be neither kept nor logged."""
    folded = unicodedata.normalize("NFKC", text).translate({ord(dash): "-" for dash in _DASHES})
    folded = re.sub("[\u00ad\u200b-\u200d\u2060\ufeff]", "", folded)
    if any(pattern.search(folded) for pattern in (_GROUPED, _EIN, _RUN, _SPACED, _NAMED)):
        return True
    return any(_luhn(re.sub(r"\D", "", found.group())) for found in _CARD.finditer(folded))


def _luhn(digits: str) -> bool:
    """Say whether the last digit is the check digit of a payment card (ISO/IEC 7812)."""
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
