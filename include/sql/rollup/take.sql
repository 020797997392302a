-- Grain: one row per file, account and range that was touched, taken from the store for this
-- transaction. Re-running takes none.
with gone as (
    delete from health.touched
    where account_id between :first_account and :last_account
    returning file, account_id, first_day, last_day
)

insert into taken (file, account_id, first_day, last_day)
select
    file,
    account_id,
    first_day,
    last_day
from gone
