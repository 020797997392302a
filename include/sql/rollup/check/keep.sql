-- Grain: one row per series, account and day that a file said. Re-running adds them again.
insert into computed (way, name, account_id, day, value)
select
    :way,
    name,
    account_id,
    day,
    value
from fresh
union all
select
    :way,
    'known/' || role,
    account_id,
    day,
    0
from fresh_known
