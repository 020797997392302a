-- How complete the data is, what the CRM took, what people are to do: for BI tools.
-- Re-run: refused by Alembic.

create view health_bi.coverage as
select -- noqa: ST06
    counted.outcome,
    counted.as_of,
    counted.scorecard_id,
    scorecard.name || '.v' || scorecard.version as scorecard,
    counted.measure_id,
    measure.category,
    measure.name as measure,
    measure.label,
    measure.share,
    counted.accounts,
    counted.known,
    counted.known / counted.accounts::double precision as known_share,
    counted.carried,
    counted.mean_points
from (
    select
        fact.outcome,
        fact.day as as_of,
        fact.scorecard_id,
        fact.measure_id,
        count(*) as accounts,
        count(*) filter (where fact.is_known) as known,
        count(*) filter (where fact.state = 'carried') as carried,
        avg(fact.points) filter (where fact.is_known) as mean_points
    from health_bi.fact_measure as fact
    where fact.newest_no = 1
    group by fact.outcome, fact.day, fact.scorecard_id, fact.measure_id
) as counted
inner join health_bi.dim_measure as measure on counted.measure_id = measure.measure_id
inner join health.scorecard on counted.scorecard_id = scorecard.scorecard_id;
comment on view health_bi.coverage is
'One row a measure on the newest published day: how much of it is known.';
comment on column health_bi.coverage.outcome is
'What the score tells: retention, adoption or expansion.';
comment on column health_bi.coverage.as_of is 'The newest published day.';
comment on column health_bi.coverage.scorecard_id is 'The card.';
comment on column health_bi.coverage.scorecard is 'The card, with version.';
comment on column health_bi.coverage.measure_id is 'The measure; see dim_measure.';
comment on column health_bi.coverage.category is 'Category of the measure.';
comment on column health_bi.coverage.measure is 'Name of the measure.';
comment on column health_bi.coverage.label is 'Measure, for people.';
comment on column health_bi.coverage.share is
'Its part of a score in which everything is known, 0 to 1.';
comment on column health_bi.coverage.accounts is 'Accounts that the card scored.';
comment on column health_bi.coverage.known is 'Of these, those with a known value.';
comment on column health_bi.coverage.known_share is 'known / accounts.';
comment on column health_bi.coverage.carried is 'Of the known, those whose last reading holds on.';
comment on column health_bi.coverage.mean_points is 'Mean points of the known.';

create view health_bi.sync_status as
select -- noqa: ST06
    account.account_id,
    account.source as crm,
    account.source_account_id as crm_id,
    account.name,
    written.status,
    written.answer,
    written.sent_at,
    written.run_no,
    shown.acknowledged_at,
    shown.checked_at,
    (
        select count(*)
        from health.crm_drift
        where
            crm_drift.source = account.source
            and crm_drift.record_id = account.source_account_id
            and crm_drift.resolved_at is null
    ) as fields_edited
from core.account
left join health.crm_record as shown
    on account.source = shown.source and account.source_account_id = shown.record_id
left join lateral (
    select
        crm_write.status,
        crm_write.answer,
        crm_write.sent_at,
        crm_write.run_no
    from health.crm_write
    where
        crm_write.source = account.source
        and crm_write.record_id = account.source_account_id
    order by crm_write.write_id desc
    limit 1
) as written on true
where shown.record_id is not null or written.status is not null;
comment on view health_bi.sync_status is
'One row an account that was ever written to the CRM: how the last write went.';
comment on column health_bi.sync_status.account_id is 'Our number of the account.';
comment on column health_bi.sync_status.crm is 'Name of the CRM among the sources.';
comment on column health_bi.sync_status.crm_id is 'Id of the record in the CRM.';
comment on column health_bi.sync_status.name is 'Name of the account.';
comment on column health_bi.sync_status.status is
'acknowledged (the CRM has it), sent (no answer is known yet), rejected (the CRM refused it) or '
'missed (it will be sent anew): the last write; NULL: it was forgotten.';
comment on column health_bi.sync_status.answer is
'What the CRM said to the last write, where it refused.';
comment on column health_bi.sync_status.sent_at is 'When the last write was sent.';
comment on column health_bi.sync_status.run_no is 'Run of the last write.';
comment on column health_bi.sync_status.acknowledged_at is
'When the CRM last accepted a write; NULL: it never did.';
comment on column health_bi.sync_status.checked_at is
'When the record was last read back and compared.';
comment on column health_bi.sync_status.fields_edited is
'Our fields that show another value than ours: edited by hand or by a workflow.';

create view health_bi.plays as
select -- noqa: ST06
    play.play_id,
    account.account_id,
    account.source as crm,
    account.source_account_id as crm_id,
    account.name,
    play.outcome,
    playbook.name || '.v' || playbook.version as playbook,
    play.play_group,
    play.opened_on,
    play.why,
    play.score,
    play.band,
    play.state,
    play.recovered_since,
    play.closed_on,
    counted.steps,
    counted.steps_done,
    counted.steps_overdue,
    next_one.title as next_step,
    next_one.owner_name as next_owner,
    next_one.due_on as next_due_on
from health.play
inner join core.account on play.account_id = account.account_id
inner join health.playbook on play.playbook_id = playbook.playbook_id
cross join core.calendar
cross join
    lateral (
        select
            count(*) as steps,
            count(*) filter (where step.status = 'done') as steps_done,
            count(*) filter (
                where
                step.status not in ('done', 'deleted')
                and step.due_on < (now() at time zone calendar.time_zone)::date
            ) as steps_overdue
        from health.play_step as step
        where step.play_id = play.play_id
    ) as counted
left join lateral (
    select
        step.title,
        step.owner_name,
        step.due_on
    from health.play_step as step
    where step.play_id = play.play_id and step.status not in ('done', 'deleted')
    order by step.place
    limit 1
) as next_one on true;
comment on view health_bi.plays is
'One row a plan that a playbook opened for an account.';
comment on column health_bi.plays.play_id is 'Number of the plan; key.';
comment on column health_bi.plays.account_id is 'Our number of the account.';
comment on column health_bi.plays.crm is 'Name of the CRM among the sources.';
comment on column health_bi.plays.crm_id is 'Id of the record in the CRM.';
comment on column health_bi.plays.name is 'Name of the account.';
comment on column health_bi.plays.outcome is
'What the score tells: retention, adoption or expansion.';
comment on column health_bi.plays.playbook is 'The playbook, with version.';
comment on column health_bi.plays.play_group is
'Group of which an account has one open plan at most.';
comment on column health_bi.plays.opened_on is 'Day of the opening.';
comment on column health_bi.plays.why is 'Which conditions held on that day.';
comment on column health_bi.plays.score is 'Score on that day.';
comment on column health_bi.plays.band is 'Band on that day.';
comment on column health_bi.plays.state is
'open, recovered, ended (its time was over), replaced (by one with more priority) or left (scored'
' no more).';
comment on column health_bi.plays.recovered_since is
'First day of an unbroken recovery; NULL: it has not begun.';
comment on column health_bi.plays.closed_on is 'Day of the closing; NULL: open.';
comment on column health_bi.plays.steps is 'Steps.';
comment on column health_bi.plays.steps_done is 'Steps that are done.';
comment on column health_bi.plays.steps_overdue is
'Steps that are not done and were due before today.';
comment on column health_bi.plays.next_step is
'Title of the first step that is not done; NULL: none is left.';
comment on column health_bi.plays.next_owner is 'Who does it; NULL: nobody was found.';
comment on column health_bi.plays.next_due_on is 'When it is due.';
