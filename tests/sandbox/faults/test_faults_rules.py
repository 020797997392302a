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
