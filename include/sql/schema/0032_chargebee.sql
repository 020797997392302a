-- What Chargebee's records need: its units of money, pauses, and two readings that both the checks
-- and the facts take. Re-run: refused by Alembic.

-- Chargebee API v2 on currencies, checked Nov 2026: one without subunits is sent whole, every other
-- one times 100, those with thousandths too. Here: where this store keeps more digits.
insert into core.vendor_currency (vendor, code, minor_digits)
select
    'chargebee',
    code,
    case iso_digits when 0 then 0 else 2 end
from core.currency
where minor_digits != case iso_digits when 0 then 0 else 2 end;

-- Since when nothing is billed for a while, though nothing has ended; NULL: it is billed.
alter table core.subscription add column paused_at timestamptz;

-- What a subscription sells that recurs, one row an item. kind: plan, of which the quantity is the
-- seats, or addon. Product catalog 2 lists items; in catalog 1 the plan stands on the subscription.
create function core.chargebee_sold(subscription jsonb)
returns table (kind text, entry jsonb)
language sql stable parallel safe rows 2
as $$
select
    item ->> 'item_type',
    item
from raw.elements(subscription -> 'subscription_items') as item
where item ->> 'item_type' in ('plan', 'addon')
union all
select
    'plan',
    jsonb_build_object(
        'quantity', coalesce(subscription -> 'plan_quantity', '1'),
        'quantity_in_decimal', subscription -> 'plan_quantity_in_decimal',
        'amount', subscription -> 'plan_amount',
        'amount_in_decimal', subscription -> 'plan_amount_in_decimal'
    )
where subscription ->> 'plan_id' is not null
union all
select
    'addon',
    addon
from raw.elements(subscription -> 'addons') as addon
where subscription ->> 'plan_id' is not null
$$;

-- The payments that a transaction stands for: one for each invoice, else one. amount: in the
-- vendor's units; of several invoices what was applied to each, or asked for it where it failed. A
-- refund is for the invoice of its credit note.
create function core.chargebee_paid(transaction_id text, paid jsonb)
returns table (payment_id text, invoice_id text, amount numeric)
language sql stable parallel safe rows 1
as $$
with linked as (
    select
        entry ->> 'invoice_id' as invoice_id,
        nullif(core.to_number(entry ->> 'applied_amount'), 0) as applied,
        core.to_number(entry ->> 'invoice_total') as total
    from raw.elements(paid -> 'linked_invoices') as entry
    union all
    select
        entry ->> 'cn_reference_invoice_id',
        nullif(core.to_number(entry ->> 'applied_amount'), 0),
        core.to_number(entry ->> 'cn_total')
    from raw.elements(paid -> 'linked_credit_notes') as entry
),

for_invoice as (
    select
        linked.invoice_id,
        coalesce(sum(linked.applied), max(linked.total)) as amount
    from linked
    where linked.invoice_id != ''
    group by linked.invoice_id
),

counted as (
    select count(*) as invoices
    from for_invoice
)

select
    case
        when counted.invoices > 1 then transaction_id || '|' || for_invoice.invoice_id
        else transaction_id
    end,
    for_invoice.invoice_id,
    case
        when counted.invoices > 1
            then coalesce(for_invoice.amount, core.to_number(paid ->> 'amount'))
        else core.to_number(paid ->> 'amount')
    end
from counted
left join for_invoice on true
$$;
