-- Grain: one row per band of the day. Reads only. share: NULL below 20 accounts, where a single
-- account moves it too far. unknown_share is judged at any size.
select
    case when sum(count(*)) over () >= 20 then count(*) / sum(count(*)) over () end as share,
    case when band = 'unknown' then count(*) / sum(count(*)) over () end as unknown_share,
    band || ': ' || count(*)::text || ' of ' || (sum(count(*)) over ())::text
    || ' accounts' as summary
from health.latest_snapshot
where as_of = :as_of and scorecard_id = :scorecard_id
group by band
