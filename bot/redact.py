"""Numbers that must not be here: Social Security, ITIN and EIN, payment cards and bank accounts."""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = {
    "Cf",
    "Cc",
    "Me",
    "Mn",
}  # zero-width and direction marks, controls, strokes and keycaps laid over a sign
_DASHES = "‐‑‒–—―−﹘﹣－"
_BETWEEN = r"\s{0,2}[\-._/·•*]\s{0,2}|\s{1,3}"  # what people put between the groups of a number
_FREE, _END = r"(?<!\d)(?<!\d[-.,])", r"(?!\d|[-.,]\d)"

# Nine digits in the groups of a Social Security number or ITIN (3-2-4), of an EIN (2-7), three by three,
# one by one, or in one run. A telephone number has ten, a ZIP+4 is grouped 5-4, a day has eight at most;
# an amount has a currency sign, commas or cents; a tracking number has letters or more digits.
# Nine bare digits are taken for one: nobody owes so much, and it may be a bank's routing number as well. Who meant
# something else is asked again, which costs a moment; a number kept by mistake cannot be taken back.
_GROUPED = re.compile(rf"{_FREE}\d{{3}}(?:{_BETWEEN})\d{{2}}(?:{_BETWEEN})\d{{4}}{_END}")
_EIN = re.compile(rf"{_FREE}\d{{2}}\s{{0,2}}[-\s]\s{{0,2}}\d{{7}}{_END}")
_THREES = re.compile(rf"{_FREE}(?<![$€£])(?<![$€£] )\d{{3}}(?:-\d{{3}}-| \d{{3}} )\d{{3}}(?! ?\d){_END}")
_RUN = re.compile(rf"(?<![\w$€£])(?<![$€£]\s){_FREE}\d{{9}}(?!\w){_END}")
_SINGLE = re.compile(r"(?<!\d)(?<!\d[ .\-])\d(?:[ .\-]\d){8}(?!\d|[ .\-]\d)")
# Where the number is called by its name, nine digits are enough, however they are set apart.
_NAMED = re.compile(
    r"(?<![a-z])(?:s\.?s\.?n|social|itin|f?ein|tin|tax(?:payer)?\s*id|seguro)(?![a-z])[^\d]{0,40}"
    r"(?:\d[\s.\-_/·•*]{0,3}){8}\d(?![.,\-/]?\d)",
    re.IGNORECASE,
)
# The number of a bank account has no form of its own (7 to 17 digits): it counts where it is called so.
_BANK = re.compile(
    r"(?<![a-z])(?:acct|account|routing|aba|iban|checking|savings?)(?![a-z])[^\d$€£\n]{0,30}(?<![$€£.,\w-])"
    r"\d{7,17}(?![\w-]|[.,]\d)",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?<![\w.,-])\d(?:[ \-.]?\d){12,18}(?![\w-]|[.,]\d| \d)")
# A tracking number of the post office: 20 or 22 digits, in fours. A part of it can look like a card.
_POST = re.compile(r"(?<!\d)(?:9[1-5]|7[01])\d\d(?: ?\d{4}){4}(?: ?\d\d)?(?!\d| \d)")
# The first digits of cards: Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay, Maestro.
_ISSUER = re.compile(r"4|5[0-8]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|3[0-9]|6")


def sensitive(text: str) -> bool:
    """Say whether `text` holds a number that must be neither kept nor logged."""
    said = folded(unicodedata.normalize("NFKC", text))
    if any(pattern.search(said) for pattern in (_GROUPED, _EIN, _THREES, _RUN, _SINGLE, _NAMED, _BANK)):
        return True
    said = _POST.sub(" ", said)
    return any(_is_card(re.sub(r"\D", "", found.group())) for found in _CARD.finditer(said))


def folded(text: str) -> str:
    """Return `text` with digits of all scripts and widths as 0 to 9, dashes as "-", without signs unseen.

    What only looks like a digit (½, ², ①) stays as it is: it is no digit of a number.
    """
    return "".join(_folded(sign) for sign in text)


def _folded(sign: str) -> str:
    if sign.isascii() and sign >= " ":
        return sign
    if sign.isspace():
        return sign if sign in "\n\t" else " "
    kind = unicodedata.category(sign)
    if kind in _UNSEEN:
        return ""
    if kind == "Nd":
        return str(unicodedata.decimal(sign))
    if sign in _DASHES:
        return "-"
    return sign if kind == "No" else _OWN.get(sign) or unicodedata.normalize("NFKC", sign)


_OWN = {"٫": ".", "٬": ",", "’": "'", "‘": "'", "´": "'"}


def _is_card(digits: str) -> bool:
    """Say whether these are the digits of a payment card: issuer and check digit (ISO/IEC 7812)."""
    return _ISSUER.match(digits) is not None and _luhn(digits)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
