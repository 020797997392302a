-- Grain: one row per object that another one names by its id. Once a linking. Ids of organisations
-- are plain numbers, which may mean anything: only a key that is marked as one of theirs names one.
insert into named (object_no, place, key)
select
    called.object_no,
    0,
    called.key
from (
    select
        object_no,
        case
            when object = 'organization' then 'organization' || chr(31) || source_key
            else source_key
        end as key
    from linkable
    where object in ('organization', 'customer', 'subscription')
) as called
where called.key in (select carried.key from named as carried)
