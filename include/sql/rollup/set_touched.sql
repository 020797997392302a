-- Grain: one row per account and range of touched days of one file, ranges that overlap or meet
-- made one. begins and ends enclose it with a day to spare, whatever clocks do at midnight.
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
        unnest(range_agg(daterange(first_day, last_day, '[]'))) as days
    from taken
    where file = :file
    group by account_id
) as merged
