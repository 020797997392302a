-- Grain: one row a month and block of 4,096 accounts; none if the scorecard is not known. Holds the
-- locks until the transaction ends. Taken in one order, so that two writers never wait in a circle.
select pg_advisory_xact_lock(hashtextextended(wanted.subject, wanted.place)) as taken
from (
    select
        place,
        :subject || ' ' || to_char(month, 'YYYY-MM') as subject
    from
        generate_series(
            date_trunc('month', cast(:first_day as timestamp)),
            cast(:last_day as timestamp), interval '1 month'
        ) as calendar (month)
    cross join
        generate_series(
            cast(:first_account as bigint) / 4096, cast(:last_account as bigint) / 4096
        ) as blocks (place)
    where
        exists (
            select 1 from health.scorecard
            where scorecard_id = :scorecard_id
        )
    order by month, place
) as wanted
