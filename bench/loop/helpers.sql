-- What the loop over days would otherwise look for in all the past, once for all its days: since
-- when each account is known, from when to when it had how many seats, stood in arrears.
create index if not exists usage_day_by_day on core.usage_day (day);

drop table if exists loop_known, loop_seats, loop_arrears, loop_invoice;

create unlogged table loop_known as
select
    account.account_id,
    account.source_account_id,
    account.created_at::date as crm,
    customer.created_at::date as billing,
    organization.created_at::date as support,
    used.first_day as usage
from core.account
left join core.account_link as paying
    on account.account_id = paying.account_id and paying.object = 'customer'
left join core.customer on paying.source_key = customer.customer_id
left join core.account_link as asking
    on account.account_id = asking.account_id and asking.object = 'organization'
left join core.organization on asking.source_key = organization.organization_id
left join core.account_link as using_it
    on account.account_id = using_it.account_id and using_it.object = 'group'
left join lateral (
    select min(usage_day.day) as first_day
    from core.usage_day
    where
        usage_day.source = using_it.source and usage_day.account_key = using_it.source_key
) as used on true;

create unlogged table loop_invoice as
select
    link.account_id,
    invoice.subscription_id,
    invoice.seats,
    invoice.period_start::date as from_day,
    invoice.due_at::date as due_day,
    invoice.paid_at::date as paid_day,
    invoice.paid_at is null or invoice.paid_at::date > invoice.due_at::date + 1 as is_late
from core.invoice
inner join core.account_link as link
    on
        invoice.source = link.source
        and invoice.customer_id = link.source_key
        and link.object = 'customer';

create unlogged table loop_seats as
select
    invoice.account_id,
    invoice.seats,
    case
        when
            row_number() over (partition by invoice.subscription_id order by invoice.from_day) = 1
            then subscription.started_at::date
        else invoice.from_day
    end as from_day,
    least(
        lead(invoice.from_day, 1, date 'infinity') over (
            partition by invoice.subscription_id order by invoice.from_day
        ),
        subscription.ended_at::date
    ) as to_day
from loop_invoice as invoice
inner join core.subscription on invoice.subscription_id = subscription.subscription_id;

create unlogged table loop_arrears as
select
    account_id,
    lower(span) as from_day,
    upper(span) as to_day
from (
    select
        account_id,
        unnest(range_agg(daterange(due_day + 2, paid_day))) as span
    from loop_invoice
    where is_late and (paid_day is null or paid_day > due_day + 2)
    group by account_id
) as late;

analyze loop_known, loop_seats, loop_arrears, loop_invoice;
