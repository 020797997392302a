-- Grain: one row a company that the CRM still has: not archived, not merged away. Reads only.
with merged as (
    select
        source_account_id as winner_id,
        unnest(merged_ids) as record_id
    from core.account
    where source = :source and merged_ids <> '{}'
)

select account.account_id
from core.account
where
    account.source = :source
    and account.archived_at is null
    and not exists (
        select from merged
        where
            merged.record_id = account.source_account_id
            and merged.winner_id <> merged.record_id
    )
order by account.account_id
