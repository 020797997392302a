-- Grain: one row per run, source and kind of object. Re-running replaces the run's rows.
insert into health.matched_share (
    run_no, source, role, object, objects, linked_objects, unit, weight, linked_weight, unvalued
)
select
    :run_no,
    source,
    role,
    object,
    count(*),
    count(*) filter (where is_linked),
    unit,
    sum(weight),
    coalesce(sum(weight) filter (where is_linked), 0),
    sum(unvalued)
from core.at_stake(:as_of)
where source = any(cast(:sources as text[]))
group by source, role, object, unit
on conflict (run_no, source, object) do update set
    role = excluded.role,
    objects = excluded.objects,
    linked_objects = excluded.linked_objects,
    unit = excluded.unit,
    weight = excluded.weight,
    linked_weight = excluded.linked_weight,
    unvalued = excluded.unvalued
