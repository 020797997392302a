-- Grain: one row, or none before the first linking: when links were last confirmed, and in which
-- currency revenue is added up. Reads only.
select
    day,
    linked_at,
    (select money.currency from core.money) as currency
from core.linking
where day is not null
