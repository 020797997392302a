-- Grain: one row: the first and last touched day of any account, as text: Python has no infinite
-- day. Reads only.
select
    min(first_day)::text as first_day,
    max(last_day)::text as last_day
from touched
