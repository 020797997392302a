-- Grain: one row per survey response. Reads only.
select
    survey_response.response_id as record_id,
    survey_response.occurred_at,
    ticket.created_at as ticket_created_at,
    raw.days_after(survey_response.occurred_at, :latest) as days_ahead,
    case
        when survey_response.score is not null
            then coalesce(
                survey_response.score between survey_response.scale_low
                and survey_response.scale_high,
                false
            )
    end as is_on_scale,
    case
        when survey_response.ticket_id is not null then ticket.ticket_id is not null
    end as ticket_is_known
from core.survey_response
left join core.ticket
    on
        survey_response.source = ticket.source
        and survey_response.ticket_id = ticket.ticket_id
