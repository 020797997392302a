-- Grain: one row per account to check: all its days. Re-running adds them again.
insert into touched (account_id, first_day, last_day, begins, ends)
select
    account_id,
    '-infinity',
    'infinity',
    '-infinity',
    'infinity'
from checked
