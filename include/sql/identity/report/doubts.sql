-- Grain: one row per object in doubt and rule, the :top with the most at stake of each kind of
-- doubt. Reads only. account: to whom it is linked all the same; candidates: whom the rule names.
select
    ranked.kind,
    ranked.source,
    ranked.object,
    ranked.source_key,
    ranked.label,
    ranked.method,
    ranked.weight,
    ranked.unit,
    ranked.in_all,
    linked.method as linked_by,
    concat_ws(' ', account.source_account_id, account.name) as account,
    array(
        select concat_ws(' ', candidate.source_account_id, candidate.name)
        from core.account as candidate
        where candidate.account_id = any(ranked.candidates)
        order by candidate.account_id
    ) as candidates
from (
    select
        link_doubt.kind,
        link_doubt.source,
        link_doubt.object,
        link_doubt.source_key,
        link_doubt.method,
        link_doubt.account_id,
        link_doubt.candidates,
        stake.label,
        stake.weight,
        stake.unit,
        row_number() over (
            partition by link_doubt.kind
            order by
                stake.weight desc nulls last, link_doubt.source asc, link_doubt.object asc,
                link_doubt.source_key asc
        ) as place,
        count(*) over (partition by link_doubt.kind) as in_all
    from core.link_doubt
    left join stake using (source, object, source_key)
) as ranked
left join core.account on ranked.account_id = account.account_id
left join core.account_link as linked
    on
        ranked.source = linked.source
        and ranked.object = linked.object
        and ranked.source_key = linked.source_key
where ranked.place <= :top
order by ranked.kind, ranked.place
