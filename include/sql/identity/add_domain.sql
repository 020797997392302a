-- Grain: one row per host name. Re-running changes nothing.
insert into core.domain (entered, registrable, is_shared)
values (:entered, :registrable, :is_shared)
on conflict (entered) do update set
    registrable = excluded.registrable,
    is_shared = excluded.is_shared
