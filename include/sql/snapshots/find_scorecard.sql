-- Grain: one row: the scorecard of this name and version. Reads only.
select
    scorecard_id,
    digest
from health.scorecard
where name = :name and version = :version
