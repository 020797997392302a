-- Grain: one row: the taking back of a run's writes, begun or gone on with. Re-run: the same row.
with known as (
    select undo_id
    from health.crm_undo
    where source = :source and run_no = :run_no
    order by undo_id desc
    limit 1
),

made as (
    insert into health.crm_undo (source, run_no, as_of, undone_by)
    select
        :source,
        run.run_no,
        run.as_of,
        :undone_by
    from health.run
    where run.run_no = :run_no and not exists (select 1 from known)
    returning undo_id
)

select undo_id
from known
union all
select undo_id
from made
