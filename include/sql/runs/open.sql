-- Grain: one row per run_id. Again: the same row, and no number is used up. kind NULL: as it is
-- known, daily for a new run; Airflow may turn a run into one of its backfills later on.
with known as (
    select run_no
    from health.run
    where run_id = :run_id
),

turned as (
    update health.run set kind = :kind
    where run_id = :run_id and kind != :kind
),

made as (
    insert into health.run (run_id, kind, as_of)
    select
        :run_id,
        coalesce(:kind, 'daily'),
        :as_of
    where not exists (select 1 from known)
    on conflict (run_id) do update set as_of = excluded.as_of
    returning run_no
)

select run_no
from known
union all
select run_no
from made
