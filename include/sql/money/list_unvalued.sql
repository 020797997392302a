-- Grain: one row per fact and currency with amounts that no rate values, up to :day. Reads only.
-- amount: what is at stake, in major units of that currency, NULL where we do not know the
-- currency; first_day, last_day: on which there is no rate.
select
    entry.fact,
    entry.currency,
    currency.code is not null as currency_is_known,
    count(*) as entries,
    count(distinct entry.account_id) as accounts,
    sum(coalesce(entry.amount, entry.amount_minor * currency.minor_unit)) as amount,
    min(entry.day) as first_day,
    max(entry.day) as last_day
from (
    select
        'invoices' as fact,
        invoice.currency,
        invoice.account_id,
        (invoice.due_at at time zone :time_zone)::date as day,
        null::numeric as amount,
        invoice.amount_due_minor as amount_minor
    from core.owned_invoice as invoice
    union all
    select
        'ARR',
        lower(live_account.currency),
        live_account.account_id,
        :day,
        live_account.arr,
        null
    from core.live_account
    where live_account.arr is not null
) as entry
left join core.money on true
left join core.currency on entry.currency = currency.code
left join core.rate_in_force
    on entry.currency = rate_in_force.currency and entry.day = rate_in_force.day
where
    entry.day <= :day
    and entry.currency is distinct from money.currency
    and rate_in_force.rate is null
group by entry.fact, entry.currency, currency.code
order by entry.fact asc, amount desc nulls last, entry.currency asc
