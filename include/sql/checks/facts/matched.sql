-- Grain: one row per source and measure of its matched share, and one for the CRM: whether anything
-- at all is linked to it. Reads only. is_usual: false holds the role of the source for the day.
-- is_linked_at_all: false where links there were, and now there are none; NULL elsewhere.
with measured as (
    select *
    from health.matched_fall(:run_no, :trailing_days)
)

select
    null::boolean as is_linked_at_all,
    fall <= case measure when 'objects' then :max_fall_objects else :max_fall_weight end
        as is_usual,
    source || ': ' || round((100 * share)::numeric, 1)::text || ' % of its ' || measure
    || ' belong to an account'
    || coalesce(', ' || round((100 * usual)::numeric, 1)::text || ' % is usual', '')
    || case
        when fall > case measure when 'objects' then :max_fall_objects else :max_fall_weight end
            then '; readings of ' || role || ' are unknown on this day'
        else ''
    end as summary
from measured
where share is not null
union all
select
    coalesce(max(share), 0) > 0 or coalesce(max(usual), 0) = 0,
    null,
    'crm: nothing of any other source belongs to one of its accounts'
from measured
having count(*) > 0
