-- Grain: one row: how much waits for another run, another system or a person. Reads only.
-- rejected: records whose newest write was refused. quarantined: records whose newest version is.
select
    (select count(*) from health.crm_write where status = 'sent') as sent,
    (
        select count(*)
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
    ) as rejected,
    (select count(*) from health.crm_undo where done_at is null) as undoing,
    (select count(*) from raw.batch where landed_at is null and resume is not null) as kept,
    (
        select count(*)
        from (
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
        ) as newest
    ) as quarantined
