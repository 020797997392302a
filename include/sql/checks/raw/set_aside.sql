-- Grain: one row per record and reason. Re-running changes nothing: a reason that still holds keeps
-- its row, a reason that holds no more (another rule, a newer version of the record) loses it.
with gone as (
    delete from raw.quarantine
    where
        quarantine.stage = 'raw'
        and quarantine.batch_id = any(:batches)
        and not exists (
            select 1
            from failing
            where
                failing.batch_id = quarantine.batch_id
                and failing.stream_id = quarantine.stream_id
                and failing.record_id = quarantine.record_id
                and failing.reason = quarantine.reason
        )
)

insert into raw.quarantine (batch_id, stream_id, record_id, stage, reason)
select
    failing.batch_id,
    failing.stream_id,
    failing.record_id,
    'raw',
    failing.reason
from failing
where
    not exists (
        select 1
        from raw.quarantine
        where
            quarantine.stage = 'raw'
            and failing.batch_id = quarantine.batch_id
            and failing.stream_id = quarantine.stream_id
            and failing.record_id = quarantine.record_id
            and failing.reason = quarantine.reason
    )
order by failing.stream_id, failing.record_id, failing.reason
