-- Grain: one row per band with accounts in it on one day of an outcome. Reads only. arr: as it
-- stood at the end of the day, in the reporting currency at its rates; arr_unvalued: accounts with
-- an ARR that cannot be converted and is not in the sum.
with day as materialized (
    select core.end_of(cast(:as_of as date)) as until
),

stood as (
    select entered.*
    from day
    cross join lateral core.attributes_on(day.until) as entered
),

valued as materialized (
    select
        snapshot.band,
        stood.arr is not null as has_arr,
        core.major_in_reporting(stood.arr, stood.currency, snapshot.as_of) as arr
    from health.shown_on(:as_of, cast(:scorecard_ids as smallint[])) as snapshot
    left join stood on snapshot.account_id = stood.account_id
)

select
    band,
    count(*) as accounts,
    sum(arr) as arr,
    count(*) filter (where has_arr and arr is null) as arr_unvalued
from valued
group by band
