-- Grain: one row: the name of a scorecard with its version. Reads only.
select name || '.v' || version as card
from health.scorecard
where scorecard_id = :scorecard_id
