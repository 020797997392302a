"""The query endpoint's envelope, limits and types (vendor documentation, checked Nov 2026)."""

import pytest

USAGE = """
    select $group_0 as account_key, toDate(toTimeZone(timestamp, 'UTC')) as day,
        count() as events, groupUniqArray(person_id) as users, groupUniqArray(event) as features
    from events
    where timestamp >= {from} and timestamp < {to} and $group_0 != ''
    group by account_key, day
    having (day, account_key) > ({after_day}, {after_key})
    order by day, account_key limit 50000
"""
WINDOW = {
    "from": "2026-11-01 00:00:00",
    "to": "2026-11-20T00:00:00Z",
    "after_day": "1970-01-01",
    "after_key": "",
}


def pages(path, count):
    return [
        ("page_viewed", f"2026-11-1{n % 9}T{n % 24:02d}:{n % 60:02d}:00", 11, path) for n in count
    ]


def test_the_envelope_holds_columns_types_rows_and_how_they_came(analytics):
    answer = analytics.query("select event, count() as n from events group by event order by event")
    assert answer["columns"] == ["event", "n"]
    assert answer["types"] == [["event", "String"], ["n", "UInt64"]]
    assert answer["results"] == [["page_viewed", 5], ["report_exported", 2]]
    assert (answer["hasMore"], answer["limit"], answer["offset"]) == (False, 100, 0)
    assert (answer["error"], answer["is_cached"], answer["timings"]) == (None, False, [])
    assert answer["last_refresh"].startswith("2026-11-20T03:0")
    assert answer["cache_key"].startswith("cache_")
    assert "LIMIT 100" in answer["hogql"]


def test_usage_per_account_and_day_comes_in_one_query(analytics):
    answer = analytics.query(USAGE, WINDOW)
    assert answer["types"] == [
        ["account_key", "String"],
        ["day", "Date"],
        ["events", "UInt64"],
        ["users", "Array(UUID)"],
        ["features", "Array(String)"],
    ]
    facts = [[*row[:3], len(row[3]), sorted(row[4])] for row in answer["results"]]
    assert facts == [
        ["t-kite", "2026-11-18", 3, 2, ["page_viewed", "report_exported"]],
        ["t-reed", "2026-11-18", 1, 1, ["page_viewed"]],
        ["t-kite", "2026-11-19", 1, 1, ["report_exported"]],
        ["t-reed", "2026-11-19", 1, 1, ["page_viewed"]],
    ]


def test_pages_by_key_meet_without_a_gap_or_a_double(analytics):
    sql, seen, after = USAGE.replace("limit 50000", "limit 1"), [], dict(WINDOW)
    while rows := analytics.rows(sql, **after):
        (row,) = rows
        seen.append(row[:2])
        after |= {"after_day": row[1], "after_key": row[0]}
    assert seen == [row[:2] for row in analytics.rows(USAGE, **WINDOW)]


def test_without_a_limit_100_rows_come_silently(serve):
    with serve(pages("t-kite", range(150))) as analytics:
        answer = analytics.query("select uuid from events")
        assert (len(answer["results"]), answer["limit"], answer["hasMore"]) == (100, 100, True)
        answer = analytics.query("select uuid from events limit 150")
        assert (len(answer["results"]), answer["limit"], answer["hasMore"]) == (150, 150, False)
        assert analytics.query("select uuid from events limit 149")["hasMore"] is True


def test_more_than_50_000_rows_never_come(serve):
    with serve(pages("t-kite", range(260))) as analytics:
        answer = analytics.query("select a.event from events a cross join events b limit 60000")
        assert (len(answer["results"]), answer["limit"]) == (50_000, 50_000)
        assert answer["hasMore"] is True


def test_an_offset_skips_rows(analytics):
    everything = analytics.rows("select uuid from events order by timestamp")
    answer = analytics.query("select uuid from events order by timestamp limit 2 offset 3")
    assert answer["results"] == everything[3:5]
    assert (answer["limit"], answer["offset"]) == (2, 3)


def test_a_limit_may_be_a_placeholder(analytics):
    assert len(analytics.rows("select uuid from events limit {n}", n=3)) == 3
    assert "whole numbers" in analytics.refused("select uuid from events limit {n}", n="3; drop")


def test_events_without_a_group_have_empty_text(analytics):
    assert analytics.rows("select count() from events where $group_0 = ''") == [[1]]
    assert analytics.rows("select count() from events where $group_0 is null") == [[0]]


def test_the_company_is_where_the_project_puts_it(serve):
    with serve(company_index=2) as analytics:
        types = {
            row["group_type"]: row["group_type_index"] for row in analytics.get("groups_types")
        }
        assert types == {"instance": 0, "project": 1, "company": 2}
        keys = analytics.rows("select distinct $group_2 from events order by 1")
        assert keys == [[""], ["t-kite"], ["t-reed"]]
        assert analytics.rows("select distinct $group_0 from events") == [["kite-cloud"]]
        assert analytics.rows("select distinct $group_3 from events") == [[""]]
        named = analytics.rows(
            "select any(group_2.properties.name) from events where $group_2 != ''"
        )
        assert named[0][0] in ("Kite & Co", "Reed")


def test_a_star_has_every_column_of_its_table(analytics):
    events = analytics.query("select * from events limit 1")["columns"]
    assert {"uuid", "event", "timestamp", "distinct_id", "person_id", "properties"} <= set(events)
    assert {"created_at", "$session_id", "$group_0", "$group_4"} <= set(events)
    assert analytics.query("select * from persons limit 1")["columns"] == [
        "id",
        "created_at",
        "properties",
    ]
    groups = analytics.query("select * from groups limit 1")["columns"]
    assert groups == ["index", "key", "properties", "created_at", "updated_at"]


def test_an_expression_without_alias_is_its_own_column_name(analytics):
    sql = "select event, count(), toDate(timestamp) from events group by event, toDate(timestamp)"
    assert analytics.query(sql)["columns"] == ["event", "count()", "toDate(timestamp)"]


def test_properties_are_found_on_events_persons_and_groups(analytics):
    sql = """select distinct properties.$lib, person.properties.email, group_0.properties.segment
        from events where event = 'report_exported'"""
    answer = analytics.query(sql)
    assert answer["results"] == [["web", "ana@kite.co", "enterprise"]]
    assert answer["types"][1] == ["email", "Nullable(String)"]
    aliased = "select e.person.properties.email from events as e where e.properties['$lib'] = 'web'"
    assert ["bo@kite.co"] in analytics.rows(aliased)
    assert analytics.rows("select properties.none.such from events limit 1") == [[None]]


def test_persons_and_groups_are_tables_of_their_own(analytics):
    sql = "select properties.email, id from persons order by properties.email"
    persons = analytics.rows(sql)
    assert [row[0] for row in persons] == ["ana@kite.co", "bo@kite.co", "cy@reed.example"]
    groups = analytics.rows("select index, key, properties.name from groups order by key")
    assert groups == [[0, "t-kite", "Kite & Co"], [0, "t-reed", "Reed"]]
    joined = """select p.properties.email, count() as n from events e
        join persons p on p.id = e.person_id group by 1 order by n desc, 1 limit 1"""
    assert analytics.rows(joined) == [["ana@kite.co", 3]]


def test_ids_stay_the_same_when_the_world_grows(serve):
    later = [*EVENTS_THEN, ("page_viewed", "2026-11-19T10:00:00", 12, "t-kite")]
    sql = "select uuid, person_id, distinct_id, $session_id from events order by timestamp, uuid"
    with serve(EVENTS_THEN) as then, serve(later) as now:
        before, after = then.rows(sql), now.rows(sql)
    assert len(before) == 2
    assert after[: len(before)] == before
    assert len({row[0] for row in after}) == len(after)


EVENTS_THEN = [
    ("page_viewed", "2026-11-18T09:00:00", 11, "t-kite"),
    ("page_viewed", "2026-11-18T09:00:00", 11, "t-kite"),
]


def test_duplicates_differ_by_uuid_only(serve):
    with serve(EVENTS_THEN) as analytics:
        counted = "select count(), count(distinct uuid), count(distinct timestamp) from events"
        assert analytics.rows(counted) == [[2, 2, 1]]


@pytest.mark.parametrize("root", ["projects", "environments"])
@pytest.mark.parametrize("slash", ["/", ""])
def test_the_endpoint_stands_below_projects_and_environments(analytics, root, slash):
    address = f"{analytics.url}/api/{root}/1/query{slash}"
    body = {"query": {"kind": "HogQLQuery", "query": "select 1"}}
    assert analytics.ask(address, "POST", json=body).json()["results"] == [[1]]
