-- Grain: one row per scorecard in the store, of those asked for, in their order. Reads only.
select
    scorecard.scorecard_id,
    wanted.place
from
    unnest(cast(:names as text[]), cast(:versions as integer[]))
    with ordinality as wanted (name, version, place)
inner join
    health.scorecard
    on wanted.name = scorecard.name and wanted.version = scorecard.version
order by wanted.place
