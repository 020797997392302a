-- Grain: one row per live account that is or was a customer: the days on which it is scored, both
-- ends included, last_day NULL while it is one. From its subscriptions; without a linked one, from
-- the CRM's life cycle stage. Reads only.
with billed as (
    select
        subscription_account.account_id,
        (min(subscription.started_at) at time zone :time_zone)::date as first_day,
        case
            when bool_and(subscription.ended_at is not null)
                then (max(subscription.ended_at) at time zone :time_zone)::date
        end as last_day
    from core.subscription_account
    inner join
        core.subscription
        on
            subscription_account.source = subscription.source
            and subscription_account.subscription_id = subscription.subscription_id
    where subscription.status not in ('incomplete', 'incomplete_expired')
    group by subscription_account.account_id
)

select
    live_account.account_id,
    billed.last_day,
    coalesce(
        billed.first_day, (live_account.created_at at time zone :time_zone)::date
    ) as first_day
from core.live_account
left join billed on live_account.account_id = billed.account_id
where
    live_account.account_id between :first_account and :last_account
    and (
        billed.account_id is not null
        or live_account.lifecycle = any((:customer_stages)::text[])
    )
order by live_account.account_id
