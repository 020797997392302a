-- Grain: one row per Chargebee subscription that is not deleted. Re-running changes nothing.
-- seats: quantities of plans. amount_minor: what recurs, per billing interval of the plan; unknown
-- where an item has no amount (metered). Decimals beside an amount are the true one, in major
-- units. status: a future one, one cancelled before its start, and the copy that a move to another
-- entity leaves behind (transferred) never came about; one that will not renew is active until it
-- ends, which cancelled_at tells beforehand, so it is no end yet. Reads both product catalogs.
insert into core.subscription (
    source, subscription_id, customer_id, account_key, account_keys, status, seats, amount_minor,
    currency, months, started_at, ended_at, canceled_at, period_end, trial_end, paused_at
)
select
    :source,
    record_id,
    payload ->> 'customer_id',
    entered.keys[1],
    entered.keys,
    case payload ->> 'status'
        when 'future' then 'incomplete'
        when 'transferred' then 'incomplete_expired'
        when 'in_trial' then 'trialing'
        when 'paused' then 'paused'
        when 'cancelled'
            then case when dated.began_at is null then 'incomplete_expired' else 'canceled' end
        else
            case
                when core.to_number(payload ->> 'due_invoices_count') > 0 then 'past_due'
                else 'active'
            end
    end,
    item.seats,
    item.amount_minor,
    lower(payload ->> 'currency_code'),
    term.months,
    dated.started_at,
    dated.ended_at,
    case
        when payload ->> 'status' in ('non_renewing', 'cancelled', 'paused')
            then
                coalesce(
                    core.from_epoch(payload ->> 'cancel_schedule_created_at'), dated.ended_at
                )
    end,
    coalesce(
        core.from_epoch(payload -> 'contract_term' ->> 'contract_end'),
        core.from_epoch(payload ->> 'current_term_end'),
        core.from_epoch(payload ->> 'next_billing_at')
    ),
    core.from_epoch(payload ->> 'trial_end'),
    case
        when payload ->> 'status' = 'paused'
            then
                coalesce(
                    core.from_epoch(payload ->> 'pause_date'),
                    core.from_epoch(payload ->> 'updated_at'),
                    observed_at
                )
    end
from raw.accepted
cross join
    lateral (
        select
            core.from_epoch(payload ->> 'started_at') as began_at,
            coalesce(
                core.from_epoch(payload ->> 'started_at'),
                core.from_epoch(payload ->> 'start_date'),
                core.from_epoch(payload ->> 'created_at')
            ) as started_at,
            case
                when payload ->> 'status' = 'cancelled'
                    then core.from_epoch(payload ->> 'cancelled_at')
            end as ended_at
    ) as dated
cross join
    lateral (
        select
            case payload ->> 'billing_period_unit'
                when 'year' then 12
                when 'month' then 1
            end
            * core.to_number(payload ->> 'billing_period') as months
    ) as term
cross join
    lateral (
        select
            array(
                select
                    wanted.prefix || trim(
                        coalesce(payload ->> wanted.name, payload -> 'meta_data' ->> wanted.name)
                    )
                from
                    unnest(cast(:key_names as text[]), cast(:key_prefixes as text[]))
                    with ordinality as wanted (name, prefix, place)
                where
                    wanted.name != 'id'
                    and trim(
                        coalesce(payload ->> wanted.name, payload -> 'meta_data' ->> wanted.name)
                    )
                    != ''
                order by wanted.place
            ) as keys
    ) as entered
left join core.currency on currency.code = lower(payload ->> 'currency_code')
left join core.vendor_unit
    on
        vendor_unit.vendor = 'chargebee'
        and vendor_unit.code = lower(payload ->> 'currency_code')
cross join
    lateral (
        select
            sum(
                coalesce(
                    core.to_number(sold.entry ->> 'quantity_in_decimal'),
                    core.to_number(sold.entry ->> 'quantity')
                )
            ) filter (where sold.kind = 'plan') as seats,
            case
                when count(*) = count(price.amount)
                    then sum(price.amount * coalesce(term.months / price.months, 1))
            end as amount_minor
        from core.chargebee_sold(payload) as sold
        cross join
            lateral (
                select
                    coalesce(
                        core.to_number(sold.entry ->> 'amount_in_decimal')
                        / currency.minor_unit,
                        core.to_number(sold.entry ->> 'amount')
                        * coalesce(vendor_unit.factor, 1)
                    ) as amount,
                    case sold.entry ->> 'billing_period_unit'
                        when 'year' then 12
                        when 'month' then 1
                    end
                    * nullif(core.to_number(sold.entry ->> 'billing_period'), 0) as months
            ) as price
    ) as item
where
    stream_id = :stream_id
    and payload ->> 'deleted' is distinct from 'true'
    and dated.started_at is not null
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
    canceled_at = excluded.canceled_at,
    period_end = excluded.period_end,
    trial_end = excluded.trial_end,
    paused_at = excluded.paused_at
