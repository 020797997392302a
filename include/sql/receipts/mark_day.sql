-- Grain: one row a thinned day. Re-running keeps the newest time.
insert into health.thinned_day (as_of)
values (:as_of)
on conflict (as_of) do update set thinned_at = excluded.thinned_at
