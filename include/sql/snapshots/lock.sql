-- Grain: one row if the scorecard is known, else none. Holds the lock until the transaction ends.
select pg_advisory_xact_lock(hashtextextended(:subject, 0))
from health.scorecard
where scorecard_id = :scorecard_id
