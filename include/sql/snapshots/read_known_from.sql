-- Grain: one row an account: from which day no row means zero, for one role. Reads only.
select
    account_id,
    day
from health.known_from
where role = :role and account_id between :first_account and :last_account
