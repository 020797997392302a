-- Grain: one row per open plan whose recovery began or broke off. Re-running changes nothing.
update health.play set
    recovered_since = one.since
from
    unnest(
        cast(:play_ids as integer[]), cast(:since as date[])
    ) as one (play_id, since)
where play.play_id = one.play_id and play.state = 'open'
