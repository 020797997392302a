-- Grain: one row per source and kind of object: how much is matched, now and after an earlier run.
-- Reads only. share_before, weight_share_before: NULL where that run has counted nothing.
select
    now.source,
    now.object,
    now.objects,
    now.linked_objects,
    now.unit,
    now.weight,
    now.linked_weight,
    now.unvalued,
    now.linked_objects / nullif(now.objects, 0)::double precision as share,
    (now.linked_weight / nullif(now.weight, 0))::double precision as weight_share,
    before.linked_objects / nullif(before.objects, 0)::double precision as share_before,
    (before.linked_weight / nullif(before.weight, 0))::double precision as weight_share_before
from (
    select
        source,
        role,
        object,
        unit,
        count(*) as objects,
        count(*) filter (where is_linked) as linked_objects,
        sum(weight) as weight,
        coalesce(sum(weight) filter (where is_linked), 0) as linked_weight,
        sum(unvalued)::bigint as unvalued
    from stake
    group by source, role, object, unit
) as now
left join health.matched_share as before
    on now.source = before.source and now.object = before.object and before.run_no = :run_no
order by now.role, now.source, now.object
