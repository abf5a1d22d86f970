"""The figures that words name: which parameter stands behind which argument of which block.

A template holds no amount, no count of days, no telephone number and no address; it names an argument. Most
come with the remark itself. The blocks that are named by a word alone (a step, a page, an effect on the levy, a question,
a paper) get theirs here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.rules.parameters import TooEarlyError

if TYPE_CHECKING:
    from datetime import date

    from bot.model import Value
    from bot.rules.parameters import Parameters

_SINCE = "@since"  # the day a figure holds from, in place of the figure
_ADDRESS = {"account": "links.account"}
_AGE = {"age": "standards.health.age"}
_CLOCK = {"years": "deadlines.collection.years"}
_RELEASE = {"days": "liens.release_days"}
_REFUSED = {"days": "plans.refusal.days"}
_SHORT = {"days": "plans.short_term.days"}
_ACCOUNT = {"link": "links.account"}
_CLINICS = {"link": "links.clinics"}
_CALL = {"phone": "phones.individuals"}
_ADVOCATE = {"phone": "phones.taxpayer_advocate"}
_DELAY = {"days": "options.advocate.delay_days"}
_HEARING = {"days": "deadlines.cdp_levy.days"}
_BEFORE = {"years": "options.first_time.clean_years"}

BLOCKS: dict[str, dict[str, dict[str, str]]] = {
    "options": {
        "what_short_term": _SHORT,
        "what_simple_payment_plan": {"months": "plans.simple.months"},
        "what_fta": _BEFORE,
        "step_short_term": _SHORT,
        "do_paying_keeps_claim": {
            "filed": "options.refund_claim.filed_years",
            "paid": "options.refund_claim.paid_years",
        },
        "lien_released": {"days": "plans.lien.release_days"},
        "levy_plan": _REFUSED,
        "levy_offer": _REFUSED,
        "clock_runs": _CLOCK,
        "clock_plan": _CLOCK | _REFUSED,
        "clock_offer": _CLOCK | _REFUSED,
        "clock_spouse": _CLOCK | {"days": "options.innocent_spouse.clock_days"},
        "clock_advocate": _CLOCK,
        "clock_bankruptcy": _CLOCK | {"months": "options.bankruptcy.clock_months"},
        "how_direct_pay": {"link": "links.payments"},
        "how_online": {"link": "links.account"},
        "how_card": {"link": "links.payments"},
        "how_precheck": {"link": "links.offer_check"},
        "time_offer_months": {
            "least": "offer.processing_months_least",
            "most": "offer.processing_months_most",
            "accepted": "offer.deemed_accepted_months",
        },
        "note_looked_at_again": {"months": "plans.partial.review_months"},
        "note_rest_expires": _CLOCK,
        "note_five_years": {"years": "offer.comply_years"},
        "note_two_years": {"years": "options.innocent_spouse.years"},
        "assumed_clock_is_full": _CLOCK,
        "assumed_clock_may_be_over": _CLOCK,
        "ask_can_pay_180": _SHORT,
        "ask_late_or_ia_last_5y": {"years": "plans.guaranteed.clean_years"},
        "ask_penalties_last_3y": _BEFORE,
        "ask_deposits_current": {"quarters": "offer.employer_deposit_quarters"},
        "ask_irs_delay": {"days": "options.advocate.delay_days"},
        "ask_covid_window_penalties": {
            "first": f"penalties.dates_moved{_SINCE}",
            "last": "penalties.dates_moved",
        },
    },
    "lien/remove": {
        "text": {"years": "liens.withdrawal.years"},
    },
    "call/broken": {"text": {"days": "options.advocate.delay_days"}},
    "follow/silence": {"text": {"days": "options.advocate.delay_days"}},
    "missed/change": {"text": {"link": "links.account"}},
    "pages/closed": {
        "keep_paid": _CLOCK,
        "look_paid": _RELEASE,
        "back_offer": {"comply": "offer.comply_years"},
        "look_offer": _RELEASE,
        "keep_not_owed": _CLOCK,
        "keep_plan": _CLOCK,
        "keep_hardship": _CLOCK,
        "keep_other": _CLOCK,
    },
    "lien/mistake": {"text": {"days": "liens.mistake_days"}},
    "lien/release": {"text": {"days": "liens.release_days"}},
    "check/account": {"text": _ADDRESS},
    "check/made": {"text": _ADDRESS},
    "contact/caller": {
        "why": {"first": "verification.call_hours.first", "last": "verification.call_hours.last"}
    },
    "household/over_65": {"text": _AGE, "why": _AGE},
    "period/year": {"why": _CLOCK},
    "situation/crisis": {"text": {"crisis": "phones.crisis", "emergency": "phones.emergency"}},
    "situation/file_first": {"text": _ADDRESS},
    "situation/hardship_first": {"text": {"advocate": "links.advocate"}},
    "documents": {"name_filed_returns": {"years": "options.gate.return_years"}},
    "verification": {
        "next_check_account": {"link": "links.account"},
        "owed_check_account": {"link": "links.account"},
        "report_tigta": {"link": "links.tigta"},
        "report_phishing_email": {"link": "links.phishing"},
        "report_text_7726": {"number": "links.texts", "link": "links.phishing"},
        "report_ftc": {"link": "links.ftc"},
        "report_ic3_if_money_was_lost": {"link": "links.ic3"},
    },
    "questions": {
        "missed_deadline": {"years": "deadlines.equivalent_levy.years"},
        "more_time": _SHORT | {"link": "links.payments"},
        "lost_letter": _ACCOUNT | _CALL,
        "never_got_letter": _ACCOUNT,
        "moved": _ACCOUNT,
        "final_notice": _HEARING,
        "hearing": _HEARING,
        "scam": _ACCOUNT | _CALL,
        "irs_call": _CALL,
        "irs_text": {"link": "links.phishing", "number": "links.texts"},
        "visit": _CALL,
        "gift_card": _ACCOUNT,
        "paid_scammer": {"tigta": "links.tigta", "ftc": "links.ftc", "ic3": "links.ic3"},
        "relief_ads": {"link": "links.offer_check", "clinics": "links.clinics"},
        "why_me": _ACCOUNT,
        "bank": {"days": "deadlines.bank_hold.days"},
        "social_security": {"percent": "questions.benefits.percent"},
        "stop_levy": _ADVOCATE | {"days": "deadlines.bank_hold.days"},
        "passport": {"usd_limit": "plans.passport.more_than", "since": f"plans.passport.more_than{_SINCE}"},
        "job_lost": _CLINICS | _CALL,
        "plan": {
            "limit": "plans.simple.individual_limit",
            "months": "plans.simple.months",
            "link": "links.payments",
        },
        "plan_fee": _SHORT
        | {
            "online": "fees.plan.direct_debit.online",
            "most": "fees.plan.no_direct_debit.other",
        },
        "how_pay": {"link": "links.payments"},
        "paid_now": _ACCOUNT,
        "card": {"link": "links.payments", "rate": "interest.underpayment"},
        "settle": {"fee": "offer.fee", "link": "links.offer_check"},
        "missed_payment": {"days": "deadlines.plan_ending.days"},
        "plan_lien": {"limit": "plans.simple.individual_limit"},
        "takes": {"least": "offer.processing_months_least", "most": "offer.processing_months_most"},
        "how_much_owe": _ACCOUNT | _CALL,
        "interest": {"rate": "interest.underpayment", "penalty": "penalties.failure_to_pay.percent"},
        "penalty_off": _BEFORE,
        "already_paid": _ACCOUNT,
        "not_mine": _ACCOUNT,
        "no_return": _ACCOUNT,
        "how_old": _CLOCK,
        "spouse": {"years": "options.innocent_spouse.years"},
        "immigration": _CLINICS,
        "died": _CLINICS,
        "english": _CLINICS | _CALL,
        "human": _CLINICS | _ADVOCATE,
        "scared": _CLINICS | {"crisis": "phones.crisis"},
        "free_help": _CLINICS | {"percent": "low_income.percent"},
        "advocate": _ADVOCATE | _DELAY,
        "call_irs": _CALL | {"business": "phones.businesses"},
        "no_answer": _ADVOCATE | _DELAY | {"link": "links.payments"},
    },
    "pages/help": {"text": {"crisis": "phones.crisis"}},
    "pages/clinic": {"text": _CLINICS | {"phone": "phones.forms"}},
    "pages/advocate": {"text": _ADVOCATE | _DELAY},
    "pages/mills": {"text": {"link": "links.offer_check"}},
}
"""For each template and block: the parameter behind each argument."""


def behind(template: str, block: str, params: Parameters, day: date) -> dict[str, Value]:
    """Return the figures a block names, by argument; before its first day, a figure's first value."""
    found = {}
    for argument, name in BLOCKS.get(template, {}).get(block, {}).items():
        try:
            found[argument] = params.on(day, name.removesuffix(_SINCE))
        except TooEarlyError:
            found[argument] = params.series(name.removesuffix(_SINCE))[0]
    return found


def said(template: str, block: str, params: Parameters, day: date) -> dict[str, Any]:
    """Return the arguments of a block that come from the parameters."""
    names = BLOCKS.get(template, {}).get(block, {})
    return {
        argument: value.since if names[argument].endswith(_SINCE) else value.figure
        for argument, value in behind(template, block, params, day).items()
    }


def of_template(template: str, params: Parameters, day: date) -> dict[str, Any]:
    """Return the arguments of all blocks of a template that come from the parameters."""
    found: dict[str, Any] = {}
    for block in BLOCKS.get(template, ()):
        found |= said(template, block, params, day)
    return found
