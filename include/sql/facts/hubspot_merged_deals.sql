-- Grain: one row per HubSpot deal that was merged into another: it is no company's any more, as the
-- one that it became is. Re-running changes none.
update core.opportunity
set source_account_id = null
from (
    select
        accepted.record_id as winner,
        trim(merged.id) as loser
    from raw.accepted
    cross join
        lateral unnest(
            string_to_array(accepted.payload -> 'properties' ->> 'hs_merged_object_ids', ';')
        ) as merged (id)
    where accepted.stream_id = :stream_id
) as merged
where
    opportunity.source = :source
    and opportunity.opportunity_id = merged.loser
    and opportunity.opportunity_id != merged.winner
    and opportunity.source_account_id is not null
