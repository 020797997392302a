-- Which invoice a vendor's payment attempts are for, and how collecting stands for those that
-- landed before there was a column for it. Re-run: refused by Alembic.

-- intent_id: what several attempts to pay one thing share, in the vendor's word; NULL: none.
alter table core.payment add column intent_id text;
create index payment_without_invoice on core.payment (source, intent_id)
where invoice_id is null and intent_id is not null;
create table core.invoice_intent (
    source text not null,
    intent_id text not null,
    invoice_id text not null,
    primary key (source, intent_id, invoice_id)
);

-- How collecting an invoice of Stripe stands. Retries are over where no next one is planned.
create function core.stripe_dunning(
    status text, method text, attempts numeric, next_attempt text
) returns text
language sql immutable parallel safe
return case
    when method != 'charge_automatically' or coalesce(attempts, 0) = 0 then null
    when status = 'open' and next_attempt is not null then 'in_progress'
    when status in ('open', 'uncollectible') then 'exhausted'
    when status = 'void' then 'stopped'
    when status = 'paid' and attempts > 1 then 'success'
end;

update core.invoice set
    attempts = core.to_number(newest.payload ->> 'attempt_count'),
    next_attempt_at = core.from_epoch(newest.payload ->> 'next_payment_attempt'),
    dunning = core.stripe_dunning(
        newest.payload ->> 'status',
        newest.payload ->> 'collection_method',
        core.to_number(newest.payload ->> 'attempt_count'),
        newest.payload ->> 'next_payment_attempt'
    )
from (
    select distinct on (stream.source, record.record_id)
        stream.source,
        record.record_id,
        record.payload
    from raw.record
    inner join raw.stream on record.stream_id = stream.stream_id
    where stream.vendor = 'stripe' and stream.stream = 'invoices'
    order by stream.source asc, record.record_id asc, record.batch_id desc
) as newest
where
    invoice.source = newest.source
    and invoice.invoice_id = newest.record_id
    and core.to_number(newest.payload ->> 'attempt_count') between 0 and 2e9;
