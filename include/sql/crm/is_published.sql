-- Grain: one row a published day and scorecard, or none. Reads only.
select true
from health.publication
where as_of = :as_of and scorecard_id = :scorecard_id
