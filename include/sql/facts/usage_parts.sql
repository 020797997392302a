-- Grain: one row per product group and day: what its parts add up to, of the new and the kept ones.
-- Re-running changes nothing; a part that was counted again replaces its row. A user or feature of
-- several parts is one. features: what happened, less what health.yaml says is no feature.
with fresh as (
    insert into core.usage_part (source, account_key, day, part, events, users, features)
    select
        :source,
        payload ->> 'account_key',
        core.to_day(payload ->> 'day'),
        core.to_day(payload ->> 'part'),
        core.to_number(payload ->> 'events'),
        array(select jsonb_array_elements_text(payload -> 'users')),
        array(
            select feature
            from jsonb_array_elements_text(payload -> 'features') as feature
            where feature != all(cast(:not_features as text[]))
        )
    from raw.accepted
    where stream_id = :stream_id
    on conflict (source, account_key, day, part) do update
        set
            events = excluded.events,
            users = excluded.users,
            features = excluded.features
    returning account_key, day, part, events, users, features
),

touched as (
    select distinct
        account_key,
        day
    from fresh
),

-- The kept parts are those of before this statement: what it inserts is in fresh alone.
kept as (
    select
        older.account_key,
        older.day,
        older.part,
        older.events,
        older.users,
        older.features
    from touched
    inner join core.usage_part as older
        on
            older.source = :source
            and touched.account_key = older.account_key
            and touched.day = older.day
    left join fresh
        on
            older.account_key = fresh.account_key
            and older.day = fresh.day
            and older.part = fresh.part
    where fresh.part is null
),

part as (
    select * from fresh
    union all
    select * from kept
),

-- users and features: right where there is one part, as there mostly is.
summed as (
    select
        account_key,
        day,
        sum(events) as events,
        count(*) as parts,
        min(users) as users,
        min(features) as features
    from part
    group by account_key, day
),

several as (
    select part.*
    from part
    inner join summed on part.account_key = summed.account_key and part.day = summed.day
    where summed.parts > 1
),

seen as (
    select
        account_key,
        day,
        array_agg(distinct name order by name) as names
    from several
    cross join unnest(users) as name
    group by account_key, day
),

used as (
    select
        account_key,
        day,
        array_agg(distinct name order by name) as names
    from several
    cross join unnest(features) as name
    group by account_key, day
)

insert into core.usage_day (source, account_key, day, events, users, features)
select
    :source,
    summed.account_key,
    summed.day,
    summed.events,
    coalesce(seen.names, summed.users),
    coalesce(used.names, summed.features)
from summed
left join seen on summed.account_key = seen.account_key and summed.day = seen.day
left join used on summed.account_key = used.account_key and summed.day = used.day
on conflict (source, account_key, day) do update set
    events = excluded.events,
    users = excluded.users,
    features = excluded.features
