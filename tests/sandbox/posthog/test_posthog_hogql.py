"""What HogQL's functions and clauses mean (ClickHouse documentation, checked Nov 2026)."""

import pytest


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("lower('AbC')", "abc"),
        ("length('abc')", 3),
        ("empty('')", 1),
        ("notEmpty('a')", 1),
        ("startsWith('page_viewed', 'page')", 1),
        ("endsWith('page_viewed', 'page')", 0),
        ("substring('abcd', 2, 2)", "bc"),
        ("concat('a', 'b', 'c')", "abc"),
        ("splitByChar('@', 'ana@kite.co')[2]", "kite.co"),
        ("replaceAll('a-b-c', '-', '+')", "a+b+c"),
        ("match('report_exported', '^report')", 1),
        ("'abc' like 'a%'", 1),
        ("'abc' not like 'a%'", 0),
        ("'ABC' ilike 'a%'", 1),
        ("coalesce(null, 'x')", "x"),
        ("ifNull(null, 'x')", "x"),
        ("nullIf('', '')", None),
        ("isNull(null)", 1),
        ("if(1 = 2, 'a', 'b')", "b"),
        ("multiIf(1 = 2, 'a', 2 = 2, 'b', 'c')", "b"),
        ("1 = 2 ? 'a' : 'b'", "b"),
        ("case when 1 = 2 then 'a' else 'b' end", "b"),
        ("case 3 when 3 then 'three' end", "three"),
        ("toString(5)", "5"),
        ("toInt('5')", 5),
        ("toFloat('2.5')", 2.5),
        ("toInt('five')", None),
        ("intDiv(7, 2)", 3),
        ("7 % 4 + 2 * 3 - 1", 8),
        ("1 / 2", 0.5),
        ("-(3)", -3),
        ("least(2, 1, 3)", 1),
        ("greatest(2, 1, 3)", 3),
        ("has(['a', 'b'], 'b')", 1),
        ("arraySort(['b', 'a'])", ["a", "b"]),
        ("arrayStringConcat(['a', 'b'], '-')", "a-b"),
        ("[3, 4][1]", 3),
        ("arrayElement([3, 4], 2)", 4),
        ("round(2.345, 1)", 2.3),
        ("equals(1, 1)", 1),
        ("greaterOrEquals(1, 2)", 0),
        ("and(1 = 1, 2 = 2)", 1),
        ("not(1 = 1)", 0),
        ("1 between 0 and 2", 1),
        ("5 in (1, 5)", 1),
        ("5 not in [1, 5]", 0),
        ("(1, 'b') > (1, 'a')", 1),
        ("(1, 'b') >= (1, 'b')", 1),
        ("(2, 'a') < (1, 'z')", 0),
        ("tuple(1, 'b') = tuple(1, 'b')", 1),
        ("(1, 2) in ((1, 2), (3, 4))", 1),
        ("JSONExtractString('{\"a\": {\"b\": \"c\"}}', 'a', 'b')", "c"),
        ("JSONExtractInt('{\"a\": 7}', 'a')", 7),
        ("'it''s'", "it's"),
        ("cast('5' as Int64) + 1", 6),
        ("true", 1),
    ],
)
def test_an_expression_has_the_value_that_clickhouse_gives(analytics, expression, value):
    assert analytics.value(expression) == value


@pytest.mark.parametrize(
    ("aggregation", "value"),
    [
        ("count()", 7),
        ("count(*)", 7),
        ("COUNT(*)", 7),
        ("Count(DISTINCT person_id)", 3),
        ("avg(event = 'report_exported')", 2 / 7),
        ("round(stddevPop(toHour(timestamp)), 1)", 5.8),
        ("countIf(event = 'report_exported')", 2),
        ("uniq(person_id)", 3),
        ("uniqExact(person_id)", 3),
        ("count(distinct person_id)", 3),
        ("count(distinct person_id, event)", 4),
        ("uniqIf(person_id, event = 'report_exported')", 1),
        ("min(event)", "page_viewed"),
        ("max(event)", "report_exported"),
        ("any(event)", "page_viewed"),
        ("argMax(event, timestamp)", "page_viewed"),
        ("sum(if(event = 'report_exported', 2, 1))", 9),
        ("sumIf(3, event = 'report_exported')", 6),
        ("avg(length(event))", 85 / 7),
        ("arraySort(groupUniqArray(event))", ["page_viewed", "report_exported"]),
        ("length(groupArray(event))", 7),
        ("length(groupArray(3)(event))", 3),
        ("length(groupArrayIf(event, event = 'report_exported'))", 2),
        ("groupUniqArray(nullIf(event, event))", []),
        ("median(toHour(timestamp))", 10),
        ("quantile(0)(toHour(timestamp))", 2),
    ],
)
def test_an_aggregation_has_the_value_that_clickhouse_gives(analytics, aggregation, value):
    assert analytics.rows(f"select {aggregation} from events") == [[pytest.approx(value)]]


@pytest.mark.parametrize(
    ("expression", "label"),
    [
        ("count()", "UInt64"),
        ("uniq(person_id)", "UInt64"),
        ("any(event)", "String"),
        ("any(person_id)", "UUID"),
        ("groupUniqArray(person_id)", "Array(UUID)"),
        ("avg(length(event))", "Float64"),
        ("max(timestamp)", "DateTime64(6, 'UTC')"),
        ("toStartOfDay(max(timestamp))", "DateTime('UTC')"),
        ("toDate(max(timestamp))", "Date"),
        ("nullIf(any(event), '')", "Nullable(String)"),
    ],
)
def test_types_have_clickhouse_names(analytics, expression, label):
    assert analytics.query(f"select {expression} as x from events")["types"] == [["x", label]]


def test_a_star_around_a_subquery_has_its_names(analytics):
    answer = analytics.query("select * from (select event, count() from events group by event)")
    assert answer["columns"] == ["event", "count()"]
    assert answer["types"][1] == ["count()", "UInt64"]


def test_counts_keep_their_type_through_a_subquery(analytics):
    sql = "select max(n) as most from (select count() as n from events group by person_id)"
    answer = analytics.query(sql)
    assert answer["results"] == [[3]]
    assert answer["types"] == [["most", "UInt64"]]


def test_a_difference_of_counts_may_be_negative(analytics):
    sql = "select countIf(event = 'report_exported') - count() from events"
    assert analytics.rows(sql) == [[-5]]


def test_clauses_group_filter_sort_and_cut(analytics):
    sql = """select person_id, count() as n from events where event = 'page_viewed'
        group by person_id having n > 1 order by n desc limit 1"""
    ((_, count),) = analytics.rows(sql)
    assert count == 3


def test_common_table_expressions_and_subqueries_nest(analytics):
    sql = """with daily as (
            select toDate(timestamp) as day, uniq(person_id) as users from events group by day
        )
        select day, users from daily where users = (select max(users) from daily)"""
    assert analytics.rows(sql) == [["2026-11-18", 3]]
    chosen = "select id from persons where properties.email like '%reed%'"
    assert analytics.rows(f"select count() from events where person_id in ({chosen})") == [[3]]


def test_unions_joins_and_windows_work(analytics):
    union = "select x from (select 'b' as x union all select 'a') order by x"
    assert analytics.rows(union) == [["a"], ["b"]]
    left = """select g.key, count(e.uuid) from groups g left join events e on e.$group_0 = g.key
        group by g.key order by g.key"""
    assert analytics.rows(left) == [["t-kite", 4], ["t-reed", 2]]
    window = """select event, row_number() over (partition by event order by timestamp) as n
        from events order by event desc, n desc limit 1"""
    assert analytics.rows(window) == [["report_exported", 2]]


def test_what_is_missing_sorts_last_both_ways(analytics):
    for way in ("asc", "desc"):
        sql = f"select nullIf(event, 'page_viewed') as x from events order by x {way} limit 100"
        assert [row[0] for row in analytics.rows(sql)][:2] == ["report_exported"] * 2


def test_text_sorts_as_text(analytics):
    sql = "select distinct $group_0 as k from events where k > 't-kite' or k = '' order by k"
    assert analytics.rows(sql) == [[""], ["t-reed"]]
