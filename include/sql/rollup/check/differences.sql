-- Grain: one row per way, series, account and day on which the whole says something else, or that
-- was said twice. Reads only.
select
    other.way,
    whole.value as expected,
    other.value as found,
    coalesce(whole.name, other.name) as name,
    coalesce(whole.account_id, other.account_id) as account_id,
    coalesce(whole.day, other.day) as day
from (
    select * from computed
    where way = 'whole'
) as whole
full join (
    select
        name,
        account_id,
        day,
        max(way) as way,
        case when count(*) = 1 then max(value) end as value
    from computed
    where way = :way
    group by name, account_id, day
) as other
    on
        whole.name = other.name
        and whole.account_id = other.account_id
        and whole.day = other.day
where whole.value is distinct from other.value
order by name, account_id, day
