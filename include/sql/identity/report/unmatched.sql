-- Grain: one row per object without account, the :top with the most at stake of each kind.
-- Reads only. in_all: how many of the kind there are; is_ambiguous: rules named several accounts.
select
    ranked.source,
    ranked.object,
    ranked.source_key,
    ranked.label,
    ranked.weight,
    ranked.unit,
    ranked.unvalued,
    ranked.in_all,
    link_doubt.source is not null as is_ambiguous
from (
    select
        *,
        row_number() over (
            partition by source, object order by weight desc, source_key asc
        ) as place,
        count(*) over (partition by source, object) as in_all
    from stake
    where not is_linked
) as ranked
left join core.link_doubt
    on
        ranked.source = link_doubt.source
        and ranked.object = link_doubt.object
        and ranked.source_key = link_doubt.source_key
        and link_doubt.kind = 'ambiguous'
where ranked.place <= :top
order by ranked.role, ranked.source, ranked.object, ranked.place
