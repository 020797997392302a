-- Part payments of an invoice share its amount and its rate: a change of one, or of the rate, is a
-- change of all of them and of what the invoice is on its own days. Re-run: refused by Alembic.
do $$
declare
    fact text;
    event text;
begin
    foreach fact in array array['payment', 'rate'] loop
        foreach event in array array['insert', 'update', 'delete', 'truncate'] loop
            execute format('drop trigger note_%s on core.%I', event, fact);
        end loop;
    end loop;
end;
$$;

-- A payment counts on its day. A part payment, which came before the invoice was paid, else
-- closed, also takes from what the payments after it may bring and from what is overdue.
call core.note_changes_of('payment', '', 'payment', '*', $sql$
    with paid as materialized (
        select
            changed.source,
            changed.occurred_at,
            changed.customer_id as payer_id,
            invoice.invoice_id,
            invoice.subscription_id,
            invoice.customer_id,
            invoice.due_at,
            invoice.paid_at,
            invoice.closed_at,
            changed.status = 'succeeded'
            and changed.occurred_at
            < coalesce(invoice.paid_at, invoice.closed_at, 'infinity') as is_part
        from changed
        left join core.invoice
            on changed.source = invoice.source and changed.invoice_id = invoice.invoice_id
    ),

    part as materialized (
        select distinct
            source, invoice_id, subscription_id, customer_id, due_at, paid_at, closed_at
        from paid
        where is_part and invoice_id is not null
    ),

    dated as (
        select source, subscription_id, customer_id, payer_id, occurred_at as at
        from paid
        union all
        select part.source, part.subscription_id, part.customer_id, null, moment.at
        from part
        cross join unnest(array[part.due_at, part.paid_at, part.closed_at]) as moment (at)
        union all
        select part.source, part.subscription_id, part.customer_id, null, payment.occurred_at
        from part
        inner join core.payment
            on part.source = payment.source and part.invoice_id = payment.invoice_id
        where payment.status = 'succeeded'
    )

    select distinct
        'payment', dated.source, owner.object, owner.source_key, null::integer,
        null::daterange, dated.at
    from dated
    cross join lateral (
        values
        ('subscription', dated.subscription_id),
        ('customer', dated.customer_id),
        ('customer', dated.payer_id)
    ) as owner (object, source_key)
    where owner.source_key is not null and dated.at is not null
    $sql$);

-- A rate counts from its day on, for what fell due from then on: when it falls due, when it is
-- paid, in part or in full, and when it is closed.
call core.note_changes_of('rate', '', 'rate', 'currency, day, rate', $sql$
    with rated as materialized (
        select invoice.*
        from (select currency, min(day) as day from changed group by currency) as rate
        inner join core.invoice
            on lower(invoice.currency) = rate.currency and invoice.due_at >= rate.day - 1
    ),

    dated as (
        select rated.source, rated.subscription_id, rated.customer_id, moment.at
        from rated
        cross join unnest(array[rated.due_at, rated.paid_at, rated.closed_at]) as moment (at)
        union all
        select rated.source, rated.subscription_id, rated.customer_id, payment.occurred_at
        from rated
        inner join core.payment
            on rated.source = payment.source and rated.invoice_id = payment.invoice_id
        where
            payment.status = 'succeeded'
            and payment.occurred_at < coalesce(rated.paid_at, rated.closed_at, 'infinity')
    )

    select distinct
        'rate', dated.source, owner.object, owner.source_key, null::integer, null::daterange,
        dated.at
    from dated
    cross join lateral (
        values ('subscription', dated.subscription_id), ('customer', dated.customer_id)
    ) as owner (object, source_key)
    where owner.source_key is not null and dated.at is not null
    $sql$);

-- What was computed without these notes is computed once more.
insert into core.change (fact) values ('payment');
