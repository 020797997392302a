-- Grain: one row per run that wrote into a CRM, newest first. Reads only.
select
    crm_write.run_no,
    run.as_of,
    case when crm_write.undo_id is null then 'scores' else 'undo' end as wrote,
    min(crm_write.sent_at) as began,
    count(*) as records,
    count(*) filter (where crm_write.status = 'acknowledged') as acknowledged,
    count(*) filter (where crm_write.status = 'rejected') as rejected,
    count(*) filter (where crm_write.status = 'missed') as missed,
    count(*) filter (where crm_write.status = 'sent') as without_answer
from health.crm_write
inner join health.run on crm_write.run_no = run.run_no
where crm_write.source = :source
group by crm_write.run_no, run.as_of, wrote
order by crm_write.run_no desc, wrote desc
limit :runs
