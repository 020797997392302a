-- Grain: one row per Salesforce account that others were merged into, or no more. Re-running
-- changes nothing. A loser is deleted and names the winner; one that was restored names none.
with loser as (
    select
        account.source_account_id as record_id,
        newest.payload ->> 'MasterRecordId' as winner
    from core.account
    cross join
        lateral (
            select record.payload
            from raw.record
            inner join raw.batch
                on record.batch_id = batch.batch_id and batch.landed_at is not null
            where
                record.stream_id = :stream_id
                and record.record_id = account.source_account_id
            order by record.batch_id desc
            limit 1
        ) as newest
    where account.source = :source and account.archived_at is not null
),

merged as (
    select
        account.account_id,
        coalesce(
            array_agg(loser.record_id order by loser.record_id)
            filter (where loser.record_id is not null), '{}'
        ) as merged_ids
    from core.account
    left join loser on account.source_account_id = loser.winner
    where account.source = :source and (loser.winner is not null or account.merged_ids != '{}')
    group by account.account_id
)

update core.account
set merged_ids = merged.merged_ids
from merged
where
    account.account_id = merged.account_id
    and account.merged_ids is distinct from merged.merged_ids
