-- Grain: one row an id that the vendor has and we have not, or only as gone. Reads only.
select distinct walked.record_id
from walked
where
    not exists (
        select 1
        from living
        where living.record_id = walked.record_id
    )
order by walked.record_id
