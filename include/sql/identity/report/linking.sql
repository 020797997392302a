-- Grain: one row, or none before the first linking: when links were last confirmed. Reads only.
select
    day,
    linked_at
from core.linking
where day is not null
