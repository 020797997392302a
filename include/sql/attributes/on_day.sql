-- Grain: one row per account of the range that has any attribute: what was valid just before
-- `until`, the first instant after the day. Reads only.
select *
from core.attributes_on(cast(:until as timestamptz))
where account_id between :first_account and :last_account
order by account_id
