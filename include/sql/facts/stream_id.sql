-- Grain: one row, or none where the stream never landed. Reads only.
select stream_id
from raw.stream
where source = :source and stream = :stream
