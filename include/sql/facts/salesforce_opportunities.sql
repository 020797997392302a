-- Grain: one row per Salesforce opportunity. Re-running changes nothing. A deleted one belongs to
-- nobody. CloseDate is a day of the organisation's calendar. An amount in a currency that we do not
-- know stays unknown.
insert into core.opportunity (
    source, opportunity_id, source_account_id, kind, amount_minor, currency, stage, created_at,
    closed_at
)
select
    :source,
    record_id,
    case when not cast((payload ->> 'IsDeleted') as boolean) then payload ->> 'AccountId' end,
    coalesce(
        cast(:opportunity_kinds as jsonb) ->> lower(trim(payload ->> 'Type')), payload ->> 'Type'
    ),
    round(core.to_number(payload ->> 'Amount') * cast(10 as numeric) ^ currency.minor_digits),
    deal.code,
    case
        when payload ->> 'IsWon' = 'true' then 'won'
        when payload ->> 'IsClosed' = 'true' then 'lost'
        else 'open'
    end,
    core.to_time(payload ->> 'CreatedDate'),
    cast(core.to_day(payload ->> 'CloseDate') as timestamp) at time zone calendar.time_zone
from raw.accepted
cross join core.calendar
cross join
    lateral (
        select lower(coalesce(nullif(payload ->> 'CurrencyIsoCode', ''), :currency)) as code
    ) as deal
left join core.currency on deal.code = currency.code
where stream_id = :stream_id
on conflict (source, opportunity_id) do update set
    source_account_id = excluded.source_account_id,
    kind = excluded.kind,
    amount_minor = excluded.amount_minor,
    currency = excluded.currency,
    stage = excluded.stage,
    created_at = excluded.created_at,
    closed_at = excluded.closed_at
