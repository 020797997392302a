import pytest

from sandbox.faults import Faults, read_rules

GOOD = {"vendor": "stripe", "path": "/v1", "fault": "status", "code": 500}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fault": "stats"}, "fault 'stats' is unknown; did you mean 'status'"),
        ({"vendor": "strype"}, "vendor 'strype' is unknown; did you mean 'stripe'"),
        ({"tims": 2}, "key 'tims' is unknown; did you mean 'times'"),
        ({"seconds": 2}, "key 'seconds' is unknown"),
        ({"code": None}, "code must be a whole number"),
        ({"code": 700}, "code must be at most 599"),
        ({"times": 0}, "times 0 would never fire"),
        ({"times": "2"}, "times must be a whole number"),
        ({"after": -1}, "after must be a whole number of at least 0"),
        ({"path": ""}, "needs path"),
        ({"applied": "yes"}, "applied must be true or false"),
        ({"fault": "duplicate", "where": "nxt", "code": ...}, "did you mean 'next'"),
        ({"fault": "retype_field", "code": ...}, "needs field, to"),
        ({"fault": "slow", "code": ..., "seconds": "long"}, "seconds must be a number"),
        ({"fault": "slow", "code": ..., "seconds": float("inf")}, "seconds must be a number"),
        ({"fault": []}, "needs fault"),
        ({"vendor": {"stripe": 1}}, "did you mean"),
        ({"vendor": ["stripe", "hubspt"]}, "'hubspt' is unknown; did you mean 'hubspot'"),
        ({"path": 7}, "path must be text"),
        ({"method": ["GET"]}, "method must be text"),
        ({"headers": ["Retry-After"]}, "headers must be a mapping"),
        ({"chance": 0}, "chance must be above 0 and at most 1"),
        ({"chance": 5}, "chance must be above 0 and at most 1"),
        ({"chance": 0.1, "seed": "seven"}, "seed must be a whole number"),
        ({"seed": 7}, "a seed does nothing without a chance"),
        ({"fault": "late", "code": ...}, "needs requests or days"),
        ({"fault": "late", "code": ..., "requests": 2, "days": 1}, "needs requests or days"),
        ({"fault": "late", "code": ..., "days": 1, "n": -2}, "n must be a whole number"),
        ({"fault": "edited", "code": ..., "field": "x"}, "needs value"),
        ({"fault": "broken_archive", "code": ..., "how": "badly"}, "how 'badly' is unknown"),
    ],
)
def test_a_wrong_rule_is_refused_by_place_and_with_the_nearest_name(change, message):
    rule = {key: value for key, value in {**GOOD, **change}.items() if value is not ...}
    with pytest.raises(ValueError, match="fault rule 2") as error:
        Faults([GOOD, rule])
    assert message in str(error.value)


@pytest.mark.parametrize("rows", [{"a": 1}, "status", 7])
def test_rules_are_a_list(rows):
    with pytest.raises(ValueError, match="list of rules"):
        Faults(rows)


def test_a_wrong_list_leaves_the_rules_before_in_force():
    faults = Faults([GOOD])
    with pytest.raises(ValueError, match="mapping"):
        faults.replace([GOOD, "status"])
    assert faults.report() == [{**GOOD, "seen": 0, "fired": 0}]


def test_rules_are_read_from_a_file(tmp_path):
    path = tmp_path / "faults.yaml"
    path.write_text("- {vendor: stripe, path: /v1, fault: cut, times: -1}\n")
    assert read_rules(path) == [{"vendor": "stripe", "path": "/v1", "fault": "cut", "times": -1}]
    path.write_text("")
    assert read_rules(path) == []


@pytest.mark.parametrize("text", ["- {vendor: [", "vendor: stripe", "- {vendor: stripe}"])
def test_a_wrong_file_is_named(tmp_path, text):
    path = tmp_path / "faults.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"faults\.yaml"):
        read_rules(path)
    with pytest.raises(ValueError, match=r"nowhere\.yaml: cannot be read"):
        read_rules(tmp_path / "nowhere.yaml")
