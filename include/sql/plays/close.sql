-- Grain: one row per plan that ends. Re-running changes nothing.
update health.play set
    state = one.state,
    closed_on = :as_of
from
    unnest(
        cast(:play_ids as integer[]), cast(:states as text[])
    ) as one (play_id, state)
where play.play_id = one.play_id and play.state = 'open'
