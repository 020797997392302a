"""Group types, groups, persons and the deprecated events list (checked Nov 2026)."""


def follow(analytics, page):
    """All results from this page on, and in how many pages."""
    seen, pages = list(page["results"]), 1
    while page["next"]:
        page = analytics.get(page["next"])
        seen += page["results"]
        pages += 1
    return seen, pages


def test_group_types_have_an_index(analytics):
    (company,) = analytics.get("groups_types/")
    assert (company["group_type"], company["group_type_index"]) == ("company", 0)
    assert {"detail_dashboard", "default_columns", "created_at"} <= set(company)


def test_groups_are_listed_with_their_properties(analytics):
    page = analytics.get("groups/", group_type_index=0)
    assert (page["next"], page["previous"]) == (None, None)
    kite = next(row for row in page["results"] if row["group_key"] == "t-kite")
    assert kite["group_type_index"] == 0
    assert kite["group_properties"]["name"] == "Kite & Co"
    assert kite["created_at"] == "2026-01-05T00:00:00Z"
    assert analytics.get("groups/find", group_type_index=0, group_key="t-kite") == kite
    assert analytics.ask("groups/find?group_type_index=0&group_key=none").status_code == 404


def test_groups_are_searched_by_key_and_property(analytics):
    by_key = analytics.get("groups/", group_type_index=0, search="T-REED")["results"]
    by_name = analytics.get("groups/", group_type_index=0, search="kite &")["results"]
    assert [row["group_key"] for row in by_key] == ["t-reed"]
    assert [row["group_key"] for row in by_name] == ["t-kite"]
    assert analytics.get("groups/", group_type_index=1)["results"] == []


def test_groups_come_in_pages_of_100_by_an_opaque_cursor(serve):
    accounts = [{"account_no": n, "tenant_key": f"t-{n:03}", "name": str(n)} for n in range(1, 251)]
    with serve([], accounts=accounts) as analytics:
        groups, pages = follow(analytics, analytics.get("groups/", group_type_index=0))
        assert pages == 3
        assert [row["group_key"] for row in groups] == [f"t-{n:03}" for n in range(1, 251)]


def test_the_group_type_must_be_named(analytics):
    answer = analytics.ask("groups/")
    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["attr"]) == ("required", "group_type_index")


def test_persons_are_listed_page_by_page(analytics):
    persons, pages = follow(analytics, analytics.get("persons/", limit=2))
    assert pages == 2
    assert {row["properties"]["email"] for row in persons} == {
        "ana@kite.co",
        "bo@kite.co",
        "cy@reed.example",
    }
    by_id = {tuple(row) for row in analytics.rows("select id, properties.email from persons")}
    assert {(row["id"], row["name"]) for row in persons} == by_id


def test_a_person_is_found_by_email_by_distinct_id_and_by_id(analytics):
    (ana,) = analytics.get("persons/", email="ANA@kite.co")["results"]
    assert ana["distinct_ids"] == ["user_11"]
    assert analytics.get("persons/", distinct_id="user_11")["results"] == [ana]
    assert analytics.get(f"persons/{ana['id']}/") == ana
    assert analytics.ask("persons/none/").status_code == 404


def test_events_are_the_last_days_newest_first_unless_told_otherwise(analytics):
    page = analytics.get("events/")
    assert [row["timestamp"] for row in page["results"]] == ["2026-11-19T23:30:00Z"]
    everything = analytics.get("events/", after="2026-11-01T00:00:00Z")["results"]
    assert len(everything) == 7
    times = [row["timestamp"] for row in everything]
    assert times == sorted(times, reverse=True)
    up = analytics.get("events/", after="2026-11-01", orderBy='["timestamp"]')["results"]
    assert [row["timestamp"] for row in up] == sorted(times)
    assert everything[0]["properties"]["$lib"] == "web"


def test_events_filter_by_name_and_page_by_time(analytics):
    page = analytics.get("events/", after="2026-11-01", event="page_viewed", limit=2)
    events, pages = follow(analytics, page)
    assert pages == 3
    assert len(events) == 5
    assert {row["event"] for row in events} == {"page_viewed"}


def test_events_refuse_deep_offsets_and_long_spans(analytics):
    assert analytics.ask("events/?offset=50001").status_code == 400
    assert analytics.ask("events/?after=2025-01-01T00:00:00Z").status_code == 400
    assert analytics.ask("events/?after=soon").status_code == 400
