-- Grain: one row per Stripe customer. Re-running changes nothing. A deleted one keeps what was
-- known of it: its past invoices still belong to somebody.
insert into core.customer (
    source, customer_id, name, email, account_key, currency, created_at, is_deleted
)
select
    :source,
    record_id,
    payload ->> 'name',
    nullif(lower(trim(payload ->> 'email')), ''),
    (
        select nullif(trim(payload -> 'metadata' ->> wanted.key), '')
        from unnest(cast(:account_keys as text[])) with ordinality as wanted (key, place)
        where payload -> 'metadata' ? wanted.key
        order by wanted.place
        limit 1
    ),
    lower(payload ->> 'currency'),
    core.from_epoch(payload ->> 'created'),
    coalesce(cast((payload ->> 'deleted') as boolean), false)
from raw.accepted
where stream_id = :stream_id
on conflict (source, customer_id) do update set
    name = coalesce(excluded.name, customer.name),
    email = coalesce(excluded.email, customer.email),
    account_key = coalesce(excluded.account_key, customer.account_key),
    currency = coalesce(excluded.currency, customer.currency),
    created_at = coalesce(excluded.created_at, customer.created_at),
    is_deleted = excluded.is_deleted
