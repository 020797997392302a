-- Grain: one row: the numbers of the landing that was just closed and of what was kept before it,
-- which counts from now on, as part of the same run. Again: only the closed one's numbers.
with closed as (
    select *
    from raw.batch
    where batch_id = :batch_id
),

kept as (
    update raw.batch
    set
        landed_at = closed.landed_at,
        run_id = closed.run_id,
        as_of = closed.as_of,
        state = closed.state
    from closed
    where batch.stream_id = :stream_id and batch.landed_at is null and batch.resume is not null
    returning batch.received, batch.duplicates, batch.unchanged, batch.changed, batch.rejected
),

whole as (
    select
        received,
        duplicates,
        unchanged,
        changed,
        rejected
    from closed
    union all
    select
        received,
        duplicates,
        unchanged,
        changed,
        rejected
    from kept
)

select
    sum(received) as received,
    sum(duplicates) as duplicates,
    sum(unchanged) as unchanged,
    sum(changed) as changed,
    sum(rejected) as rejected
from whole
