-- Grain: one row per HubSpot deal. Re-running changes nothing. An amount in a currency that we do
-- not know stays unknown; an archived deal is no company's.
insert into core.opportunity (
    source, opportunity_id, source_account_id, kind, amount_minor, currency, stage, created_at,
    closed_at
)
select
    :source,
    record_id,
    case when coalesce(payload ->> 'archived', '') != 'true' then payload ->> 'company_id' end,
    properties ->> 'dealtype',
    round(core.to_number(properties ->> 'amount') * 10::numeric ^ currency.minor_digits),
    deal.code,
    case
        when properties ->> 'hs_is_closed_won' = 'true' then 'won'
        when properties ->> 'hs_is_closed_lost' = 'true' then 'lost'
        when properties ->> 'hs_is_closed' = 'true' then 'lost'
        else 'open'
    end,
    core.to_time(payload ->> 'createdAt'),
    core.to_time(properties ->> 'closedate')
from raw.accepted
cross join
    lateral (
        select
            payload -> 'properties' as properties,
            lower(
                coalesce(nullif(payload -> 'properties' ->> 'deal_currency_code', ''), :currency)
            ) as code
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
