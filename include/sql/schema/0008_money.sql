-- Currencies, dated exchange rates, amounts in the reporting currency. Re-run: refused by Alembic.

-- minor_digits: of the amounts in this store, at least as many as ISO 4217 and any billing vendor
-- has, so that nothing sent is rounded away. iso_digits: of ISO 4217. minor_unit: what one minor
-- unit is in major units, exactly.
alter table core.currency rename column exponent to minor_digits;
alter table core.currency add column iso_digits smallint;
update core.currency set minor_digits = 2
where code = 'mga';
update core.currency set
    iso_digits = case when code in ('isk', 'ugx') then 0 else minor_digits end;
alter table core.currency alter column iso_digits set not null;
alter table core.currency add column minor_unit numeric not null generated always as (
    case minor_digits when 0 then 1 when 2 then 0.01 when 3 then 0.001 end
) stored;

-- Where a vendor's minor unit is not that of ISO 4217. Stripe (STRIPE.md part 6, checked Nov 2026)
-- sends isk and ugx times 100 and mga whole; huf and twd are whole in payouts only. Its
-- zero-decimal and three-decimal currencies are those of ISO 4217 otherwise.
create table core.vendor_currency (
    vendor text not null,
    code text not null references core.currency,
    minor_digits smallint not null check (minor_digits in (0, 2, 3)),
    primary key (vendor, code)
);
insert into core.vendor_currency (vendor, code, minor_digits) values
('stripe', 'isk', 2),
('stripe', 'ugx', 2),
('stripe', 'mga', 0);

-- How many of this store's minor units one minor unit of a vendor is.
create view core.vendor_unit as
select
    vendor_currency.vendor,
    vendor_currency.code,
    10::numeric ^ (currency.minor_digits - vendor_currency.minor_digits) as factor
from core.vendor_currency
inner join core.currency on vendor_currency.code = currency.code;

-- Ariary stood here in whole ones, as Stripe sends them; codes as they were sent.
update core.invoice set
    amount_due_minor = amount_due_minor * 100,
    amount_remaining_minor = amount_remaining_minor * 100
where lower(currency) = 'mga';
update core.invoice set currency = lower(currency)
where currency != lower(currency);
update core.subscription set amount_minor = amount_minor * 100
where lower(currency) = 'mga';
update core.subscription set currency = lower(currency)
where currency != lower(currency);
update core.opportunity set amount_minor = amount_minor * 100
where currency = 'mga';

-- One row: the currency in which everything is added up, and how old a rate may be. None before
-- the first run: nothing can be valued then. digits: an amount that was converted is rounded to.
create table core.money (
    is_only boolean primary key default true check (is_only),
    currency text not null references core.currency,
    digits smallint not null,
    max_age_days integer not null
);

-- What people wrote: from `day` on one major unit of `currency` is worth `rate` major units of the
-- reporting currency. source: who says so.
create table core.rate (
    currency text not null references core.currency,
    day date not null,
    rate numeric not null check (rate > 0),
    source text not null,
    loaded_at timestamptz not null default now(),
    primary key (currency, day)
);

-- What stood in core.rate before the file said otherwise, so that a receipt can show what applied.
create table core.replaced_rate (
    currency text not null,
    day date not null,
    rate numeric not null,
    source text not null,
    loaded_at timestamptz not null,
    replaced_at timestamptz not null default now(),
    primary key (currency, day, loaded_at)
);

-- Every rate that ever stood, and from when to when; replaced_at: NULL = it stands now.
create view core.rate_version as
select
    currency,
    day,
    rate,
    source,
    loaded_at,
    null::timestamptz as replaced_at
from core.rate
union all
select
    currency,
    day,
    rate,
    source,
    loaded_at,
    replaced_at
from core.replaced_rate;

-- The rate in force on each day: the newest not after it and not older than max_age_days; no row
-- means that there is none. Made of core.rate at each load; for joins by (currency, day).
create table core.rate_in_force (
    currency text not null,
    day date not null,
    rate numeric not null,
    rated_on date not null,
    primary key (currency, day)
);

-- An amount in major units of the reporting currency, at the rate in force on that day, rounded
-- half away from zero to its digits; in the same currency: as it is. NULL: unknown currency, or
-- no rate in force. A call takes microseconds; over millions of rows join core.rate_in_force.
create function core.major_in_reporting(
    amount numeric, amount_currency text, on_day date
) returns numeric
language plpgsql stable parallel safe
as $$
declare
    reporting record;
    in_force numeric;
begin
    select currency, digits into reporting from core.money;
    if lower(amount_currency) = reporting.currency then
        return amount;
    end if;
    select rate into in_force from core.rate_in_force
    where currency = lower(amount_currency) and day = on_day;
    return round(amount * in_force, reporting.digits);
end;
$$;

create function core.in_reporting(
    amount_minor bigint, amount_currency text, on_day date
) returns numeric
language plpgsql stable parallel safe
as $$
begin
    return core.major_in_reporting(
        amount_minor * (select minor_unit from core.currency where code = lower(amount_currency)),
        amount_currency,
        on_day
    );
end;
$$;

-- Every invoice with something to pay, and the account it belongs to: its subscription's, else its
-- customer's. Look accounts up one by one (lateral, offset 0): a join would read all invoices.
create view core.owned_invoice as
select
    account_link.account_id,
    invoice.source,
    invoice.invoice_id,
    invoice.currency,
    invoice.amount_due_minor,
    invoice.amount_remaining_minor,
    invoice.due_at,
    invoice.paid_at,
    invoice.closed_at
from core.account_link
inner join core.invoice
    on
        account_link.source = invoice.source
        and account_link.source_key = invoice.subscription_id
where account_link.object = 'subscription' and invoice.amount_due_minor > 0
union all
select
    account_link.account_id,
    invoice.source,
    invoice.invoice_id,
    invoice.currency,
    invoice.amount_due_minor,
    invoice.amount_remaining_minor,
    invoice.due_at,
    invoice.paid_at,
    invoice.closed_at
from core.account_link
inner join core.invoice
    on account_link.source = invoice.source and account_link.source_key = invoice.customer_id
where
    account_link.object = 'customer'
    and invoice.amount_due_minor > 0
    and not exists (
        select 1
        from core.account_link as own_link
        where
            own_link.source = invoice.source
            and own_link.object = 'subscription'
            and own_link.source_key = invoice.subscription_id
    );
