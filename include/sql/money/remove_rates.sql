-- Grain: one row per line that went from the file. Re-running removes none.
delete from core.rate
where
    not exists (
        select 1 from fresh_rate
        where fresh_rate.currency = rate.currency and fresh_rate.day = rate.day
    )
