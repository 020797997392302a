-- Grain: one row per answer to a survey in a warehouse. Re-running changes nothing. Without a scale
-- of its own NPS goes from 0 to 10, all else from 1 to 5.
insert into core.survey_response (
    source, response_id, kind, score, scale_low, scale_high, requester_id, email, occurred_at
)
select
    :source,
    record_id,
    answer.kind,
    core.to_number(payload ->> 'score'),
    coalesce(
        core.to_number(payload ->> 'scale_low'), case when answer.kind = 'nps' then 0 else 1 end
    ),
    coalesce(
        core.to_number(payload ->> 'scale_high'), case when answer.kind = 'nps' then 10 else 5 end
    ),
    payload ->> 'account_key',
    nullif(lower(trim(payload ->> 'email')), ''),
    core.to_time(payload ->> 'occurred_at')
from raw.accepted
cross join lateral (select coalesce(lower(payload ->> 'kind'), 'nps') as kind) as answer
where stream_id = :stream_id
on conflict (source, response_id) do update set
    kind = excluded.kind,
    score = excluded.score,
    scale_low = excluded.scale_low,
    scale_high = excluded.scale_high,
    requester_id = excluded.requester_id,
    email = excluded.email,
    occurred_at = excluded.occurred_at
