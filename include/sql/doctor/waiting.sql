-- Grain: one row: how much waits for another run, another system or a person. Reads only.
-- rejected: records whose newest write was refused. quarantined: records whose newest version is.
with rejected as (
    select write_id
    from health.crm_write
    where
        crm_write.status = 'rejected'
        and not exists (
            select 1
            from health.crm_write as later
            where
                later.source = crm_write.source
                and later.record_id = crm_write.record_id
                and later.write_id > crm_write.write_id
        )
),

quarantined as (
    select distinct
        quarantine.stream_id,
        quarantine.record_id
    from raw.quarantine
    where
        quarantine.record_id is not null
        and not exists (
            select 1
            from raw.record
            where
                record.stream_id = quarantine.stream_id
                and record.record_id = quarantine.record_id
                and record.batch_id > quarantine.batch_id
        )
)

select
    (select count(*) filter (where status = 'sent') from health.crm_write) as sent,
    (select count(*) from rejected) as rejected,
    (select count(*) filter (where done_at is null) from health.crm_undo) as undoing,
    (
        select count(*) filter (where landed_at is null and resume is not null)
        from raw.batch
    ) as kept,
    (select count(*) from quarantined) as quarantined
