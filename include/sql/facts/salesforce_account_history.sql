-- Grain: one row per change of a tracked field of a Salesforce account. Re-running changes nothing.
-- A lookup has two rows a change, one with the names and one with the ids; both are kept. Rows
-- without a field or a value say nothing: those of the creation, and of long texts.
insert into core.account_change (
    source, change_id, source_account_id, field, old_value, new_value, author, occurred_at
)
select
    :source,
    record_id,
    payload ->> 'AccountId',
    payload ->> 'Field',
    nullif(payload ->> 'OldValue', ''),
    nullif(payload ->> 'NewValue', ''),
    payload ->> 'CreatedById',
    core.to_time(payload ->> 'CreatedDate')
from raw.accepted
where
    stream_id = :stream_id
    and coalesce(nullif(payload ->> 'OldValue', ''), nullif(payload ->> 'NewValue', '')) is not null
on conflict (source, change_id) do nothing
