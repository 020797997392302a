-- Payments with dates, dunning, answers to surveys on their own scales, roles of contacts.
-- Re-run: refused by Alembic.

-- Money that moved, or did not, for an invoice or without one. status: succeeded; failed: one
-- attempt that did not go through, failure_code in the vendor's word; pending; refunded: money that
-- went back, as a row of its own. A payment for several invoices is a row for each. amount_minor:
-- what moved (or should have), never below zero.
create table core.payment (
    source text not null,
    payment_id text not null,
    customer_id text,
    invoice_id text,
    status text not null check (status in ('succeeded', 'failed', 'refunded', 'pending')),
    amount_minor bigint not null,
    currency text not null,
    failure_code text,
    occurred_at timestamptz not null,
    primary key (source, payment_id)
);
create index payment_by_invoice on core.payment (source, invoice_id);
create index payment_by_customer on core.payment (source, customer_id, occurred_at);

-- How collecting stands today. attempts: made so far; NULL: the vendor does not say. dunning: NULL
-- where nothing failed, or the vendor does not say.
alter table core.invoice add column attempts integer;
alter table core.invoice add column next_attempt_at timestamptz;
alter table core.invoice add column dunning text
check (dunning in ('in_progress', 'exhausted', 'stopped', 'success'));

-- kind: csat, nps, ces. score: what was answered, on the scale from scale_low to scale_high, of
-- which high is good for all kinds. is_good: of yes/no questions only, else NULL. Whose it is: the
-- ticket's account, else the CRM record source_account_id of this source, else the account of the
-- requester of this source. email: of the person, to tell people apart.
alter table core.survey_response add column score double precision;
alter table core.survey_response add column scale_low double precision;
alter table core.survey_response add column scale_high double precision;
alter table core.survey_response add column source_account_id text;
alter table core.survey_response add column requester_id text;
alter table core.survey_response add column email text;
create index survey_response_by_account on core.survey_response (source, source_account_id)
where source_account_id is not null;
create index survey_response_by_requester on core.survey_response (source, requester_id)
where requester_id is not null;
create index requester_by_organization on core.requester (source, organization_id);

-- Who stood in which role at an account of the CRM, from when (included) to when (excluded; NULL:
-- still). role: contact for everyone who belongs to it, else a word in lower case with underscores:
-- champion, executive_sponsor, decision_maker, … One person may have several roles.
create table core.contact_role (
    source text not null,
    contact_id text not null,
    source_account_id text not null,
    role text not null,
    since timestamptz not null,
    until timestamptz,
    primary key (source, contact_id, source_account_id, role, since)
);
create index contact_role_by_account on core.contact_role (source, source_account_id);
create index opportunity_by_account on core.opportunity (source, source_account_id);

-- Has the store note every change of a fact, as schema 0010 says. part: told apart from other notes
-- on the same table. facts: which facts it may note. columns: those in which a change matters.
-- statement: turns `changed` into rows of core.change.
create procedure core.note_changes_of(
    fact text, part text, facts text, columns text, statement text
)
language plpgsql
as $$
declare
    event text;
    tables text;
begin
    foreach event in array array['insert', 'update', 'delete'] loop
        tables := case event
            when 'insert' then 'new table as new_rows'
            when 'delete' then 'old table as old_rows'
            else 'old table as old_rows new table as new_rows'
        end;
        execute format(
            'create trigger note%s_%s after %s on core.%I referencing %s'
            ' for each statement execute function core.note_change(%L, %L)',
            part, event, event, fact, tables, columns, statement
        );
    end loop;
    execute format(
        'create trigger note%s_truncate after truncate on core.%I'
        ' for each statement execute function core.note_truncate(%L)',
        part, fact, facts
    );
end;
$$;

-- A payment counts on its day; a part payment also in what its invoice was on its own days.
call core.note_changes_of('payment', '', 'payment', '*', $sql$
    select distinct
        'payment', changed.source, owner.object, owner.source_key, null::integer,
        null::daterange, moment.at
    from changed
    left join core.invoice
        on changed.source = invoice.source and changed.invoice_id = invoice.invoice_id
    cross join lateral (
        values
        ('subscription', invoice.subscription_id),
        ('customer', invoice.customer_id),
        ('customer', changed.customer_id)
    ) as owner (object, source_key)
    cross join unnest(
        case
            when
                changed.status = 'succeeded'
                and changed.occurred_at
                < coalesce(least(invoice.paid_at, invoice.closed_at), 'infinity')
                then array[changed.occurred_at, invoice.due_at, invoice.paid_at, invoice.closed_at]
            else array[changed.occurred_at]
        end
    ) as moment (at)
    where owner.source_key is not null and moment.at is not null
    $sql$);
call core.note_changes_of('invoice', '_payment', 'payment', '*', $sql$
    select distinct
        'payment', changed.source, owner.object, owner.source_key, null::integer,
        null::daterange, payment.occurred_at
    from changed
    inner join core.payment
        on changed.source = payment.source and changed.invoice_id = payment.invoice_id
    cross join lateral (
        values
        ('subscription', changed.subscription_id),
        ('customer', changed.customer_id),
        ('customer', payment.customer_id)
    ) as owner (object, source_key)
    where owner.source_key is not null
    $sql$);
call core.note_changes_of(
    'account_link', '_payment', 'payment',
    'source, object, source_key, account_id', $sql$
    select 'payment', null, null, null, account_id, null::daterange, null::timestamptz
    from changed
    where account_id is not null and object in ('customer', 'subscription')
    union
    select 'payment', source, 'customer', paid.customer_id, null, null, null
    from changed
    cross join lateral (
        select invoice.customer_id
        from core.invoice
        where
            invoice.source = changed.source
            and invoice.subscription_id = changed.source_key
        union
        select payment.customer_id
        from core.invoice
        inner join core.payment using (source, invoice_id)
        where
            invoice.source = changed.source
            and invoice.subscription_id = changed.source_key
    ) as paid
    where object = 'subscription' and paid.customer_id is not null
    $sql$
);

-- An answer that is about no ticket: its account's, else its requester's.
call core.note_changes_of('survey_response', '_person', 'survey_response', '*', $sql$
    select
        'survey_response', changed.source, owner.object, owner.source_key, null, null,
        changed.occurred_at
    from changed
    left join core.requester
        on changed.source = requester.source and changed.requester_id = requester.requester_id
    cross join lateral (
        values
        ('account', changed.source_account_id),
        ('requester', changed.requester_id),
        ('organization', requester.organization_id)
    ) as owner (object, source_key)
    where owner.source_key is not null
    $sql$);
call core.note_changes_of(
    'requester', '_answer', 'survey_response',
    'source, requester_id, organization_id', $sql$
    select
        'survey_response', changed.source, owner.object, owner.source_key, null, null,
        answer.occurred_at
    from changed
    inner join core.survey_response as answer
        on changed.source = answer.source and changed.requester_id = answer.requester_id
    cross join lateral (
        values ('requester', changed.requester_id), ('organization', changed.organization_id)
    ) as owner (object, source_key)
    where owner.source_key is not null
    $sql$
);

call core.note_changes_of('contact_role', '', 'contact_role', '*', $sql$
    select 'contact_role', source, 'account', source_account_id, null, null, moment.at
    from changed
    cross join unnest(array[since, until]) as moment (at)
    where moment.at is not null
    $sql$);

-- A record of the CRM that is merged takes along what hangs on it, as in schema 0010.
call core.note_changes_of(
    'account', '_people', 'contact_role opportunity survey_response',
    'account_id, source, source_account_id, created_at, archived_at, merged_ids', $sql$
    select read_by.fact, touched.*, null, null
    from (
        select null::text, null::text, null::text, account_id from changed
        union
        select changed.source, 'account', trim(merged.id), null
        from changed cross join unnest(changed.merged_ids) as merged (id)
        union
        select account.source, 'account', account.source_account_id, null
        from core.account
        where
            account.merged_ids != '{}'
            and exists (select 1 from changed where changed.merged_ids != '{}')
        union
        select account.source, 'account', trim(merged.id), null
        from core.account cross join unnest(account.merged_ids) as merged (id)
        where
            account.merged_ids != '{}'
            and exists (select 1 from changed where changed.merged_ids != '{}')
    ) as touched
    cross join unnest(array['contact_role', 'opportunity', 'survey_response']) as read_by (fact)
    $sql$
);
