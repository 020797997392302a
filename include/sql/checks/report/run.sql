-- Grain: one row: a run and how it stands. Reads only.
select
    run.run_no,
    run.run_id,
    run.kind,
    run.as_of,
    run.started_at,
    run.state,
    run.error,
    publication.as_of is not null as is_published
from health.run
left join (select distinct as_of from health.publication) as publication
    on run.as_of = publication.as_of
where run.run_no = :run_no
