"""Times and zones: days are the project's unless the query says otherwise (checked Nov 2026)."""

import pytest

LATE = [("page_viewed", "2026-11-18T03:30:00", 11, "t-kite")]  # still the 17th in New York


@pytest.fixture(scope="module")
def new_york(serve):
    with serve(LATE, time_zone="America/New_York") as analytics:
        yield analytics


def test_days_are_in_the_projects_zone_unless_turned_to_utc(new_york):
    sql = "select toDate(timestamp), toDate(toTimeZone(timestamp, 'UTC')) from events"
    assert new_york.rows(sql) == [["2026-11-17", "2026-11-18"]]
    aliased = "select toTimeZone(timestamp, 'UTC') as t, toDate(t) from events"
    assert new_york.rows(aliased)[0][1] == "2026-11-18"


def test_a_zone_may_be_a_placeholder(new_york):
    sql = """select toDate(toTimeZone(timestamp, {zone})) as day from events
        where timestamp >= toDateTime({first}, {zone})
            and timestamp < toDateTime({until}, {zone})"""
    window = {"first": "2026-11-18 03:30:00", "until": "2026-11-18 03:30:01"}
    assert new_york.rows(sql, zone="UTC", **window) == [["2026-11-18"]]
    assert new_york.rows(sql, zone="America/New_York", **window) == []
    window = {"first": "2026-11-17 22:30:00", "until": "2026-11-17 22:30:01"}
    assert new_york.rows(sql, zone="America/New_York", **window) == [["2026-11-17"]]


def test_times_show_the_zone_of_the_project_or_of_the_query(new_york):
    sql = "select timestamp, toTimeZone(timestamp, 'UTC') as u, toStartOfDay(timestamp) from events"
    answer = new_york.query(sql)
    assert answer["results"] == [
        ["2026-11-17T22:30:00-05:00", "2026-11-18T03:30:00Z", "2026-11-17T00:00:00-05:00"]
    ]
    assert answer["types"][0] == ["timestamp", "DateTime64(6, 'America/New_York')"]
    assert answer["types"][1] == ["u", "DateTime64(6, 'UTC')"]


def test_text_without_a_zone_is_in_the_projects_zone(new_york):
    sql = "select count() from events where timestamp >= {from}"
    assert new_york.rows(sql, **{"from": "2026-11-17 22:30:00"}) == [[1]]
    assert new_york.rows(sql, **{"from": "2026-11-17 22:30:01"}) == [[0]]
    assert new_york.rows(sql, **{"from": "2026-11-18T03:30:00Z"}) == [[1]]
    assert new_york.rows(sql, **{"from": "2026-11-18T03:30:01+00:00"}) == [[0]]
    told = "select count() from events where timestamp >= toDateTime({from}, 'UTC')"
    assert new_york.rows(told, **{"from": "2026-11-18 03:30:00"}) == [[1]]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("toDate('2026-11-18')", "2026-11-18"),
        ("toDateTime('2026-11-18 10:11:12')", "2026-11-18T10:11:12Z"),
        ("toStartOfHour(toDateTime('2026-11-18 10:11:12'))", "2026-11-18T10:00:00Z"),
        (
            "toStartOfInterval(toDateTime('2026-11-18 10:11:12'), interval 15 minute)",
            "2026-11-18T10:00:00Z",
        ),
        ("toStartOfWeek(toDate('2026-11-18'))", "2026-11-15"),
        ("toStartOfWeek(toDate('2026-11-15'))", "2026-11-15"),
        ("toStartOfWeek(toDate('2026-11-18'), 1)", "2026-11-16"),
        ("toMonday(toDate('2026-11-15'))", "2026-11-09"),
        ("toStartOfMonth(toDate('2026-11-18'))", "2026-11-01"),
        ("dateTrunc('month', toDate('2026-11-18'))", "2026-11-01"),
        ("toDate('2026-11-18') + interval 1 day", "2026-11-19"),
        ("toDate('2026-11-18') - toIntervalDay(18)", "2026-10-31T00:00:00Z"),
        ("subtractDays(toDate('2026-11-18'), 18)", "2026-10-31"),
        ("dateAdd('month', 1, toDate('2026-11-18'))", "2026-12-18"),
        ("addHours(toDateTime('2026-11-18 23:30:00'), 1)", "2026-11-19T00:30:00Z"),
        ("dateDiff('day', toDate('2026-11-01'), toDate('2026-11-18'))", 17),
        ("dateDiff('hour', toDateTime('2026-11-18 00:30:00'), '2026-11-18 02:00:00')", 2),
        ("toYYYYMM(toDate('2026-11-18'))", 202611),
        ("toDayOfWeek(toDate('2026-11-15'))", 7),
        ("toHour(toDateTime('2026-11-18 10:11:12'))", 10),
        ("toUnixTimestamp(toDateTime('2026-11-18 00:00:00'))", 1794960000),
        ("formatDateTime(toDateTime('2026-11-18 10:11:12'), '%Y-%m-%d %H:%i')", "2026-11-18 10:11"),
        ("today()", "2026-11-20"),
        ("yesterday()", "2026-11-19"),
    ],
)
def test_an_expression_of_time_has_the_value_that_clickhouse_gives(analytics, expression, value):
    assert analytics.value(expression) == value


def test_now_is_the_worlds_time(analytics):
    assert analytics.value("toStartOfHour(now())") == "2026-11-20T03:00:00Z"
    sql = "select count() from events where timestamp > now() - interval 1 day"
    assert analytics.rows(sql) == [[1]]


def test_times_compare_with_lists_and_ranges(analytics):
    listed = "select count() from events where timestamp in ('2026-11-18 09:00:00', '2020-01-01')"
    assert analytics.rows(listed) == [[1]]
    between = """select count() from events
        where timestamp between '2026-11-18 09:00:00' and '2026-11-18 10:00:00'"""
    assert analytics.rows(between) == [[3]]
    daily = "select toDate(timestamp) as day, count() from events group by day having day > {day}"
    assert analytics.rows(daily, day="2026-11-18") == [["2026-11-19", 2]]


def test_text_that_is_no_time_is_refused(analytics):
    sql = "select count() from events where timestamp > {from}"
    assert "Cannot parse 'soon'" in analytics.refused(sql, **{"from": "soon"})
    assert "time zone" in analytics.refused("select toTimeZone(timestamp, 'Mars') from events")


def test_what_has_not_happened_yet_is_not_there(serve):
    with serve([*LATE, ("page_viewed", "2026-11-20T04:00:00", 11, "t-kite")]) as analytics:
        assert analytics.rows("select count() from events") == [[1]]
