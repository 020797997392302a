"""Published days to export, and what asks for a file of them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.export.days import Asked
from include.export.export import Exported, Wish, export, kind_of
from tests.database.bi.conftest import published, shop
from tests.database.scores.circumstances.conftest import world

__all__ = ["published", "shop", "world"]

NOW = datetime(2026, 4, 1, 5, tzinfo=UTC)


@pytest.fixture
def exported(tmp_path) -> Callable[..., tuple[Path, Exported]]:
    """Write an export of a shop's store; return the file and what is told of it."""

    def write(shop, what="accounts", form="csv", *, stale=None, outcome="retention", **asked):
        out = tmp_path / f"{what}.{form}"
        wish = Wish(kind_of(what), outcome, Asked(**asked), form, out, stale, NOW)
        return out, export(shop.job, wish)

    return write
