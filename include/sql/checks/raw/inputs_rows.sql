-- Grain: one row per waiting entry of a person. Reads only.
select
    stream_id,
    batch_id,
    record_id,
    coalesce(
        record_id = concat_ws(
            '|', payload ->> 'account', payload ->> 'measure', payload ->> 'when',
            payload ->> 'who'
        ),
        false
    ) as has_own_key,
    nullif(trim(payload ->> 'account'), '') as account,
    nullif(trim(payload ->> 'who'), '') as author,
    coalesce(payload ->> 'measure' ~ '^[a-z][a-z0-9_]{0,40}$', false) as has_measure,
    core.to_time(payload ->> 'when') as occurred_at,
    raw.reads_as_number(payload ->> 'value') as value_is_number,
    raw.bounded(core.to_number(payload ->> 'value')) as value
from raw.waiting
where stream_id = any(:streams)
