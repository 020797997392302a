-- Grain: one row per account and day for which another card of the outcome wrote last, in a later
-- run or by the tie-break of health.shown_on. Reads only.
-- Day by day, because the key begins with the day: other accounts' rows are not walked through.
select
    newest.account_id,
    newest.as_of
from
    generate_series(
        cast(:first_day as date), cast(:last_day as date), interval '1 day'
    ) as calendar (day)
cross join
    lateral (
        select distinct on (account_id)
            account_id,
            as_of,
            scorecard_id
        from health.snapshot
        where
            as_of = cast(calendar.day as date)
            and scorecard_id = any(cast(:scorecard_ids as smallint[]))
            and basis = :basis
            and account_id between :first_account and :last_account
        order by account_id asc, run_no desc, scorecard_id desc
    ) as newest
where newest.scorecard_id != :scorecard_id
