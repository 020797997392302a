-- Grain: one row: whether people took back what a run of this day, or of a later one, wrote. Reads
-- only.
select
    exists(
        select 1
        from health.crm_undo
        where source = :source and as_of >= :as_of
    ) as is_taken_back
