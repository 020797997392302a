-- Grain: one row per subscription of a warehouse. Re-running changes nothing. Without a status of
-- its own one with an end is canceled, and any other active. amount: per billing interval.
insert into core.subscription (
    source, subscription_id, customer_id, account_key, account_keys, status, seats, amount_minor,
    currency, months, started_at, ended_at, period_end, trial_end
)
select
    :source,
    record_id,
    payload ->> 'account_key',
    payload ->> 'account_key',
    array[payload ->> 'account_key'],
    coalesce(
        lower(payload ->> 'status'),
        case when payload ->> 'ended_at' is null then 'active' else 'canceled' end
    ),
    core.to_number(payload ->> 'seats'),
    round(core.to_number(payload ->> 'amount') * coalesce(unit.factor, 1)),
    money.code,
    core.to_number(payload ->> 'months'),
    core.to_time(payload ->> 'started_at'),
    core.to_time(payload ->> 'ended_at'),
    core.to_time(payload ->> 'period_end'),
    core.to_time(payload ->> 'trial_end')
from raw.accepted
cross join
    lateral (select lower(coalesce(nullif(payload ->> 'currency', ''), :currency)) as code) as money
left join
    lateral (
        select
            cast(10 as numeric) ^ (
                currency.minor_digits
                - case when cast(:is_major as boolean) then 0 else currency.iso_digits end
            ) as factor
        from core.currency
        where currency.code = money.code
    ) as unit
    on true
where stream_id = :stream_id
on conflict (source, subscription_id) do update set
    customer_id = excluded.customer_id,
    account_key = excluded.account_key,
    account_keys = excluded.account_keys,
    status = excluded.status,
    seats = excluded.seats,
    amount_minor = excluded.amount_minor,
    currency = excluded.currency,
    months = excluded.months,
    started_at = excluded.started_at,
    ended_at = excluded.ended_at,
    period_end = excluded.period_end,
    trial_end = excluded.trial_end
