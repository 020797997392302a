-- Grain: one row: when every current link was last confirmed. Re-running renews the moment.
insert into core.linking (is_only, linked_at, day)
values (true, now(), :day)
on conflict (is_only) do update set
    linked_at = excluded.linked_at,
    day = excluded.day
