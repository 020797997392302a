-- Grain: one row per host name. Re-running changes nothing.
insert into core.domain (entered, registrable, is_shared)
select
    entered,
    registrable,
    false
from
    unnest(cast(:entered as text[]), cast(:registrable as text[]))
        as reduced (entered, registrable)
on conflict (entered) do nothing
