-- Grain: one row per entry that somebody handed in. Re-running changes nothing; an edited one
-- replaces its row. Whose it is, is found by inputs/place.sql.
insert into core.manual_entry (
    source, entry_id, account, measure, occurred_at, value, comment, author, batch_id
)
select
    :source,
    record_id,
    payload ->> 'account',
    payload ->> 'measure',
    core.to_time(payload ->> 'when'),
    core.to_number(payload ->> 'value'),
    payload ->> 'comment',
    payload ->> 'who',
    batch_id
from raw.accepted
where stream_id = :stream_id
on conflict (source, entry_id) do update set
    account = excluded.account,
    measure = excluded.measure,
    occurred_at = excluded.occurred_at,
    value = excluded.value,
    comment = excluded.comment,
    author = excluded.author,
    batch_id = excluded.batch_id
