-- Grain: one row per stream that ever landed. Reads only.
-- Usual: medians over the 14 runs before this one, without the first load; NULL below 3 of them.
-- People drop files when they like: their silence alarms nobody.
-- change compares new and changed records, so that a full walk between increments is no alarm.
-- set_aside_share: of the records that are new in this run; NULL up to 20 of them, single faults
-- in a small stream stop nobody.
with this as (
    select * from raw.volume
    where run_id = :run_id
),

earlier as (
    select
        volume.*,
        row_number() over (
            partition by volume.stream_id order by volume.last_batch desc
        ) as runs_ago
    from raw.volume
    left join this on volume.stream_id = this.stream_id
    where
        volume.run_id != :run_id
        and volume.last_batch < coalesce(this.last_batch, 9223372036854775807)
        and volume.nth > 1
),

usual as (
    select
        stream_id,
        percentile_cont(0.5) within group (order by received) as received,
        percentile_cont(0.5) within group (order by changed) as changed,
        min(received) as least_received
    from earlier
    where runs_ago <= 14
    group by stream_id
    having count(*) >= 3
),

fresh as (
    select
        batch.stream_id,
        sum(batch.changed + batch.rejected) as records,
        sum(aside.records) as set_aside
    from raw.batch
    cross join
        lateral (
            select
                count(distinct quarantine.record_id)
                + count(*) filter (where quarantine.record_id is null) as records
            from raw.quarantine
            where quarantine.batch_id = batch.batch_id
        ) as aside
    where
        batch.landed_at is not null
        and (batch.run_id = :run_id or batch.conformed_at is null)
    group by batch.stream_id
)

select
    this.stream_id is not null as has_landed,
    coalesce(
        stream.vendor != 'inputs'
        and this.received = 0 and usual.received >= 20 and usual.least_received > 0,
        false
    ) as has_gone_silent,
    case
        when usual.changed >= 20 and stream.vendor != 'inputs' then this.changed / usual.changed
    end as change,
    case
        when fresh.set_aside > 20 then fresh.set_aside / nullif(fresh.records, 0)
    end as set_aside_share,
    stream.source || '.' || stream.stream || ': '
    || concat_ws(
        ', ',
        coalesce(this.received::text || ' received', 'nothing landed')
        || coalesce(' (usually ' || round(usual.received)::text || ')', ''),
        this.changed::text || ' new or changed'
        || coalesce(' (usually ' || round(usual.changed)::text || ')', ''),
        coalesce(fresh.set_aside, 0)::text || ' set aside'
    ) as summary
from raw.stream
left join this on stream.stream_id = this.stream_id
left join usual on stream.stream_id = usual.stream_id
left join fresh on stream.stream_id = fresh.stream_id
where stream.source = any(:sources)
