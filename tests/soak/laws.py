"""What holds after days of storms, whatever the vendors; a test module takes these as its tests."""

from tests.soak.contents import facts_of, quarantined, raw_of, scores_of, unlike

KINDS = 12  # of faults that a storm of several days has at least
FILLED = ("ticket", "invoice", "usage_day", "touch", "account_link")


def test_every_vendor_had_its_storm_and_runs_were_tried_again(lived):
    assert len(lived.days) >= 2
    assert {vendor for vendor, _ in lived.fired} == set(lived.vendors.values())
    assert len({fault for (_, fault), fired in lived.fired.items() if fired}) >= KINDS
    assert lived.retried.total() > 0


def test_the_newest_version_of_every_record_is_the_vendors(lived):
    assert unlike(raw_of(lived.calm.engine), raw_of(lived.stormy.engine)) == {}
    assert quarantined(lived.stormy.engine) == quarantined(lived.calm.engine)


def test_the_facts_are_those_of_calm_days(lived):
    calm = facts_of(lived.calm.engine)
    assert all(calm[table] for table in FILLED)
    assert unlike(calm, facts_of(lived.stormy.engine)) == {}


def test_the_series_readings_and_scores_of_each_day_are_those_of_calm_days(lived):
    calm = scores_of(lived.calm.engine)
    assert len(calm["publication"]) == len(lived.days)
    assert unlike(calm, scores_of(lived.stormy.engine)) == {}
