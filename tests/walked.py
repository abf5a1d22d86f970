"""What sample people see in this house: it takes a while, so the tests of one group look at it once."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest

from bot import check, config
from bot.run import at_home
from bot.shell import preview

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SAME_WALK = pytest.mark.xdist_group("walked")


@cache
def walked() -> tuple[check.Unsaid, preview.Seen]:
    """Return what the check finds here, and every screen it saw."""
    settings, seen = config.read({}), preview.Seen()
    return check.unsaid(*at_home(settings), NOW, check.terms_of(settings), seen.see), seen
