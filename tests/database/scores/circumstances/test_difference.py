"""What late data changed of a live day, on what the account stood on then."""

from datetime import timedelta

from include.pipeline.difference import difference
from tests.database.scores.circumstances.conftest import FIRST


def test_only_readings_differ_an_account_keeps_the_segment_it_had_when_the_day_was_live(world):
    for day in (FIRST, FIRST + timedelta(days=1)):
        world.run(day)
    stored = world.snapshot(3, FIRST, "score, context")
    world.happens(FIRST, account=3, value=9.0)
    world.execute(
        "update core.account_attribute set value = 'Small' where account_id = 3"
        " and attribute = 'segment'"
    )
    found = {one.account_id: one for one in difference(world.job, world.card, FIRST).accounts}
    assert stored[1]["attributes"] == {"segment": "Enterprise"}
    assert found[3].live == stored[0]
    assert [one.name for one in found[3].measures] == ["events"]
    assert found[3].reconstructed > stored[0]
