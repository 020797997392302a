from sandbox.state import Journal


def test_a_custom_field_is_written_and_moves_the_stamp(till):
    before = till.get("/customers/cus_Kite")["customer"]
    answer = till.write("cus_Kite", cf_health_score="72", company="Kite & Sons")
    after = till.get("/customers/cus_Kite")["customer"]
    assert answer.json() == {"customer": after}
    assert (after["cf_health_score"], after["company"]) == ("72", "Kite & Sons")
    assert after["updated_at"] > before["updated_at"]
    assert till.ids("/customers", "customer", ("cf_health_score[is]", "72")) == ["cus_Kite"]


def test_a_custom_field_that_the_site_lacks_is_a_wrong_parameter(till):
    for name in ("cf_unknown", "nonsense"):
        status, error = till.refused("/customers/cus_Kite", (name, "1"), method="POST")
        assert (status, error["api_error_code"], error["param"]) == (400, "param_wrong_value", name)
    assert till.state.journal.entries("chargebee") == []


def test_an_empty_value_takes_it_away(till):
    till.write("cus_Kite", cf_health_score="72")
    till.write("cus_Kite", cf_health_score="")
    assert "cf_health_score" not in till.get("/customers/cus_Kite")["customer"]


def test_the_same_key_writes_once(till):
    first = till.write("cus_Kite", key="k1", cf_health_score="1")
    again = till.write("cus_Kite", key="k1", cf_health_score="1")
    assert first.json() == again.json()
    assert again.headers["chargebee-idempotency-replayed"] == "true"
    assert "chargebee-idempotency-replayed" not in first.headers
    other = {"headers": {"chargebee-idempotency-key": "k1"}, "method": "POST"}
    assert till.refused("/customers/cus_Kite", ("cf_health_score", "2"), **other)[0] == 400


def test_writes_outlive_a_restart(serve, tmp_path):
    rows = {"customers": [{}], "subscriptions": [{}]}
    with serve(**rows, journal=Journal(tmp_path / "journal")) as site:
        answer = site.write("cus_Kite", key="k1", cf_health_band="red", meta_data='{"a": 1}')
    with serve(**rows, journal=Journal(tmp_path / "journal")) as site:
        customer = site.get("/customers/cus_Kite")["customer"]
        assert site.write("cus_Kite", key="k1", cf_health_band="red", meta_data='{"a": 1}').json()
        events = site.rows("/events", "event", ("event_type[is]", "customer_changed"))
    assert customer == answer.json()["customer"]
    assert (customer["cf_health_band"], customer["meta_data"]) == ("red", {"a": 1})
    assert len(events) == 1
