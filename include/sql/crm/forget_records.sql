-- Grain: one row a record of which we no longer know what it shows. Re-run: changes nothing.
-- Locked in the order in which lay_on_record does, so that two batches at once cannot deadlock.
delete from health.crm_record
where
    source = :source
    and record_id in (
        select crm_record.record_id
        from health.crm_record
        where
            crm_record.source = :source
            and crm_record.record_id = any(cast(:record_ids as text[]))
        order by crm_record.record_id
        for update
    )
