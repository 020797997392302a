-- Grain: one row per answer to a survey of HubSpot with a rating. Re-running changes nothing; one
-- that is deleted leaves. Scales: NPS 0 to 10, CSAT 0 to 2, CES 1 to 7 (knowledge base on survey
-- response properties, checked Nov 2026); a rating off its scale has none. It belongs to the
-- company that its contact had when it came: who changes companies takes no old answers along.
merge into core.survey_response as answer
using (
    select
        record_id,
        entered.kind,
        scale.low,
        scale.high,
        core.to_number(properties ->> 'hs_value') as score,
        nullif(properties ->> 'hs_contact_id', '') as contact_id,
        coalesce(
            nullif(lower(trim(properties ->> 'hs_contact_email_rollup')), ''), contact.email
        ) as email,
        contact.source_account_id,
        coalesce(
            core.to_time(properties ->> 'hs_submission_timestamp'),
            core.to_time(payload ->> 'createdAt')
        ) as occurred_at,
        core.to_number(properties ->> 'hs_value') is not null
        and not coalesce(cast((payload ->> 'archived') as boolean), false) as counts
    from raw.accepted
    cross join
        lateral (
            select
                payload -> 'properties' as properties,
                lower(payload -> 'properties' ->> 'hs_survey_type') as kind
        ) as entered
    left join
        (
            values ('nps', 0, 10), ('csat', 0, 2), ('ces', 1, 7)
        ) as scale (kind, low, high)
        on
            entered.kind = scale.kind
            and core.to_number(properties ->> 'hs_value') between scale.low and scale.high
    left join core.contact
        on
            contact.source = :source
            and contact.contact_id = nullif(properties ->> 'hs_contact_id', '')
    where stream_id = :stream_id and entered.kind in ('nps', 'csat', 'ces')
) as given
    on answer.source = :source and answer.response_id = given.record_id
when matched and not given.counts then delete
when matched then
    update
        set
            kind = given.kind,
            score = given.score,
            scale_low = given.low,
            scale_high = given.high,
            requester_id = given.contact_id,
            email = given.email,
            source_account_id = coalesce(answer.source_account_id, given.source_account_id),
            occurred_at = given.occurred_at
when not matched and given.counts then
    insert (
        source, response_id, kind, score, scale_low, scale_high, requester_id, email,
        source_account_id, occurred_at
    )
    values (
        :source, given.record_id, given.kind, given.score, given.low, given.high,
        given.contact_id, given.email, given.source_account_id, given.occurred_at
    )
