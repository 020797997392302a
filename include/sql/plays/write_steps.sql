-- Grain: one row per step of plans that were just opened.
insert into health.play_step (
    play_id, place, title, body, role, owner_id, owner_name, owner_email, due_on
)
select
    one.play_id,
    one.place,
    one.title,
    one.body,
    one.role,
    one.owner_id,
    one.owner_name,
    one.owner_email,
    one.due_on
from
    jsonb_to_recordset(cast(:steps as jsonb)) as one (
        play_id integer,
        place smallint,
        title text,
        body text,
        role text,
        owner_id text,
        owner_name text,
        owner_email text,
        due_on date
    )
