"""The ways out: each option with its conditions, and their order.

`OPTIONS` holds every option by name: a function of the facts, the figures and the day that returns its
`Verdict`. `rank` puts them in order. A new option is one function here, its description in
`params/options.toml` and its words in `templates/<lang>/options.j2` and `reasons.j2`.
"""

from bot.rules.options import plans, relief
from bot.rules.options.ranking import Comparison, Ranking, Step, rank
from bot.rules.options.verdict import OPTIONS, Cost, Fee, Lien, Verdict

__all__ = [
    "OPTIONS",
    "Comparison",
    "Cost",
    "Fee",
    "Lien",
    "Ranking",
    "Step",
    "Verdict",
    "plans",
    "rank",
    "relief",
]
