-- Grain: one row per role of a source other than the CRM. Reads only. fall: by how much the share
-- of linked accounts is smaller than in the last daily run before this one, NULL without one.
with share as (
    select
        linked_share.run_no,
        linked_share.role,
        linked_share.linked / nullif(linked_share.accounts, 0)::double precision as linked_share
    from health.linked_share
    inner join health.run on linked_share.run_no = run.run_no
    where run.kind = 'daily' or run.run_no = :run_no
)

select
    this.linked_share,
    before.linked_share - this.linked_share as fall,
    this.role || ': ' || round((100 * this.linked_share)::numeric, 1)::text
    || ' % of live accounts are linked'
    || coalesce(
        ', ' || round((100 * before.linked_share)::numeric, 1)::text || ' % before', ''
    ) as summary
from share as this
left join
    lateral (
        select share.linked_share
        from share
        where share.role = this.role and share.run_no < this.run_no
        order by share.run_no desc
        limit 1
    ) as before
    on true
where this.run_no = :run_no
