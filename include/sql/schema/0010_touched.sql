-- Which account-days a change of facts touched. Re-run: refused by Alembic.

-- Every change of a fact that some series reads, until a roll-up has taken it. Whom it touches:
-- account_id where that is known, else who owns the source's object when the roll-up looks, else
-- (no object) every account. Which days: `days`, or the day of the moment `at`, or (neither) all.
-- Written by triggers below, so that no change gets past it: not a repair by hand either.
create table core.change (
    fact text not null,
    source text,
    object text,
    source_key text,
    account_id integer,
    days daterange,
    at timestamptz
);

-- The account-days that each file of series must compute again; both ends are included, and
-- -infinity to infinity is everything.
create table health.touched (
    file text not null,
    account_id integer not null,
    first_day date not null,
    last_day date not null
);
create index touched_by_account on health.touched (account_id);

-- What each file of series was when its account-days were last all touched: its text, the time
-- zone, the windows. A file that is not here, or is another one now, is computed in full.
create table health.series_file (
    file text primary key,
    fingerprint text not null,
    since timestamptz not null default now()
);

alter table health.series add column if not exists kind text;
alter table health.series add column if not exists meaning text;
alter table health.series add column if not exists blocked_by text;
alter table health.series add column if not exists file text;

-- The roll-up looks once which series there are; a key would look again for every row, which is
-- nearly half of the time of writing them.
alter table health.account_day drop constraint if exists account_day_series_id_fkey;

-- To find an account's facts on some days without a look at all others.
create index ticket_by_organization on core.ticket (source, organization_id, created_at);
create index ticket_by_requester on core.ticket (source, requester_id, created_at)
where organization_id is null;
create index survey_response_by_ticket on core.survey_response (source, ticket_id);
create index usage_day_by_day on core.usage_day (day);
create index touch_by_account on core.touch (source, source_account_id, occurred_at);
create index subscription_by_customer on core.subscription (source, customer_id);
create index invoice_by_customer on core.invoice (source, customer_id);
create index invoice_by_subscription on core.invoice (source, subscription_id);

-- Notes the rows that a statement changed. Its arguments: the columns in which a change matters,
-- and a statement that turns `changed`, rows with these columns as they were and as they are, into
-- rows of core.change.
create function core.note_change() returns trigger
language plpgsql
as $$
declare
    rows text;
begin
    rows := case tg_op
        when 'INSERT' then 'select %1$s from new_rows'
        when 'DELETE' then 'select %1$s from old_rows'
        else '(select %1$s from old_rows except all select %1$s from new_rows) union all'
            ' (select %1$s from new_rows except all select %1$s from old_rows)'
    end;
    execute 'with changed as (' || format(rows, tg_argv[0]) || ') insert into core.change'
        ' (fact, source, object, source_key, account_id, days, at) ' || tg_argv[1];
    return null;
end;
$$;

-- Notes that a table was emptied: every account is touched on all days.
create function core.note_truncate() returns trigger
language plpgsql
as $$
begin
    insert into core.change (fact) select unnest(string_to_array(tg_argv[0], ' '));
    return null;
end;
$$;

-- account_link: what hangs on a source's object goes to an account, or away from it. The account is
-- touched on all days; a subscription's own link also takes it away from its customer's account.
-- A link without an account says that people gave the object to nobody.
do $$
declare
    noted record;
    event text;
    tables text;
begin
    for noted in
        select * from (values
        -- A merge may move what hangs on any other: all accounts that take part in one are touched.
        ('account', '', 'account touch manual_input',
            'account_id, source, source_account_id, created_at, archived_at, merged_ids',
            $sql$
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
            cross join unnest(array['account', 'touch', 'manual_input']) as read_by (fact)
            $sql$),
        ('account_link', '',
            'usage_day organization ticket survey_response customer subscription invoice'
            ' invoice_line',
            'source, object, source_key, account_id', $sql$
            select read_by.fact, null, null, null, account_id, null::daterange, null::timestamptz
            from changed
            cross join unnest(string_to_array(case object
                when 'group' then 'usage_day'
                when 'organization' then 'organization ticket survey_response'
                when 'requester' then 'ticket survey_response'
                when 'customer' then 'customer subscription invoice invoice_line'
                when 'subscription' then 'subscription invoice invoice_line'
            end, ' ')) as read_by (fact)
            where account_id is not null
            union
            select read_by.fact, source, 'customer', paid.customer_id, null, null, null
            from changed
            cross join lateral (
                select subscription.customer_id
                from core.subscription
                where
                    subscription.source = changed.source
                    and subscription.subscription_id = changed.source_key
                union
                select invoice.customer_id
                from core.invoice
                where
                    invoice.source = changed.source
                    and invoice.subscription_id = changed.source_key
            ) as paid
            cross join unnest(
                array['customer', 'subscription', 'invoice', 'invoice_line']
            ) as read_by (fact)
            where object = 'subscription'
            $sql$),
        ('touch', '', 'touch', '*', $sql$
            select 'touch', source, 'account', source_account_id, null, null, occurred_at
            from changed
            $sql$),
        ('manual_input', '', 'manual_input', '*', $sql$
            select 'manual_input', source, 'account', source_account_id, null, null, occurred_at
            from changed
            $sql$),
        ('opportunity', '', 'opportunity', '*', $sql$
            select 'opportunity', source, 'account', source_account_id, null, null, moment.at
            from changed
            cross join unnest(array[created_at, closed_at]) as moment (at)
            where moment.at is not null
            $sql$),
        ('ticket', '', 'ticket survey_response', '*', $sql$
            select
                dated.fact, source, owner.object, owner.source_key, null, null, dated.at
            from changed
            cross join lateral (
                select
                    case when organization_id is null then 'requester' else 'organization' end,
                    coalesce(organization_id, requester_id)
            ) as owner (object, source_key)
            cross join lateral (
                values ('ticket', changed.created_at), ('ticket', changed.solved_at)
                union all
                select 'survey_response', survey_response.occurred_at
                from core.survey_response
                where
                    survey_response.source = changed.source
                    and survey_response.ticket_id = changed.ticket_id
            ) as dated (fact, at)
            where dated.at is not null and owner.source_key is not null
            $sql$),
        ('survey_response', '', 'survey_response', '*', $sql$
            select
                'survey_response',
                source,
                case when ticket.organization_id is null then 'requester' else 'organization' end,
                coalesce(ticket.organization_id, ticket.requester_id),
                null,
                null,
                changed.occurred_at
            from changed
            inner join core.ticket using (source, ticket_id)
            $sql$),
        ('organization', '', 'organization', 'source, organization_id, created_at', $sql$
            select 'organization', source, 'organization', organization_id, null, null, null
            from changed
            $sql$),
        ('customer', '', 'customer', 'source, customer_id, created_at', $sql$
            select 'customer', source, 'customer', customer_id, null, null, null
            from changed
            $sql$),
        ('subscription', '', 'subscription invoice_line', '*', $sql$
            select read_by.fact, source, owner.object, owner.source_key, null, null, null
            from changed
            cross join lateral (
                values ('subscription', subscription_id), ('customer', customer_id)
            ) as owner (object, source_key)
            cross join unnest(array['subscription', 'invoice_line']) as read_by (fact)
            $sql$),
        ('invoice', '', 'invoice', '*', $sql$
            select distinct
                'invoice', source, owner.object, owner.source_key, null::integer, null::daterange,
                moment.at
            from changed
            cross join lateral (
                values ('subscription', subscription_id), ('customer', customer_id)
            ) as owner (object, source_key)
            cross join unnest(
                array[created_at, due_at, paid_at, closed_at, period_start, period_end]
            ) as moment (at)
            where owner.source_key is not null and moment.at is not null
            $sql$),
        ('invoice', '_line', 'invoice_line', 'source, subscription_id, seats, period_start', $sql$
            select distinct
                'invoice_line', source, owner.object, owner.source_key, null::integer,
                null::daterange, null::timestamptz
            from changed
            inner join core.subscription using (source, subscription_id)
            cross join lateral (
                values ('subscription', subscription_id), ('customer', subscription.customer_id)
            ) as owner (object, source_key)
            $sql$),
        ('usage_day', '', 'usage_day', '*', $sql$
            select
                'usage_day', source, 'group', account_key, null,
                unnest(range_agg(daterange(day, day + 1))), null
            from changed
            group by source, account_key
            $sql$),
        -- A rate counts from its day on, for what fell due from then on, and may count when it is paid.
        ('rate', '', 'rate', 'currency, day, rate', $sql$
            select distinct
                'rate', invoice.source, owner.object, owner.source_key, null::integer,
                null::daterange, moment.at
            from (select currency, min(day) as day from changed group by currency) as rated
            inner join core.invoice
                on lower(invoice.currency) = rated.currency and invoice.due_at >= rated.day - 1
            cross join lateral (
                values ('subscription', invoice.subscription_id), ('customer', invoice.customer_id)
            ) as owner (object, source_key)
            cross join unnest(
                array[invoice.due_at, invoice.paid_at, invoice.closed_at]
            ) as moment (at)
            where owner.source_key is not null and moment.at is not null
            $sql$),
        ('money', '', 'rate', 'currency, digits, max_age_days', $sql$
            select 'rate', null, null, null, null, null, null
            from changed
            limit 1
            $sql$)
        ) as listed (fact, part, facts, columns, statement)
    loop
        foreach event in array array['insert', 'update', 'delete'] loop
            tables := case event
                when 'insert' then 'new table as new_rows'
                when 'delete' then 'old table as old_rows'
                else 'old table as old_rows new table as new_rows'
            end;
            execute format(
                'create trigger note%s_%s after %s on core.%I referencing %s'
                ' for each statement execute function core.note_change(%L, %L)',
                noted.part, event, event, noted.fact, tables, noted.columns, noted.statement
            );
        end loop;
        execute format(
            'create trigger note%s_truncate after truncate on core.%I'
            ' for each statement execute function core.note_truncate(%L)',
            noted.part, noted.fact, noted.facts
        );
    end loop;
end;
$$;
