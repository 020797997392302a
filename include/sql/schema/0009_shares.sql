-- What hangs on links, the matched share of each run, roles that are held.
-- Re-run: refused by Alembic.

-- What is worth linking on a day, and how much hangs on it; nothing that people gave to nobody.
-- customer: not deleted, with what was invoiced in the 365 days up to the day, in the reporting
-- currency; unvalued: invoices without a rate. group: with its events of 28 days. organization:
-- with its tickets of 90 days; requester: only who has tickets of 90 days outside any organisation.
-- Days are UTC's here.
create function core.at_stake(on_day date) returns table (
    source text,
    role text,
    object text,
    source_key text,
    label text,
    unit text,
    weight numeric,
    unvalued bigint,
    is_linked boolean
)
language sql stable
begin atomic
    with worth as (
        select
            dated.currency,
            dated.day,
            core.in_reporting(1000000000000, dated.currency, dated.day) / 1000000000000 as unit
        from (
            select distinct
                invoice.currency,
                (invoice.created_at at time zone 'UTC')::date as day
            from core.invoice
            where invoice.created_at >= on_day - 364 and invoice.created_at < on_day + 1
        ) as dated
    ),

    invoiced as (
        select
            invoice.source,
            invoice.customer_id,
            sum(invoice.amount_due_minor * worth.unit) as weight,
            count(*) filter (where worth.unit is null) as unvalued
        from core.invoice
        left join worth
            on
                invoice.currency = worth.currency
                and (invoice.created_at at time zone 'UTC')::date = worth.day
        where
            invoice.status != 'void'
            and invoice.created_at >= on_day - 364 and invoice.created_at < on_day + 1
        group by invoice.source, invoice.customer_id
    ),

    asked as (
        select
            ticket.source,
            ticket.organization_id,
            case when ticket.organization_id is null then ticket.requester_id end as requester_id,
            count(*) as weight
        from core.ticket
        where
            ticket.status != 'deleted'
            and ticket.created_at >= on_day - 89 and ticket.created_at < on_day + 1
        group by
            ticket.source,
            ticket.organization_id,
            case when ticket.organization_id is null then ticket.requester_id end
    ),

    used as (
        select
            usage_day.source,
            usage_day.account_key,
            sum(usage_day.events) as weight
        from core.usage_day
        where usage_day.day > on_day - 28 and usage_day.day <= on_day
        group by usage_day.source, usage_day.account_key
    ),

    paying as (
        select distinct
            subscription.source,
            subscription.customer_id
        from core.subscription
        inner join core.subscription_account using (source, subscription_id)
    ),

    seen as (
        select
            customer.source,
            'billing' as role,
            'customer' as object,
            customer.customer_id as source_key,
            coalesce(nullif(customer.name, ''), customer.email) as label,
            paying.customer_id is not null as is_linked,
            'revenue' as unit,
            coalesce(invoiced.weight, 0) as weight,
            coalesce(invoiced.unvalued, 0) as unvalued
        from core.customer
        left join invoiced using (source, customer_id)
        left join paying using (source, customer_id)
        where not customer.is_deleted
        union all
        select
            usage_group.source,
            'usage',
            'group',
            usage_group.account_key,
            null,
            false,
            'events',
            coalesce(used.weight, 0),
            0
        from core.usage_group
        left join used using (source, account_key)
        union all
        select
            organization.source,
            'support',
            'organization',
            organization.organization_id,
            organization.name,
            false,
            'tickets',
            coalesce(asked.weight, 0),
            0
        from core.organization
        left join asked using (source, organization_id)
        where organization.deleted_at is null
        union all
        select
            asked.source,
            'support',
            'requester',
            asked.requester_id,
            requester.email,
            false,
            'tickets',
            asked.weight,
            0
        from asked
        left join core.requester using (source, requester_id)
        where asked.requester_id is not null
    )

    select
        seen.source,
        seen.role,
        seen.object,
        seen.source_key,
        seen.label,
        seen.unit,
        seen.weight,
        seen.unvalued,
        seen.is_linked or account_link.account_id is not null
    from seen
    left join core.account_link
        on
            seen.source = account_link.source
            and seen.object = account_link.object
            and seen.source_key = account_link.source_key
    where account_link.source is null or account_link.account_id is not null;
end;

-- The matched share of each run: objects by number, and by what hangs on them.
create table health.matched_share (
    run_no integer not null references health.run,
    source text not null,
    role text not null,
    object text not null,
    objects bigint not null,
    linked_objects bigint not null,
    unit text not null,
    weight numeric not null,
    linked_weight numeric not null,
    unvalued bigint not null,
    primary key (run_no, source, object)
);

-- A run whose lower shares a person accepted: later days are compared with it and what follows.
create table health.accepted_share (
    run_no integer primary key references health.run,
    accepted_at timestamptz not null default now(),
    who text not null,
    why text not null
);

-- On that day live readings of every series of the role are unknown: its matched share fell.
create table health.held_role (
    role text not null,
    as_of date not null,
    reason text not null,
    run_no integer not null references health.run,
    primary key (role, as_of)
);

-- How far each source's matched share lies below what is usual: the median of the newest daily
-- runs of the `days_back` days before the run's, none of them before a day that was accepted.
-- measure: objects, or the unit of what hangs on them. usual, fall: NULL without an earlier day.
create function health.matched_fall(this_run integer, days_back integer) returns table (
    source text,
    measure text,
    role text,
    share double precision,
    usual double precision,
    fall double precision,
    days bigint
)
language sql stable
begin atomic
    with this as (
        select
            run.as_of,
            (
                select max(accepted.as_of)
                from health.accepted_share
                inner join health.run as accepted using (run_no)
                where accepted.as_of <= run.as_of
            ) as accepted_on
        from health.run
        where run.run_no = this_run
    ),

    earlier as (
        select distinct on (run.as_of)
            run.run_no,
            run.as_of
        from health.run
        cross join this
        where
            run.kind = 'daily'
            and run.as_of < this.as_of
            and run.as_of >= coalesce(this.accepted_on, '-infinity')
            and exists (
                select 1 from health.matched_share
                where matched_share.run_no = run.run_no
            )
        order by run.as_of desc, run.run_no desc
        limit days_back
    ),

    matched as (
        select
            matched_share.run_no,
            matched_share.source,
            measured.measure,
            max(matched_share.role) as role,
            (sum(measured.linked) / nullif(sum(measured.total), 0))::double precision as share
        from health.matched_share
        cross join
            lateral (
                values
                ('objects', matched_share.objects::numeric, matched_share.linked_objects::numeric),
                (matched_share.unit, matched_share.weight, matched_share.linked_weight)
            ) as measured (measure, total, linked)
        where
            matched_share.run_no = this_run
            or matched_share.run_no in (select earlier.run_no from earlier)
        group by matched_share.run_no, matched_share.source, measured.measure
    ),

    usual as (
        select
            matched.source,
            matched.measure,
            percentile_cont(0.5) within group (order by matched.share) as share,
            count(*) as days
        from matched
        where matched.run_no != this_run and matched.share is not null
        group by matched.source, matched.measure
    )

    select
        matched.source,
        matched.measure,
        matched.role,
        matched.share,
        usual.share,
        usual.share - matched.share,
        coalesce(usual.days, 0)
    from matched
    left join usual on matched.source = usual.source and matched.measure = usual.measure
    where matched.run_no = this_run;
end;
