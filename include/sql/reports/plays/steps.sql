-- Grain: one row per step of the plans asked for, in order. Reads only.
select
    play_id,
    place,
    title,
    body,
    role,
    owner_name,
    owner_email,
    due_on,
    status,
    task_id,
    status_read_at
from health.play_step
where play_id = any(cast(:play_ids as integer[]))
order by play_id, place
