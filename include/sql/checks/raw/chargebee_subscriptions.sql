-- Grain: one row per waiting subscription that is not deleted. Reads only. seats and amount_minor
-- are the sums over what recurs that the facts make; a ratio of absurd periods may be too small
-- for a comparison, so they are rounded.
select
    waiting.stream_id,
    waiting.batch_id,
    waiting.record_id,
    item.has_plan,
    raw.bounded(round(item.seats, 6)) as seats,
    raw.bounded(round(item.amount_minor, 6)) as amount_minor,
    raw.bounded(term.months) as months,
    coalesce(waiting.payload ->> 'id' = waiting.record_id, false) as has_own_key,
    nullif(waiting.payload ->> 'customer_id', '') as customer_id,
    waiting.payload ->> 'status' as status,
    case
        when waiting.payload ->> 'currency_code' != '' then currency.code is not null
    end as currency_is_known,
    coalesce(
        core.from_epoch(waiting.payload ->> 'started_at'),
        core.from_epoch(waiting.payload ->> 'start_date'),
        core.from_epoch(waiting.payload ->> 'created_at')
    ) as started_at,
    raw.reads_as_epoch(waiting.payload ->> 'cancelled_at') as cancelled_is_time,
    raw.reads_as_epoch(waiting.payload ->> 'current_term_end') as term_end_is_time
from raw.waiting
left join core.currency on lower(waiting.payload ->> 'currency_code') = currency.code
cross join
    lateral (
        select
            case waiting.payload ->> 'billing_period_unit'
                when 'year' then 12
                when 'month' then 1
            end
            * core.to_number(waiting.payload ->> 'billing_period') as months
    ) as term
cross join
    lateral (
        select
            sum(
                coalesce(
                    core.to_number(sold.entry ->> 'quantity_in_decimal'),
                    core.to_number(sold.entry ->> 'quantity')
                )
            ) filter (where sold.kind = 'plan') as seats,
            sum(
                coalesce(
                    core.to_number(sold.entry ->> 'amount_in_decimal')
                    / currency.minor_unit,
                    core.to_number(sold.entry ->> 'amount')
                )
                * coalesce(
                    term.months / (
                        case sold.entry ->> 'billing_period_unit'
                            when 'year' then 12
                            when 'month' then 1
                        end
                        * nullif(core.to_number(sold.entry ->> 'billing_period'), 0)
                    ),
                    1
                )
            ) as amount_minor,
            count(*) filter (where sold.kind = 'plan') > 0 as has_plan
        from core.chargebee_sold(waiting.payload) as sold
    ) as item
where
    waiting.stream_id = any(:streams)
    and waiting.payload ->> 'deleted' is distinct from 'true'
