-- Grain: one row per account of one half and range of days: for the outer part all but some forty
-- days that end at another day for each account, for the inner part those. Re-running adds them
-- again.
insert into touched (account_id, first_day, last_day, begins, ends)
select
    checked.account_id,
    part.first_day,
    part.last_day,
    (part.first_day - 1)::timestamp at time zone :time_zone,
    (part.last_day + 2)::timestamp at time zone :time_zone
from checked
cross join (
    select coalesce(max(day), date '2026-01-01') as day from computed
    where way = 'whole'
) as newest
cross join
    lateral (
        select newest.day - 20 - mod(checked.account_id, 97) as day
    ) as cut
cross join
    lateral (
        values
        (false, '-infinity', cut.day - 40),
        (true, cut.day - 39, cut.day),
        (false, cut.day + 1, 'infinity')
    ) as part (is_inner, first_day, last_day)
where mod(checked.account_id, 2) = :half and part.is_inner = :is_inner
