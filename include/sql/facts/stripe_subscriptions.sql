-- Grain: one row per Stripe subscription. Re-running changes nothing. seats: sum of licensed
-- quantities. amount_minor: per the longest interval of its items, others as often as they fall in
-- it; unknown where a price is tiered or in fractions, or one of the intervals is days or weeks.
-- The payload is taken apart once, since each look into a compressed one unpacks all of it.
insert into core.subscription (
    source, subscription_id, customer_id, account_key, account_keys, status, seats, amount_minor,
    currency, months, started_at, ended_at, canceled_at, period_end, trial_end
)
select
    :source,
    record_id,
    sent.customer,
    entered.keys[1],
    entered.keys,
    sent.status,
    item.seats,
    item.amount_minor * coalesce(vendor_unit.factor, 1),
    lower(sent.currency),
    item.months,
    coalesce(
        core.from_epoch(sent.start_date), core.from_epoch(sent.created)
    ),
    core.from_epoch(sent.ended_at),
    core.from_epoch(sent.canceled_at),
    coalesce(item.period_end, core.from_epoch(sent.current_period_end)),
    core.from_epoch(sent.trial_end)
from raw.accepted
cross join
    lateral jsonb_to_record(payload) as sent (
        customer text,
        status text,
        currency text,
        start_date text,
        created text,
        ended_at text,
        canceled_at text,
        current_period_end text,
        trial_end text,
        metadata jsonb,
        items jsonb
    )
cross join
    lateral (
        select
            array(
                select wanted.prefix || trim(sent.metadata ->> wanted.name)
                from
                    unnest(cast(:key_names as text[]), cast(:key_prefixes as text[]))
                    with ordinality as wanted (name, prefix, place)
                where trim(sent.metadata ->> wanted.name) != ''
                order by wanted.place
            ) as keys
    ) as entered
cross join
    lateral (
        select
            sum(line.seats) as seats,
            case
                when count(*) = count(line.amount) and count(*) = count(line.months)
                    then round(sum(line.amount * line.longest / line.months))
            end as amount_minor,
            case when count(*) = count(line.months) then max(line.longest) end as months,
            min(line.period_end) as period_end
        from (
            select
                sold.seats,
                sold.amount,
                sold.months,
                sold.period_end,
                max(sold.months) over () as longest
            from (
                select
                    core.to_number(sent_line ->> 'quantity') as seats,
                    core.to_number(sent_line -> 'price' ->> 'unit_amount')
                    * core.to_number(sent_line ->> 'quantity') as amount,
                    case sent_line -> 'price' -> 'recurring' ->> 'interval'
                        when 'year' then 12
                        when 'month' then 1
                    end
                    * nullif(
                        core.to_number(
                            sent_line -> 'price' -> 'recurring' ->> 'interval_count'
                        ),
                        0
                    ) as months,
                    core.from_epoch(sent_line ->> 'current_period_end') as period_end
                from raw.elements(sent.items -> 'data') as sent_line
            ) as sold
        ) as line
    ) as item
left join core.vendor_unit
    on vendor_unit.vendor = 'stripe' and vendor_unit.code = lower(sent.currency)
where
    stream_id = :stream_id
    and coalesce(
        core.from_epoch(sent.start_date), core.from_epoch(sent.created)
    ) is not null
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
    trial_end = excluded.trial_end
