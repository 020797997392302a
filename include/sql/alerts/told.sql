-- Grain: one row per thing told, or to be told, since a day. Reads only.
select
    account_id,
    kind,
    detail
from health.alert
where outcome = :outcome and as_of > :since
