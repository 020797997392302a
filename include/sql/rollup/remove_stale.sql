-- Grain: one row per account, series and touched day that no longer holds. Re-running removes
-- nothing. `offset 0`: each touched range is looked up in the key, whatever the planner thinks of
-- reading a whole history once.
delete from health.account_day
using (
    select
        series.series_id,
        touched.account_id,
        stored.day
    from touched
    cross join health.series
    cross join
        lateral (
            select account_day.day
            from health.account_day
            where
                account_day.series_id = series.series_id
                and account_day.account_id = touched.account_id
                and account_day.day between touched.first_day and touched.last_day
            order by account_day.day
            offset 0
        ) as stored
    left join fresh
        on
            series.name = fresh.name
            and touched.account_id = fresh.account_id
            and stored.day = fresh.day
    where series.file = :file and fresh.day is null
) as stale
where
    account_day.series_id = stale.series_id
    and account_day.account_id = stale.account_id
    and account_day.day = stale.day
