-- Grain: one row per answered survey of a ticket. Re-running changes nothing. An offer that nobody
-- answered is no opinion, so it is no row; an answer that was taken back leaves.
merge into core.survey_response as answer
using (
    select
        record_id,
        payload ->> 'ticket_id' as ticket_id,
        payload ->> 'score' as score,
        core.to_time(payload ->> 'updated_at') as occurred_at
    from raw.accepted
    where stream_id = :stream_id and core.to_time(payload ->> 'updated_at') is not null
) as rating
    on answer.source = :source and answer.response_id = rating.record_id
when matched and rating.score not in ('good', 'bad') then delete
when matched then
    update
        set
            ticket_id = rating.ticket_id,
            is_good = rating.score = 'good',
            occurred_at = rating.occurred_at
when not matched and rating.score in ('good', 'bad') then
    insert (source, response_id, kind, ticket_id, is_good, occurred_at)
    values (
        :source, rating.record_id, 'csat', rating.ticket_id, rating.score = 'good',
        rating.occurred_at
    )
