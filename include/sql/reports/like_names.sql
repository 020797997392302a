-- Grain: one row per name that begins like what somebody typed, at most 5,000. Reads only.
select name
from core.account
where
    lower(left(name, 1)) = lower(left(:entered, 1))
    and abs(length(name) - length(:entered)) <= 6
order by name
limit 5000
