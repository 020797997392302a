-- Grain: one row a reading of these accounts and days, all revisions. Reads only.
-- Day by day, because the key begins with the day: other accounts' rows are not walked through.
select
    found.account_id,
    found.as_of,
    found.revision,
    found.readings
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
        and basis = :basis
        and account_id between :first_account and :last_account
    order by account_id, revision
) as found
