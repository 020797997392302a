"""Rules that fire by chance: random, and the same every time."""

from sandbox.doors import VENDORS
from sandbox.faults import Faults

RULE = {"vendor": "hubspot", "path": "/", "fault": "status", "code": 500, "chance": 0.3}


def fired(rule, requests=200, vendor="hubspot"):
    """The numbers of the requests on which a rule fires."""
    faults, hits = Faults([rule]), []
    for number in range(requests):
        for one in faults.matching(vendor, "GET", "/x"):
            if one.is_due():
                one.fired += 1
                hits.append(number)
    return hits


def test_a_chance_fires_about_as_often_as_it_says_and_never_ends():
    assert 40 < len(fired(RULE)) < 80
    assert len(fired({**RULE, "chance": 1})) == 200


def test_a_seed_repeats_the_storm_and_another_one_makes_another():
    assert fired({**RULE, "seed": 7}) == fired({**RULE, "seed": 7})
    assert fired({**RULE, "seed": 7}) != fired({**RULE, "seed": 8})


def test_rules_of_one_seed_do_not_fire_together():
    other = {**RULE, "fault": "cut"}
    del other["code"]
    assert fired(RULE) != fired(other)


def test_a_rule_draws_the_same_whatever_stands_before_it(vendor):
    storm = {"fault": "status", "code": 503, "chance": 0.4, "seed": 2}
    vendor.order(storm)
    alone = [vendor.get("/list").status for _ in range(20)]
    vendor.order({"fault": "clock_skew", "seconds": 5, "times": -1}, storm)
    assert [vendor.get("/list").status for _ in range(20)] == alone
    assert {200, 503} == set(alone)


def test_times_and_after_bound_a_chance():
    hits = fired({**RULE, "times": 3, "after": 50})
    assert len(hits) == 3
    assert min(hits) >= 50


def test_a_rule_may_name_several_vendors_or_all_and_counts_for_each():
    faults = Faults([{**RULE, "vendor": ["stripe", "hubspot"]}, {**RULE, "vendor": "all"}])
    vendors = [row["vendor"] for row in faults.report()]
    assert vendors == ["stripe", "hubspot", *VENDORS]
    assert len(faults.matching("stripe", "GET", "/v1")) == 2
    assert len(faults.matching("mixpanel", "GET", "/v1")) == 1
    same = {**RULE, "vendor": "all"}
    assert fired(same, vendor="stripe") != fired(same, vendor="hubspot")
