-- Grain: one row per product group and day of the last five weeks and after: what can still change.
-- Reads only.
select
    events,
    account_key || '|' || day as record_id,
    raw.days_after(cast(day as timestamptz), :latest) as days_ahead,
    events = 0 or cardinality(users) > 0 as has_users
from core.usage_day
where day > cast(:as_of as date) - 35
