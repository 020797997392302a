"""Commands that name an account print no command to the terminal, whatever the CRM calls it."""

from datetime import timedelta

import pytest

from tests.database.histories.conftest import TODAY
from tests.database.scores.receipts.test_hostile_receipt import COMMANDS, EVERYTHING
from tests.database.typed import health_on

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def typed(shop, tmp_path):
    """Accounts whose name, id and segment are all hostile texts; one has changed since its day."""
    for day in (YESTERDAY, TODAY):
        shop.run(day)
    shop.execute(
        "update core.account set name = :said, source_account_id = :said || account_id,"
        " segment = :said, owner_id = :said",
        said=EVERYTHING,
    )
    shop.happens(TODAY, account=5, value=400)
    shop.backfill(TODAY)
    health = health_on(shop.engine, tmp_path, shop.environment())

    def run(*arguments):
        done = health(*arguments)
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.mark.parametrize(
    "asked",
    [
        ("accounts",), ("diff", "--as-of", TODAY), ("explain", f"{EVERYTHING}5"),
        ("peers", f"{EVERYTHING}5"), ("trend", f"{EVERYTHING}5"), ("path", f"{EVERYTHING}5"),
        ("change", f"{EVERYTHING}5", "--from", YESTERDAY), ("explain", EVERYTHING),
    ],
    ids=lambda asked: " ".join(map(str, asked))[:12],
)  # fmt: skip
def test_what_is_printed_is_text(typed, asked):
    code, said = typed(*asked)
    assert "alert(1)" in said, (code, said)
    assert not [sign for sign in COMMANDS if sign in said]
