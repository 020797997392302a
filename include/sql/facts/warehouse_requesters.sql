-- Grain: one row per account of which a warehouse has an answer: whoever answers there belongs to
-- it. Re-running changes nothing.
insert into core.requester (source, requester_id, organization_id)
select distinct
    :source,
    payload ->> 'account_key',
    payload ->> 'account_key'
from raw.accepted
where stream_id = :stream_id
on conflict (source, requester_id) do nothing
