-- Grain: one row per outcome that terms and prices say, up to as_of. Re-running in a new
-- transaction gives the same. churn: a term ended that was more than a trial and was not just
-- archived. renewal: a period of half a year or more began within a term, other than its first.
-- expansion, contraction: the price of a term changed, a renewal's change too; an interruption is
-- compared with what was paid before it. Amounts before and after are at one day's rate.
insert into found (
    account_id, subject, kind, occurred_on, amount_before, amount_after, evidence, conflict
)
with covered as (
    select
        term.account_id,
        term.term_no,
        term.first_day,
        run,
        lag(upper(run)) over (
            partition by term.account_id, term.term_no order by lower(run)
        ) as paused_on
    from core.term
    cross join lateral unnest(term.spans) as run
),

renewed as (
    select
        level_owner.account_id,
        core.day_of(invoice.period_start) as day,
        jsonb_build_object(
            'object', 'invoice', 'source', invoice.source, 'id', invoice.invoice_id
        ) as evidence
    from core.invoice
    inner join core.subscription
        on
            invoice.source = subscription.source
            and invoice.subscription_id = subscription.subscription_id
    inner join core.subscription_account as level_owner
        on
            subscription.source = level_owner.source
            and subscription.subscription_id = level_owner.subscription_id
    where
        subscription.months >= 6
        and invoice.recurring_minor is not null
        and invoice.status != 'void'
        and (
            core.day_of(invoice.period_start) > core.day_of(subscription.started_at)
            or exists (
                select 1
                from level
                where
                    level.account_id = level_owner.account_id
                    and (level.source, level.subscription_id)
                    != (subscription.source, subscription.subscription_id)
                    and level.ends_on
                    between core.day_of(invoice.period_start) - cast(:gap_days as integer)
                    and core.day_of(invoice.period_start)
            )
        )
),

event as (
    select
        account_id,
        day,
        'renewal' as what,
        jsonb_agg(evidence order by evidence ->> 'source', evidence ->> 'id') as evidence
    from renewed
    group by account_id, day
    union all
    select
        account_id,
        day,
        'change',
        jsonb_agg(
            jsonb_build_object('object', 'subscription', 'source', source, 'id', subscription_id)
            order by source, subscription_id
        )
    from (
        select distinct
            level.account_id,
            level.source,
            level.subscription_id,
            edge.day
        from level
        cross join lateral (values (lower(level.days)), (upper(level.days))) as edge (day)
        where edge.day is not null
    ) as moved
    group by account_id, day
),

placed as (
    select
        event.*,
        case when event.day = lower(covered.run) then covered.paused_on else event.day end
        - 1 as eve
    from event
    inner join covered on event.account_id = covered.account_id and covered.run @> event.day
    where event.day <= :as_of and event.day > covered.first_day
    union all
    select
        term.account_id,
        term.last_day + 1,
        'end of term ' || term.term_no,
        coalesce(
            (
                select
                    jsonb_agg(
                        distinct jsonb_build_object(
                            'object', 'subscription', 'source', source, 'id', subscription_id
                        )
                    )
                from level
                where level.account_id = term.account_id and level.ends_on = term.last_day + 1
            ),
            jsonb_build_array(jsonb_build_object('object', 'account', 'id', term.account_id))
        ),
        term.last_day
    from core.term
    where term.last_day < :as_of and term.ending in ('cancelled', 'left_stage')
),

billed as (
    select
        placed.account_id,
        placed.day,
        placed.what,
        case
            when count(*) filter (where level.days @> placed.eve and worth.amount is null) = 0
                then sum(worth.amount) filter (where level.days @> placed.eve)
        end as before,
        case
            when count(*) filter (where level.days @> placed.day and worth.amount is null) = 0
                then sum(worth.amount) filter (where level.days @> placed.day)
        end as after
    from placed
    inner join level
        on
            placed.account_id = level.account_id
            and (level.days @> placed.eve or level.days @> placed.day)
    left join core.currency on level.currency = currency.code
    cross join
        lateral (
            select
                core.major_in_reporting(
                    level.yearly_minor * currency.minor_unit, level.currency, placed.day
                ) as amount
        ) as worth
    group by placed.account_id, placed.day, placed.what
),

dated as materialized (
    select
        *,
        core.end_of(eve) as until
    from placed
),

valued as (
    select
        placed.*,
        case
            when billed.account_id is not null then billed.before
            else (
                select
                    core.major_in_reporting(
                        stood.arr, stood.currency, placed.day
                    )
                from core.attributes_on(placed.until) as stood
                where stood.account_id = placed.account_id
            )
        end as before,
        case when placed.what like 'end of term %' then 0 else billed.after end as after
    from dated as placed
    left join billed
        on
            placed.account_id = billed.account_id
            and placed.day = billed.day
            and placed.what = billed.what
)

select
    account_id,
    case when what in ('renewal', 'change') then what || ' ' || day else what end,
    case
        when what = 'renewal' then 'renewal'
        when what != 'change' then 'churn'
        when after > before then 'expansion'
        else 'contraction'
    end,
    day,
    before,
    after,
    evidence,
    null
from valued
where what != 'change' or (before != after and before > 0)
