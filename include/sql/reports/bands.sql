-- Grain: one row per band with accounts in it on one day. Reads only.
select
    band,
    count(*) as accounts,
    sum(account.arr) as arr
from health.latest_snapshot as snapshot
inner join core.account on snapshot.account_id = account.account_id
where snapshot.scorecard_id = :scorecard_id and snapshot.as_of = :as_of
group by band
