-- Grain: one row per account and range of touched days of one file, ranges that overlap or meet
-- made one: those near the newest, or (is_near false) all others. Where each day's few facts are
-- looked for, and where a whole history is, are questions for two plans. begins and ends enclose a
-- range with a day to spare, whatever clocks do at midnight.
insert into touched (account_id, first_day, last_day, begins, ends)
select
    account_id,
    lower(days),
    upper(days) - 1,
    (lower(days) - 1)::timestamp at time zone :time_zone,
    (upper(days) + 1)::timestamp at time zone :time_zone
from (
    select
        account_id,
        days,
        lower(days) >= max(lower(days)) over () - :near_days
        and isfinite(lower(days)) and isfinite(upper(days)) as is_near
    from (
        select
            account_id,
            unnest(range_agg(daterange(first_day, last_day, '[]'))) as days
        from taken
        where file = :file
        group by account_id
    ) as merged
) as placed
where is_near = :is_near
