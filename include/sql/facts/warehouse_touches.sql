-- Grain: one row per meeting of a warehouse, under the CRM's name so that it belongs to the CRM's
-- record. Re-running changes nothing. account_key: as people call accounts; one that means no
-- single account is kept as it is.
insert into core.touch (source, touch_id, source_account_id, kind, is_held, occurred_at)
with called as (
    select
        meant.called,
        min(owner.source_account_id) as source_account_id
    from (
        select array_agg(distinct payload ->> 'account_key') as calls
        from raw.accepted
        where stream_id = :stream_id
    ) as asked
    cross join core.accounts_called(asked.calls) as meant
    inner join core.account as owner on meant.account_id = owner.account_id
    group by meant.called
    having count(*) = 1
)

select
    :crm,
    cast(:source as text) || '|' || accepted.record_id,
    coalesce(called.source_account_id, accepted.payload ->> 'account_key'),
    coalesce(lower(accepted.payload ->> 'kind'), 'other'),
    coalesce(cast(accepted.payload ->> 'is_held' as boolean), true),
    core.to_time(accepted.payload ->> 'occurred_at')
from raw.accepted
left join called on accepted.payload ->> 'account_key' = called.called
where accepted.stream_id = :stream_id
on conflict (source, touch_id) do update set
    source_account_id = excluded.source_account_id,
    kind = excluded.kind,
    is_held = excluded.is_held,
    occurred_at = excluded.occurred_at
