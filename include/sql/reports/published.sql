-- Grain: one row, or none: the newest published day of an outcome's cards up to a day. Reads only.
select
    as_of,
    run_no
from health.publication
where
    scorecard_id = any(cast(:scorecard_ids as smallint[]))
    and as_of <= :as_of
    and health.may_be_seen(as_of, cast(:scorecard_ids as smallint[]))
order by as_of desc, run_no desc
limit 1
