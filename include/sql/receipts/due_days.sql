-- Grain: one row a day before a day that has snapshots and is thinned: no Sundays, one receipt a
-- week stays. every: also those that were thinned before. Reads only.
select day::date as as_of
from
    generate_series(
        (select min(as_of) from health.snapshot)::timestamp,
        (:before)::timestamp - interval '1 day', interval '1 day'
    ) as calendar (day)
where
    extract(isodow from day) != 7
    and (
        (:every)::boolean
        or not exists (
            select 1
            from health.thinned_day
            where thinned_day.as_of = calendar.day::date
        )
    )
    and exists (
        select 1
        from health.snapshot
        where snapshot.as_of = calendar.day::date
    )
order by day
