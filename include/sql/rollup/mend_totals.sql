-- Grain: one row per account and series whose total a number can hold again. Re-running changes
-- none. To be run while nobody rolls up.
update health.account_total as kept
set total = mended.total
from (
    select
        lost.series_id,
        lost.account_id,
        coalesce(again.total, 0) as total
    from health.account_total as lost
    left join
        lateral (
            select added_up.total
            from health.added_up
            where
                added_up.series_id = lost.series_id and added_up.account_id = lost.account_id
        ) as again
        on true
    where lost.total = 'NaN'
) as mended
where
    kept.series_id = mended.series_id
    and kept.account_id = mended.account_id
    and mended.total != 'NaN'
