-- Grain: one row per band with accounts in it on one day. Reads only. arr: in the reporting
-- currency at that day's rates; arr_unvalued: accounts with an ARR that cannot be converted and is
-- not in the sum.
with valued as materialized (
    select
        snapshot.band,
        account.arr is not null as has_arr,
        core.major_in_reporting(account.arr, account.currency, snapshot.as_of) as arr
    from health.latest_snapshot as snapshot
    inner join core.account on snapshot.account_id = account.account_id
    where snapshot.scorecard_id = :scorecard_id and snapshot.as_of = :as_of
)

select
    band,
    count(*) as accounts,
    sum(arr) as arr,
    count(*) filter (where has_arr and arr is null) as arr_unvalued
from valued
group by band
