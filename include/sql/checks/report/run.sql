-- Grain: one row: a run and how it stands. Reads only.
select
    run.run_no,
    run.run_id,
    run.kind,
    run.as_of,
    run.started_at,
    run.state,
    run.error,
    publication.run_no is not null as is_published
from health.run
left join (select distinct run_no from health.publication) as publication
    on run.run_no = publication.run_no
where run.run_no = :run_no
