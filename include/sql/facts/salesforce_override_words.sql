-- Grain: one row per account of whose override fields any has, or had, a value. Re-running changes
-- nothing. Who set it is known where the org tracks the field's history.
insert into core.override_word (source, source_account_id, value, reason, until, author)
select
    :source,
    record_id,
    said.value,
    said.reason,
    said.until,
    coalesce(owner.email, newest.author)
from raw.accepted
cross join lateral (select cast(payload ->> 'IsDeleted' as boolean) as is_deleted) as stood
cross join
    lateral (
        select
            nullif(btrim(payload ->> cast(:override as text)), '') as value,
            nullif(btrim(payload ->> cast(:override_reason as text)), '') as reason,
            nullif(btrim(payload ->> cast(:override_until as text)), '') as until
        where not stood.is_deleted
        union all
        select
            null,
            null,
            null
        where stood.is_deleted
    ) as said
left join
    lateral (
        select account_change.author
        from core.account_change
        where
            account_change.source = :source
            and account_change.source_account_id = record_id
            and account_change.field = cast(:override as text)
        order by account_change.occurred_at desc
        limit 1
    ) as newest
    on true
left join core.owner on owner.source = :source and newest.author = owner.owner_id
where
    stream_id = :stream_id
    and (
        num_nonnulls(said.value, said.reason, said.until) > 0
        or exists (
            select 1
            from core.override_word as before
            where before.source = :source and before.source_account_id = record_id
        )
    )
on conflict (source, source_account_id) do update set
    value = excluded.value,
    reason = excluded.reason,
    until = excluded.until,
    author = excluded.author
