-- Grain: one row per product group and day. Re-running changes nothing; a day that was counted
-- again replaces its row. features: what happened, less what health.yaml says is no feature.
insert into core.usage_day (source, account_key, day, events, users, features)
select
    :source,
    payload ->> 'account_key',
    core.to_day(payload ->> 'day'),
    core.to_number(payload ->> 'events'),
    array(select jsonb_array_elements_text(payload -> 'users')),
    array(
        select feature
        from jsonb_array_elements_text(payload -> 'features') as feature
        where feature != all(cast(:not_features as text[]))
    )
from raw.accepted
where stream_id = :stream_id
on conflict (source, account_key, day) do update set
    events = excluded.events,
    users = excluded.users,
    features = excluded.features
