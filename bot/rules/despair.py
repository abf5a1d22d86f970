"""Words of despair in what somebody typed. Kindness comes first: better asked once too often than missed."""

from __future__ import annotations

import re
import unicodedata

_MYSELF = r"(?:my ?self)(?! employed)"
_GONE = r"(?:dead|gone|not alive|never born|no longer here|not here(?! (?:in|on|at) ))"
_NOT = r"(?:not|dont|do not|didnt|cant|cannot|can not|wont|no longer|never)"

# What is said of oneself and can hardly mean anything else.
_PLAIN = (
    r"\bsuicid\w*",
    rf"\b(?:kill|hang|shoot|drown|poison|harm|hurt|cut)(?:ing)? {_MYSELF}\b",
    r"\bunaliv\w*\b|\bkms\b",
    r"\b(?:end|ending|ended|take|taking|took) my (?:own )?life\b(?! (?:savings?|insurance))",
    rf"\b{_NOT} (?:want|wish|care|like)(?: anymore)? (?:to )?(?:live|be alive|exist|wake up|be here any ?more)\b",
    rf"\b(?:want|wish|rather|going|ready|have|hope) (?:to )?(?:die|be {_GONE})\b",
    rf"\b(?:wish|if|want) (?:that )?i (?:was|were|am|be|could be|had been) {_GONE}\b",
    r"\b(?:i|id|i would|they|everyone|everybody|family|kids|wife|husband)\b[\w ]{0,25}\bbetter off "
    r"(?:dead|without me|if i (?:was|were) (?:dead|gone))\b",
    r"\b(?:no|not any|nothing|isnt any|without a) (?:reason|point|will|sense)s? (?:left )?(?:to|in|for) (?:live|living|life|going on living)\b",
    r"\bnothing (?:left )?to live for\b",
    r"\bpoint (?:of|in|to) (?:living|life|being alive|going on)\b",
    r"\b(?:should|could|might as well|ought to|let me) (?:just )?(?:die|disappear forever)\b|\bjust die\b",
    r"\b(?:tired|sick|done) (?:of|with) (?:living|life|being alive)\b",
    r"\b(?:life|living) is(?: not|nt)? (?:not )?(?:worth|over for me|pointless)\w*\b",
    r"\b(?:cant|cannot|can not|dont want to|do not want to) (?:go on living|live (?:like this|any ?more|with this)|keep living)\b",
    r"\b(?:jump|jumping) (?:off|from) (?:a|the) (?:bridge|roof|building|cliff)\b",
    r"\b(?:overdose|od) on\b|\bslit my wrists?\b|\bsay(?:ing)? goodbye forever\b",
    r"\b(?:no quiero vivir|quiero morir(?:me)?|matarme|suicidarme|suicidio|quitarme la vida)\b",
)
# "End it all", "give up", "cannot go on": about a debt they may be harmless, about oneself they are not.
_OPEN = (
    r"\b(?:end|ending) it(?: all)?\b",
    r"\b(?:finish|finishing) it all\b",
    r"\b(?:cant|cannot|can not) (?:go on|take (?:it|this)|do this|bear (?:it|this))(?: any ?more| any longer)?(?=$| i\b| my\b| please\b| anymore\b)",
)
# What makes the open ones harmless: the thing that is to end is named, or it is a question about paying.
_HARMLESS = re.compile(
    r"\b(?:debts?|tax(?:es)?|irs|bill|bills|payments?|pay|paying|paid|plan|agreement|levy|lien|case|matter|letters?|"
    r"installments?|balance|chat|conversation|process|session|reminders?)\b"
)
_CAUSE = re.compile(r"\b(?:because|due to|thanks to|over (?:this|the|my|a|an|all))\b.*")
_PAIN = re.compile("|".join(_PLAIN))
_DOUBT = re.compile("|".join(_OPEN))
# Said of the debt, of others or of a law: no one speaks of their own death here.
_NOT_OF_ONESELF = re.compile(
    r"\b(?:suicide (?:prevention|hotline|line|lifeline)|kill(?:ing)? me with|to die for|dead ?line\w*|"
    r"(?:husband|wife|father|mother|brother|sister|son|daughter|friend|partner|spouse)s?(?: \w+)? (?:committed|died by) suicide)\b"
)


def despairs(text: str) -> bool:
    """Say whether `text` sounds like thoughts of ending one's life; where it is unsure, yes."""
    said = _plain(text)
    rest = _NOT_OF_ONESELF.sub(" ", said)
    if _PAIN.search(rest):
        return True
    if not _DOUBT.search(rest):
        return False
    # A debt named as the cause is no comfort: only one named as what is to end is.
    return not _HARMLESS.search(_CAUSE.sub(" ", rest))


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub(r"[’'`´]", "", folded)
    said = " ".join(re.sub(r"[^\w]+", " ", folded).split())
    return re.sub(r"\b(?:wanna)\b", "want to", re.sub(r"\b(?:gonna)\b", "going to", said))
