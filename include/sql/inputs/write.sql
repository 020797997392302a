-- Grain: one row per account, measure and moment that an entry is about. Re-running writes nothing:
-- only changed rows are. What the CRM says of the same moment stays.
insert into core.manual_input (
    source, source_account_id, measure, occurred_at, value, reason, author, is_entered
)
select
    placed.source,
    placed.source_account_id,
    placed.measure,
    placed.occurred_at,
    placed.value,
    placed.comment,
    placed.author,
    true
from placed
left join core.manual_input as stored
    on
        placed.source = stored.source
        and placed.source_account_id = stored.source_account_id
        and placed.measure = stored.measure
        and placed.occurred_at = stored.occurred_at
where
    stored.source is null
    or (
        stored.is_entered
        and (stored.value, stored.reason, stored.author)
        is distinct from (placed.value, placed.comment, placed.author)
    )
on conflict (source, source_account_id, measure, occurred_at) do update set
    value = excluded.value,
    reason = excluded.reason,
    author = excluded.author
