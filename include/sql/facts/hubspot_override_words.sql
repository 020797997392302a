-- Grain: one row per company of whose override properties any has, or had, a value. Re-running
-- changes nothing. Who set it is told by address where the user is an owner, else by number.
insert into core.override_word (source, source_account_id, value, reason, until, author)
select
    :source,
    record_id,
    said.value,
    said.reason,
    said.until,
    coalesce(
        (
            select max(owner.email)
            from core.owner
            where owner.source = :source and owner.user_id = said.author
        ),
        said.author
    )
from raw.accepted
cross join
    lateral (
        select
            payload -> 'properties' as shown,
            payload -> 'propertiesWithHistory' -> cast(:override as text) -> 0 as newest
    ) as entered
cross join
    lateral (
        select
            nullif(btrim(shown ->> cast(:override as text)), '') as value,
            nullif(btrim(shown ->> cast(:override_reason as text)), '') as reason,
            nullif(btrim(shown ->> cast(:override_until as text)), '') as until,
            coalesce(
                newest ->> 'updatedByUserId', nullif(newest ->> 'sourceId', '')
            ) as author
    ) as said
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
