-- Grain: one row a stream. Reads only.
select stream_id
from raw.stream
order by stream_id
