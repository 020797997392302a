-- Grain: one row per answered rating of a conversation, from 1 to 5. Re-running changes nothing. A
-- rating that was asked for and not given is no opinion, nor is one beyond 5; one given again
-- replaces the first.
merge into core.survey_response as answer
using (
    select
        accepted.record_id,
        accepted.payload -> 'contacts' -> 'contacts' -> 0 ->> 'id' as requester_id,
        case
            when core.to_number(asked.rating ->> 'rating') between 1 and 5
                then core.to_number(asked.rating ->> 'rating')
        end as score,
        coalesce(
            core.from_epoch(asked.rating ->> 'updated_at'),
            core.from_epoch(asked.rating ->> 'created_at'),
            core.from_epoch(accepted.payload ->> 'updated_at')
        ) as occurred_at
    from raw.accepted
    cross join lateral (select accepted.payload -> 'conversation_rating' as rating) as asked
    where accepted.stream_id = :stream_id
) as rating
    on answer.source = :source and answer.response_id = rating.record_id
when matched and (rating.score is null or rating.occurred_at is null) then delete
when matched then
    update
        set
            is_good = rating.score >= :good_from,
            score = rating.score,
            requester_id = rating.requester_id,
            occurred_at = rating.occurred_at
when not matched and rating.score is not null and rating.occurred_at is not null then
    insert (
        source, response_id, kind, ticket_id, requester_id, is_good, score, scale_low, scale_high,
        occurred_at
    )
    values (
        :source, rating.record_id, 'csat', rating.record_id, rating.requester_id,
        rating.score >= :good_from, rating.score, 1, 5, rating.occurred_at
    )
