-- Grain: one row per account that there is or was: all its days, for one file of series.
-- Re-running adds them again, and they are computed once.
insert into health.touched (file, account_id, first_day, last_day)
select
    :file,
    account_id,
    date '-infinity',
    date 'infinity'
from core.account
union
select
    :file,
    account_id,
    date '-infinity',
    date 'infinity'
from health.known_from
