-- Grain: one row per line of the mapping file that cannot be used. Reads only.
select
    line_no,
    source,
    object,
    source_key,
    account,
    case
        when state = 'contradicted' then 'another line says otherwise of the same object'
        else state
    end as reason
from core.link_mapping
where state not in ('in force', 'not yet', 'over')
order by line_no
