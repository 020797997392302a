-- Grain: one row per change of the pulse field. Re-running changes nothing. The reason that was
-- saved together with it is told at the very same second; who set it, by address where known.
insert into core.manual_input (
    source, source_account_id, measure, occurred_at, value, reason, author
)
select
    :source,
    pulse.source_account_id,
    'pulse',
    pulse.occurred_at,
    max(core.to_number(pulse.new_value)),
    max(reason.new_value),
    coalesce(max(owner.email), max(pulse.author))
from raw.accepted
inner join core.account_change as pulse
    on accepted.record_id = pulse.change_id and pulse.source = :source
left join core.account_change as reason
    on
        pulse.source = reason.source
        and pulse.source_account_id = reason.source_account_id
        and pulse.occurred_at = reason.occurred_at
        and reason.field = :pulse_reason
left join core.owner on pulse.source = owner.source and pulse.author = owner.owner_id
where accepted.stream_id = :stream_id and pulse.field = :pulse
group by pulse.source_account_id, pulse.occurred_at
on conflict (source, source_account_id, measure, occurred_at) do update set
    value = excluded.value,
    reason = coalesce(excluded.reason, manual_input.reason),
    author = coalesce(excluded.author, manual_input.author)
