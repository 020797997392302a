-- Grain: one row: a shadow's scores of a day beside those that people see. Reads only.
select
    count(*) as accounts,
    count(live.account_id) as compared,
    count(*) filter (where live.band <> shadow.band) as other_band
from health.shown_on(:as_of, array[cast(:shadow_id as smallint)]) as shadow
left join
    health.shown_on(:as_of, cast(:scorecard_ids as smallint[])) as live
    on shadow.account_id = live.account_id
