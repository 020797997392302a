-- Grain: one row a scorecard that read any account live on one of these days, the one registered
-- last first. Reads only. Day by day, because the key of the readings begins with the day.
select
    scorecard.scorecard_id,
    scorecard.name,
    scorecard.version,
    scorecard.body
from health.scorecard
where
    exists (
        select 1
        from
            generate_series(
                cast(:first_day as date), cast(:last_day as date), interval '1 day'
            ) as calendar (day)
        where
            exists (
                select 1
                from health.reading
                where
                    reading.as_of = cast(calendar.day as date)
                    and reading.scorecard_id = scorecard.scorecard_id
                    and reading.basis = 'live'
            )
    )
order by scorecard.scorecard_id desc
