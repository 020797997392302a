import pytest


def records(vendor, rule):
    vendor.order(rule)
    return vendor.get("/list").json["results"]


def test_a_field_is_dropped_from_every_record(vendor):
    rows = records(vendor, {"fault": "drop_field", "field": "properties.arr"})
    assert [row["properties"] for row in rows] == [{"name": "n0"}, {"name": "n1"}]


def test_a_field_is_dropped_from_one_record(vendor):
    rows = records(vendor, {"fault": "drop_field", "field": "properties.arr", "n": 1})
    assert ["arr" in row["properties"] for row in rows] == [True, False]


def test_a_field_is_renamed(vendor):
    rows = records(vendor, {"fault": "rename_field", "field": "properties.arr", "to": "acv"})
    assert rows[1]["properties"] == {"name": "n1", "acv": "10"}


@pytest.mark.parametrize(
    ("kind", "value"),
    [("number", 10.0), ("list", ["10"]), ("object", {"value": "10"}), ("text", "10")],
)
def test_a_field_changes_its_type(vendor, kind, value):
    rows = records(vendor, {"fault": "retype_field", "field": "properties.arr", "to": kind})
    assert rows[1]["properties"]["arr"] == value


def test_one_record_loses_its_id(vendor):
    rows = records(vendor, {"fault": "no_id", "n": 1})
    assert ["id" in row for row in rows] == [True, False]


@pytest.mark.parametrize("value", ["no date", -5, None, {"deep": [1]}])
def test_a_field_is_set_in_the_first_record_only(vendor, value):
    rule = {"fault": "set", "field": "properties.renewal_date", "value": value}
    rows = records(vendor, rule)
    assert rows[0]["properties"]["renewal_date"] == value
    assert "renewal_date" not in rows[1]["properties"]
    assert vendor.get("/list").json["results"][0]["properties"] == {"name": "n0", "arr": "0"}


def test_a_record_that_is_not_on_the_page_leaves_the_rule_unfired(vendor):
    records(vendor, {"fault": "set", "field": "id", "value": "x", "n": 7})
    assert vendor.fired == [0]


def test_the_changed_page_has_a_right_length(vendor):
    vendor.order({"fault": "set", "field": "id", "value": "x" * 500})
    answer = vendor.get("/list")
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert answer.ids == ["x" * 500, "1"]


def test_a_lone_object_is_a_page_of_one(vendor):
    vendor.order({"fault": "set", "field": "id", "value": "other", "method": "POST"})
    assert vendor.ask("POST", "/write", {"n": 1}).json == {"id": "other"}


def test_a_querys_fields_are_its_columns(vendor):
    vendor.order(
        {"fault": "set", "field": "events", "value": -1, "n": 1},
        {"fault": "drop_field", "field": "day"},
        {"fault": "rename_field", "field": "key", "to": "account"},
    )
    answer = vendor.ask("POST", "/query", {}).json
    assert answer["columns"] == ["account", "events"]
    assert answer["types"] == [["account", "String"], ["events", "UInt64"]]
    assert answer["results"] == [["a", 3], ["b", -1]]
