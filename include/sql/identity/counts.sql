-- Grain: one row per source and kind of object: how many are linked, how many not. Reads only.
select
    source,
    object,
    sum(linked) as linked,
    sum(unmatched) as unmatched
from (
    select
        source,
        object,
        1 as linked,
        0 as unmatched
    from core.account_link
    where object in ('organization', 'customer', 'group') and account_id is not null
    union all
    select
        source,
        'ticket',
        1,
        0
    from core.ticket_account
    union all
    select
        source,
        object,
        0,
        1
    from core.unmatched
) as counted
group by source, object
order by source, object
