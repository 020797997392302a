-- Grain: one row a version of a record of one stream that is older than a moment and behind a later
-- version that became facts. The newest version stays, and where a check set that aside, also the
-- one that facts stand on. Re-running finds none left.
delete from raw.record as old
where
    old.stream_id = :stream_id
    and old.observed_at < :before
    and exists (
        select 1
        from raw.batch
        where batch.batch_id = old.batch_id and batch.conformed_at is not null
    )
    and exists (
        select 1
        from raw.record as newer
        inner join raw.batch on newer.batch_id = batch.batch_id
        where
            newer.stream_id = old.stream_id
            and newer.record_id = old.record_id
            and newer.batch_id > old.batch_id
            and batch.conformed_at is not null
            and not exists (
                select 1
                from raw.quarantine
                where
                    quarantine.stream_id = newer.stream_id
                    and quarantine.record_id = newer.record_id
                    and quarantine.batch_id = newer.batch_id
            )
    )
