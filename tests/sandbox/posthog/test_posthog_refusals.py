"""What the query endpoint refuses: mistakes, and anything that is not a SELECT over its tables."""

import pytest


@pytest.mark.parametrize(
    ("sql", "detail"),
    [
        ("select nope from events", "Unable to resolve field: nope"),
        ("select e.nope from events e", "Unable to resolve field: nope"),
        ("select person.nope from events", "Unable to resolve field: person.nope"),
        ("select a.b.c from events", "Unable to resolve field: a.b.c"),
        ("select 1 from sessions", 'Unknown table "sessions".'),
        ("select frobnicate(event) from events", "Unsupported function call 'frobnicate(...)'"),
        ("select lower(event, 1) from events", "Function 'lower' expects 1 arguments, found 2"),
        ("select count(event, uuid) from events", "Function 'count' expects 1 arguments, found 2"),
        ("select event from events where {day} = 1", "Unresolved placeholder: {day}"),
        ("select (1, 2) = (1, 2, 3)", "Cannot compare tuples of different sizes"),
        ("show tables", "Only a single SELECT query can run"),
        ("", "Only a single SELECT query can run"),
    ],
)
def test_a_mistake_is_named(analytics, sql, detail):
    assert analytics.refused(sql) == detail


@pytest.mark.parametrize("sql", ["select event frm events where", "select (event from events"])
def test_text_that_cannot_be_read_is_a_syntax_error(analytics, sql):
    assert analytics.refused(sql).startswith("Syntax error: ")


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        'select * from "/etc/passwd"',
        "select * from url('http://127.0.0.1')",
        "select * from system.tables",
        "select * from information_schema.tables",
        "select * from duckdb_settings()",
        "select * from event_rows",
        "select * from pragma_version()",
        "select current_setting('threads')",
        "select getenv('HOME')",
        "copy events to '/tmp/x.csv'",
        "attach '/tmp/x.db'",
        "install httpfs",
        "set threads = 8",
        "pragma database_list",
        "insert into events select * from events",
        "drop view events",
        "select 1; drop view events",
        "with x as (delete from events) select 1",
        "select * from events array join properties",
        "select event from events limit 1 by event",
        "select event from events settings max_threads = 1",
        "select event from events final",
        "select event from events sample 0.1",
        "select count() from events group by event with totals",
        "select * except event from events",
        "select arrayMap(x -> x + 1, [1, 2])",
        "select event from events asof join persons on true",
        "select cast(1 as Map(String, String))",
    ],
)
def test_anything_but_a_select_over_the_tables_is_refused(analytics, sql):
    assert analytics.refused(sql)
    assert analytics.rows("select count() from events") == [[7]]


EVIL = ["'; drop view events; --", '" or 1=1 --', "\\' or 1=1 --", "{other}", "`x`", "/*", "a\0b"]


@pytest.mark.parametrize("text", EVIL)
def test_a_value_is_never_part_of_the_text(analytics, text):
    assert analytics.rows("select {v} as x", v=text) == [[text.replace("\0", "")]]
    assert analytics.rows("select count() from events where event = {v}", v=text) == [[0]]
    assert analytics.rows("select count() from events where event in {v}", v=[text]) == [[0]]
    assert analytics.rows("select properties[{v}] from events limit 1", v=text) == [[None]]


@pytest.mark.parametrize("name", ['x" from events; drop view events; --', "x'y", "x y"])
def test_an_alias_is_never_part_of_the_text(analytics, name):
    answer = analytics.query(f"select 1 as `{name}` from events limit 1")
    assert answer["columns"] == [name]
    assert analytics.rows("select count() from events") == [[7]]


def test_braces_and_dollars_in_text_and_comments_stay_as_they_are(analytics):
    sql = "select '{day}' as a, '$group_0' as b /* {day} */ from events -- {day}\nlimit 1"
    assert analytics.rows(sql) == [["{day}", "$group_0"]]


@pytest.mark.parametrize(
    ("value", "shown"), [(5, 5), (2.5, 2.5), (None, None), (True, 1), (["a", "b"], ["a", "b"])]
)
def test_a_value_may_be_any_json_but_an_object(analytics, value, shown):
    assert analytics.rows("select {v} as x", v=value) == [[shown]]
    assert "placeholder" in analytics.refused("select {v} as x", v={"a": 1})


def test_lists_of_values_filter(analytics):
    sql = "select count() from events where $group_0 in {keys}"
    assert analytics.rows(sql, keys=["t-kite", "t-reed"]) == [[6]]
    assert analytics.rows(sql, keys=[]) == [[0]]


def test_deep_nesting_is_refused_and_not_a_crash(analytics):
    assert analytics.refused("select " + "(" * 3000 + "1" + ")" * 3000)
    assert "longer than" in analytics.refused("select " + "1 + " * 20_000 + "1")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "parse_error"),
        (b"[]", "invalid_input"),
        (b"{}", "required"),
        (b'{"query": {"kind": "EventsQuery", "select": ["event"]}}', "invalid_input"),
        (b'{"query": {"kind": "HogQLQuery"}}', "invalid_input"),
        (b'{"query": {"kind": "HogQLQuery", "query": "select 1", "values": []}}', None),
        (b'{"query": {"kind": "HogQLQuery", "query": "select 1", "values": [1]}}', "invalid_input"),
        (
            b'{"query": {"kind": "HogQLQuery", "query": "select 1"}, "refresh": "x"}',
            "invalid_input",
        ),
    ],
)
def test_a_body_that_asks_nothing_is_refused(analytics, body, code):
    answer = analytics.ask("query/", "POST", data=body)
    assert answer.status_code == (400 if code else 200)
    assert answer.json().get("code") == code
