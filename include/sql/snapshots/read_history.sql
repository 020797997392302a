-- Grain: one row a snapshot of these accounts and days, all revisions. Reads only.
-- band: position in `bands`, -1 unknown.
-- rank: the highest one of an account and day counts: live before reconstructed, then the newest.
select
    found.account_id,
    found.as_of,
    coalesce(found.score, 'NaN') as score,
    coalesce(array_position(cast(:bands as text[]), found.band) - 1, -1) as band,
    found.revision + case when found.basis = 'live' then 32768 else 0 end as rank
from
    generate_series(
        cast(:first_day as date), cast(:last_day as date), interval '1 day'
    ) as calendar (day)
cross join lateral (
    select *
    from health.snapshot
    where
        as_of = cast(calendar.day as date)
        and scorecard_id = :scorecard_id
        and basis = any(cast(:bases as text[]))
        and account_id between :first_account and :last_account
    order by account_id, revision
) as found
