-- Grain: one row: the records that this check set aside. Reads only.
select count(*)
from (
    select distinct
        stream_id,
        record_id
    from failing
) as record
