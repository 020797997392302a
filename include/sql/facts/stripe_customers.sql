-- Grain: one row per Stripe customer. Re-running changes nothing. A deleted one keeps what was
-- known of it: its past invoices still belong to somebody. account_keys: what its metadata says of
-- whom it is, in the order of health.yaml.
insert into core.customer (
    source, customer_id, name, email, account_key, account_keys, currency, created_at, is_deleted
)
select
    :source,
    record_id,
    payload ->> 'name',
    nullif(lower(trim(payload ->> 'email')), ''),
    entered.keys[1],
    entered.keys,
    lower(payload ->> 'currency'),
    core.from_epoch(payload ->> 'created'),
    coalesce(cast((payload ->> 'deleted') as boolean), false)
from raw.accepted
cross join
    lateral (
        select
            array(
                select wanted.prefix || trim(payload -> 'metadata' ->> wanted.name)
                from
                    unnest(cast(:key_names as text[]), cast(:key_prefixes as text[]))
                    with ordinality as wanted (name, prefix, place)
                where trim(payload -> 'metadata' ->> wanted.name) != ''
                order by wanted.place
            ) as keys
    ) as entered
where stream_id = :stream_id
on conflict (source, customer_id) do update set
    name = coalesce(excluded.name, customer.name),
    email = coalesce(excluded.email, customer.email),
    account_key = case
        when excluded.is_deleted then customer.account_key else excluded.account_key
    end,
    account_keys = case
        when excluded.is_deleted then customer.account_keys else excluded.account_keys
    end,
    currency = coalesce(excluded.currency, customer.currency),
    created_at = coalesce(excluded.created_at, customer.created_at),
    is_deleted = excluded.is_deleted
