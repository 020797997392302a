-- Grain: one row per object that people's mapping names today. Once a linking. Lines that
-- contradict each other name several.
insert into vote (object_no, rule, accounts)
select
    linkable.object_no,
    :rule,
    array_agg(distinct coalesce(link_mapping.account_id, 0))
from core.link_mapping
inner join linkable using (source, object, source_key)
where link_mapping.state in ('in force', 'contradicted')
group by linkable.object_no
