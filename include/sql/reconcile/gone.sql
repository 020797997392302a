-- Grain: one row a record that we have and the vendor has not. Reads only.
select
    living.record_id,
    living.payload
from living
where
    not exists (
        select 1
        from walked
        where walked.record_id = living.record_id
    )
order by living.record_id
