-- Grain: one row per Chargebee customer. Re-running changes nothing. A deleted one keeps what was
-- known of it: its past invoices still belong to somebody. account_keys: what it says of whom it
-- is, in the order of health.yaml: its id, custom fields, which stand on top, or free JSON.
insert into core.customer (
    source, customer_id, name, email, account_key, account_keys, currency, created_at, is_deleted
)
select
    :source,
    record_id,
    coalesce(
        nullif(trim(payload ->> 'company'), ''),
        nullif(trim(concat_ws(' ', payload ->> 'first_name', payload ->> 'last_name')), '')
    ),
    nullif(lower(trim(payload ->> 'email')), ''),
    entered.keys[1],
    entered.keys,
    lower(payload ->> 'preferred_currency_code'),
    core.from_epoch(payload ->> 'created_at'),
    coalesce(payload ->> 'deleted' = 'true', false)
from raw.accepted
cross join
    lateral (
        select
            array(
                select wanted.prefix || trim(named.value)
                from
                    unnest(cast(:key_names as text[]), cast(:key_prefixes as text[]))
                    with ordinality as wanted (name, prefix, place)
                cross join
                    lateral (
                        select
                            case
                                when wanted.name = 'id' then record_id
                                else coalesce(
                                    payload ->> wanted.name,
                                    payload -> 'meta_data' ->> wanted.name
                                )
                            end as value
                    ) as named
                where trim(named.value) != ''
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
