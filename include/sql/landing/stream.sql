-- Grain: one row a source and stream. Again: the same row, and no number is used up. Two at once,
-- for a stream that nobody has seen yet, get the same row.
with known as (
    select stream_id
    from raw.stream
    where source = :source and stream = :stream
),

made as (
    insert into raw.stream (source, vendor, stream)
    select
        :source,
        :vendor,
        :stream
    where not exists (select 1 from known)
    on conflict (source, stream) do update set vendor = excluded.vendor
    returning stream_id
)

select stream_id
from known
union all
select stream_id
from made
