-- Grain: one row per thing to tell that waits; none of people who were told something today
-- already, but for a late day. today: the day of the organisation. Reads only.
select
    alert.alert_id,
    alert.recipient,
    alert.as_of,
    alert.kind,
    alert.sentence,
    account.source_account_id as crm_id,
    coalesce(account.name, account.source_account_id) as name
from health.alert
inner join core.account on alert.account_id = account.account_id
where
    alert.sent_at is null
    and not exists (
        select 1
        from health.alert as earlier
        where
            earlier.recipient = alert.recipient
            and earlier.sent_at is not null
            and earlier.kind != 'late'
            and (earlier.sent_at at time zone :time_zone)::date = :today
    )
order by alert.recipient, alert.alert_id
