"""What each HogQL function means in DuckDB. A function that is not here cannot be called.

In the templates {0}, {1}… are the arguments; the number says how many there are.
"""

# fmt: off
PLAIN: dict[str, tuple[int, str]] = {
    # text
    "lower": (1, "lower({0})"),
    "upper": (1, "upper({0})"),
    "trim": (1, "trim({0})"),
    "length": (1, "len({0})"),
    "empty": (1, "({0} IS NULL OR len({0}) = 0)"),
    "notempty": (1, "({0} IS NOT NULL AND len({0}) > 0)"),
    "startswith": (2, "starts_with({0}, {1})"),
    "endswith": (2, "ends_with({0}, {1})"),
    "position": (2, "strpos({0}, {1})"),
    "substring": (3, "substring({0}, {1}, {2})"),
    "left": (2, "left({0}, {1})"),
    "right": (2, "right({0}, {1})"),
    "replaceall": (3, "replace({0}, {1}, {2})"),
    "replace": (3, "replace({0}, {1}, {2})"),
    "match": (2, "regexp_matches({0}, {1})"),
    "splitbychar": (2, "string_split({1}, {0})"),
    "splitbystring": (2, "string_split({1}, {0})"),
    "like": (2, "({0} LIKE {1})"),
    "ilike": (2, "({0} ILIKE {1})"),
    # missing values
    "ifnull": (2, "coalesce({0}, {1})"),
    "nullif": (2, "nullif({0}, {1})"),
    "isnull": (1, "({0} IS NULL)"),
    "isnotnull": (1, "({0} IS NOT NULL)"),
    # numbers
    "abs": (1, "abs({0})"),
    "intdiv": (2, "({0} // {1})"),
    "modulo": (2, "({0} % {1})"),
    "plus": (2, "({0} + {1})"),
    "minus": (2, "({0} - {1})"),
    "multiply": (2, "({0} * {1})"),
    "divide": (2, "({0} / {1})"),
    # types
    "tostring": (1, "CAST({0} AS VARCHAR)"),
    "touuid": (1, "CAST({0} AS UUID)"),
    "toint": (1, "TRY_CAST({0} AS BIGINT)"),
    "tofloat": (1, "TRY_CAST({0} AS DOUBLE)"),
    "tobool": (1, "TRY_CAST({0} AS BOOLEAN)"),
    # conditions
    "if": (3, "CASE WHEN {0} THEN {1} ELSE {2} END"),
    "not": (1, "(NOT {0})"),
    # arrays
    "arrayelement": (2, "({0})[{1}]"),
    "has": (2, "list_contains({0}, {1})"),
    "arraysort": (1, "list_sort({0})"),
    "arraydistinct": (1, "list_distinct({0})"),
    "arraystringconcat": (2, "array_to_string({0}, {1})"),
    # windows
    "row_number": (0, "row_number()"),
    "rank": (0, "rank()"),
    "dense_rank": (0, "dense_rank()"),
}
# Any number of arguments from one on.
OPEN: dict[str, str] = {
    "coalesce": "coalesce({})",
    "concat": "concat({})",
    "floor": "floor({})",
    "ceil": "ceil({})",
    "round": "round({})",
    "least": "least({})",
    "greatest": "greatest({})",
}
# Inside, and around it. `If` behind the name adds a condition as last argument.
AGGREGATES: dict[str, tuple[str, str]] = {
    "sum": ("sum({0})", "{}"),
    "avg": ("avg(CAST({0} AS DOUBLE))", "{}"),
    "stddevpop": ("stddev_pop({0})", "{}"),
    "stddevsamp": ("stddev_samp({0})", "{}"),
    "min": ("min({0})", "{}"),
    "max": ("max({0})", "{}"),
    "any": ("any_value({0})", "{}"),
    "anylast": ("last({0})", "{}"),
    "argmin": ("arg_min({0}, {1})", "{}"),
    "argmax": ("arg_max({0}, {1})", "{}"),
    "median": ("median({0})", "{}"),
    "quantile": ("quantile_cont({0}, {p})", "{}"),
    "uniq": ("count(DISTINCT {0})", "{}"),
    "uniqexact": ("count(DISTINCT {0})", "{}"),
    "grouparray": ("list({0})", "coalesce({}, [])"),
    # Twice as fast as list(DISTINCT …), and it drops what is missing.
    "groupuniqarray": ("list({0})", "coalesce(list_distinct({}), [])"),
}
COUNTS = ("count", "uniq", "uniqexact")

TRUNCATIONS = {
    "tostartofsecond": "second", "tostartofminute": "minute", "tostartofhour": "hour",
    "tostartofday": "day", "tostartofmonth": "month", "tostartofquarter": "quarter",
    "tostartofyear": "year",
}
# Truncated to one of these a time is a Date, as in ClickHouse.
DATE_UNITS = ("week", "month", "quarter", "year")
PARTS: dict[str, str] = {
    "toyear": "year({0})", "toquarter": "quarter({0})", "tomonth": "month({0})",
    "todayofmonth": "day({0})", "todayofweek": "isodow({0})", "todayofyear": "dayofyear({0})",
    "tohour": "hour({0})", "tominute": "minute({0})", "tosecond": "second({0})",
    "toyyyymm": "(year({0}) * 100 + month({0}))",
    "toyyyymmdd": "(year({0}) * 10000 + month({0}) * 100 + day({0}))",
}
UNITS = {
    "second": "to_seconds", "minute": "to_minutes", "hour": "to_hours", "day": "to_days",
    "week": "to_weeks", "month": "to_months", "year": "to_years",
}
CASTS = {
    "INT": "BIGINT", "BIGINT": "BIGINT", "UINT": "UBIGINT", "UBIGINT": "UBIGINT",
    "DOUBLE": "DOUBLE", "FLOAT": "DOUBLE", "TEXT": "VARCHAR", "DATE": "DATE",
    "DATETIME": "TIMESTAMP", "DATETIME64": "TIMESTAMP", "UUID": "UUID", "BOOLEAN": "BOOLEAN",
}
# fmt: on
