-- Grain: one row per source that is asked for, in that order. landed_at: when a stream of it last
-- came to its end, NULL where none ever did. Reads only.
select
    wanted.source,
    max(batch.landed_at) as landed_at
from unnest(cast(:sources as text[])) with ordinality as wanted (source, place)
left join raw.stream on wanted.source = stream.source
left join raw.batch on stream.stream_id = batch.stream_id
group by wanted.source, wanted.place
order by wanted.place
