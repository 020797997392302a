-- Grain: one row per object and key that it carries, in the order in which they count. Once a
-- linking.
insert into named (object_no, place, key)
select
    linkable.object_no,
    carried.place,
    core.plain_key(carried.key)
from linkable
cross join unnest(linkable.keys) with ordinality as carried (key, place)
where trim(carried.key) != ''
