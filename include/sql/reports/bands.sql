-- Grain: one row per band with accounts in it on one day. Reads only. arr: as it stood at the end
-- of the day, in the reporting currency at its rates; arr_unvalued: accounts with an ARR that
-- cannot be converted and is not in the sum.
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
    from health.latest_snapshot as snapshot
    left join stood on snapshot.account_id = stood.account_id
    where snapshot.scorecard_id = :scorecard_id and snapshot.as_of = :as_of
)

select
    band,
    count(*) as accounts,
    sum(arr) as arr,
    count(*) filter (where has_arr and arr is null) as arr_unvalued
from valued
group by band
