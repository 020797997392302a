-- Grain: one row: the newest published day of any scorecard. Reads only.
select max(as_of)
from health.publication
