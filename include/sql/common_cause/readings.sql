-- Grain: one row a reading of every so many-th account and day, all revisions. Reads only.
-- rank: the highest is what holds on a day: live before reconstructed, then the newest revision.
select
    found.account_id,
    found.as_of,
    found.readings,
    found.revision + case when found.basis = 'live' then 10000 else 0 end as rank
from
    generate_series(
        cast(:first_day as date), cast(:last_day as date), interval '1 day'
    ) as calendar (day)
cross join lateral (
    select *
    from health.reading
    where
        as_of = cast(calendar.day as date)
        and scorecard_id = :scorecard_id
        and account_id % :step = 0
) as found
