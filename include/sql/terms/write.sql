-- Grain: one row per account and term. Re-running changes nothing. Days end in the zone of
-- core.calendar; the day on which something ends is no day of the term. Subscriptions: none that
-- never came about; canceled without a date of its end, it ended when it was canceled. On days
-- before the first one starts the life cycle stages say it: a later subscription takes none of them
-- away. origin: billing where any day is a subscription's. An archived record's days end there, and
-- where its subscriptions are linked to nobody or somebody else by now, what they said stays. A
-- record merged into another has none. What was believed stays while billing links are lost.
with holder as materialized (
    select
        account_id,
        core.day_of(archived_at) as archived_on
    from core.unmerged_account
),

counted as materialized (
    select
        subscription_account.account_id,
        core.day_of(subscription.started_at) as first_day,
        core.day_of(ended.at) as end_day,
        coalesce(ended.at <= subscription.trial_end, false) as is_trial
    from core.subscription_account
    inner join core.subscription
        on
            subscription_account.source = subscription.source
            and subscription_account.subscription_id = subscription.subscription_id
    cross join
        lateral (
            select
                coalesce(
                    subscription.ended_at,
                    case when subscription.status = 'canceled' then subscription.canceled_at end
                ) as at
        ) as ended
    where subscription.status not in ('incomplete', 'incomplete_expired')
),

billed_from as (
    select
        account_id,
        min(first_day) as day
    from counted
    group by account_id
),

told as (
    select
        account_id,
        'billing' as origin,
        range_agg(daterange(first_day, end_day)) as days
    from counted
    where end_day is null or end_day > first_day
    group by account_id
    union all
    select
        stage.account_id,
        'lifecycle',
        range_agg(stage.days * daterange(null, billed_from.day))
    from (
        select
            account_id,
            daterange(core.day_of(valid_from), core.day_of(valid_to)) as days
        from core.account_attribute
        where
            attribute = 'lifecycle'
            and value = any(cast(:customer_stages as text[]))
            and (valid_to is null or core.day_of(valid_to) > core.day_of(valid_from))
    ) as stage
    left join billed_from on stage.account_id = billed_from.account_id
    group by stage.account_id
),

kept as (
    select distinct term.account_id
    from core.term
    inner join holder on term.account_id = holder.account_id
    where
        holder.archived_on is not null
        and term.origin = 'billing'
        and term.account_id not in (select account_id from counted)
    union
    select term.account_id
    from core.term
    inner join core.lost_billing on term.account_id = lost_billing.account_id
    where term.origin = 'billing'
),

believed as (
    select
        account_id,
        origin,
        days
    from told
    where origin = 'billing' or account_id not in (select account_id from kept)
    union all
    select
        account_id,
        origin,
        range_agg(spans)
    from core.term
    where account_id in (select account_id from kept)
    group by account_id, origin
),

known as (
    select
        believed.account_id,
        holder.archived_on,
        range_agg(believed.days) * datemultirange(daterange(null, holder.archived_on)) as days,
        coalesce(
            range_agg(believed.days) filter (where believed.origin = 'billing'), '{}'
        ) as billed_days
    from believed
    inner join holder on believed.account_id = holder.account_id
    group by believed.account_id, holder.archived_on
),

run as (
    select
        account_id,
        archived_on,
        billed_days,
        span,
        coalesce(
            lower(span) - lag(upper(span)) over (partition by account_id order by lower(span))
            > :gap_days, true
        ) as is_new
    from known
    cross join lateral unnest(days) as span
),

numbered as (
    select
        *,
        sum(cast(is_new as integer)) over (partition by account_id order by lower(span)) as term_no
    from run
),

term as (
    select
        account_id,
        cast(term_no as smallint) as term_no,
        archived_on,
        case when range_agg(span) && billed_days then 'billing' else 'lifecycle' end as origin,
        range_agg(span) <@ billed_days as is_all_billed,
        range_agg(span) as spans
    from numbered
    group by account_id, term_no, archived_on, billed_days
),

ended as (
    select
        term.account_id,
        term.term_no,
        bool_or(counted.end_day = upper(term.spans)) as is_any,
        term.is_all_billed
        and bool_and(counted.is_trial) filter (where counted.first_day <@ term.spans) as is_trial
    from term
    inner join counted on term.account_id = counted.account_id
    group by term.account_id, term.term_no, term.is_all_billed
),

wanted as materialized (
    select
        term.account_id,
        term.term_no,
        term.origin,
        term.spans,
        lower(term.spans) as first_day,
        upper(term.spans) - 1 as last_day,
        case
            when upper(term.spans) is null then null
            when stored.ending is not null then stored.ending
            when upper(term.spans) = term.archived_on and ended.is_any is not true then 'archived'
            when term.origin = 'lifecycle' and ended.is_any is not true then 'left_stage'
            when ended.is_trial then 'trial'
            else 'cancelled'
        end as ending
    from term
    left join ended on term.account_id = ended.account_id and term.term_no = ended.term_no
    left join core.term as stored
        on
            term.account_id = stored.account_id
            and upper(term.spans) - 1 = stored.last_day
            and stored.account_id in (select account_id from kept)
),

removed as (
    delete from core.term as stored
    where not exists (
        select 1
        from wanted
        where wanted.account_id = stored.account_id and wanted.term_no = stored.term_no
    )
)

insert into core.term as stored (
    account_id, term_no, first_day, last_day, ending, origin, spans
)
select
    account_id,
    term_no,
    first_day,
    last_day,
    ending,
    origin,
    spans
from wanted
on conflict (account_id, term_no) do update set
    first_day = excluded.first_day,
    last_day = excluded.last_day,
    ending = excluded.ending,
    origin = excluded.origin,
    spans = excluded.spans
where
(stored.first_day, stored.last_day, stored.ending, stored.origin, stored.spans)
is distinct from
(excluded.first_day, excluded.last_day, excluded.ending, excluded.origin, excluded.spans)
