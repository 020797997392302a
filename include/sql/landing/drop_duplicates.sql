-- Grain: one row a record that this landing holds more than once: the last to arrive stays.
-- Again: none are left.
with doubled as (
    select record_id
    from raw.record
    where batch_id = :batch_id
    group by record_id
    having count(*) > 1
),

ranked as (
    select
        record.ctid as place,
        row_number() over (
            partition by record.record_id order by record.observed_at desc, record.ctid desc
        ) as age
    from raw.record
    inner join doubled on record.record_id = doubled.record_id
    where record.batch_id = :batch_id
)

delete from raw.record
using ranked
where record.ctid = ranked.place and ranked.age > 1
