-- Grain: one row an id that the vendor has and whose record here a check has set aside. Reads only.
select distinct walked.record_id
from walked
inner join raw.quarantine on walked.record_id = quarantine.record_id
inner join raw.stream on quarantine.stream_id = stream.stream_id
where stream.source = :source and stream.stream = :stream and quarantine.stage = 'raw'
order by walked.record_id
