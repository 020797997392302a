-- Grain: one row per account of which a warehouse has a subscription or an invoice: what it calls
-- an account stands for a customer of a billing system. Re-running changes nothing.
insert into core.customer (source, customer_id, account_key, account_keys, created_at)
select
    :source,
    payload ->> 'account_key',
    payload ->> 'account_key',
    array[payload ->> 'account_key'],
    min(coalesce(core.to_time(payload ->> 'started_at'), core.to_time(payload ->> 'created_at')))
from raw.accepted
where stream_id = :stream_id
group by payload ->> 'account_key'
on conflict (source, customer_id) do update set
    created_at = least(customer.created_at, excluded.created_at)
