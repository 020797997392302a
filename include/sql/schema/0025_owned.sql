-- Whose answers and payments are. Re-run: refused by Alembic.

-- Every answer to a survey, and the account it belongs to: its ticket's; about no ticket, that of
-- the CRM's record it names; naming none, its requester's, who belongs to his organisation's
-- account where he has one. Look accounts up one by one (lateral, offset 0).
create view core.owned_answer as
select
    account_link.account_id,
    answer.*
from core.account_link
inner join core.ticket
    on account_link.source = ticket.source and account_link.source_key = ticket.organization_id
inner join core.survey_response as answer
    on ticket.source = answer.source and ticket.ticket_id = answer.ticket_id
where account_link.object = 'organization'
union all
select
    account_link.account_id,
    answer.*
from core.account_link
inner join core.ticket
    on account_link.source = ticket.source and account_link.source_key = ticket.requester_id
inner join core.survey_response as answer
    on ticket.source = answer.source and ticket.ticket_id = answer.ticket_id
where account_link.object = 'requester' and ticket.organization_id is null
union all
select
    account_record.account_id,
    answer.*
from core.account_record
inner join core.survey_response as answer
    on
        account_record.source = answer.source
        and account_record.source_account_id = answer.source_account_id
where answer.ticket_id is null
union all
select
    account_link.account_id,
    answer.*
from core.account_link
inner join core.requester
    on
        account_link.source = requester.source
        and account_link.source_key = requester.organization_id
inner join core.survey_response as answer
    on requester.source = answer.source and requester.requester_id = answer.requester_id
where
    account_link.object = 'organization'
    and answer.ticket_id is null
    and answer.source_account_id is null
union all
select
    account_link.account_id,
    answer.*
from core.account_link
inner join core.requester
    on account_link.source = requester.source and account_link.source_key = requester.requester_id
inner join core.survey_response as answer
    on requester.source = answer.source and requester.requester_id = answer.requester_id
where
    account_link.object = 'requester'
    and requester.organization_id is null
    and answer.ticket_id is null
    and answer.source_account_id is null;

-- Every payment, and the account it belongs to: its invoice's, as in core.owned_invoice; without a
-- known invoice its customer's. Look accounts up one by one (lateral, offset 0).
create view core.owned_payment as
select
    account_link.account_id,
    payment.*
from core.account_link
inner join core.invoice
    on
        account_link.source = invoice.source
        and account_link.source_key = invoice.subscription_id
inner join core.payment
    on invoice.source = payment.source and invoice.invoice_id = payment.invoice_id
where account_link.object = 'subscription'
union all
select
    account_link.account_id,
    payment.*
from core.account_link
inner join core.invoice
    on account_link.source = invoice.source and account_link.source_key = invoice.customer_id
inner join core.payment
    on invoice.source = payment.source and invoice.invoice_id = payment.invoice_id
where
    account_link.object = 'customer'
    and not exists (
        select 1
        from core.account_link as own_link
        where
            own_link.source = invoice.source
            and own_link.object = 'subscription'
            and own_link.source_key = invoice.subscription_id
    )
union all
select
    account_link.account_id,
    payment.*
from core.account_link
inner join core.payment
    on account_link.source = payment.source and account_link.source_key = payment.customer_id
where
    account_link.object = 'customer'
    and not exists (
        select 1
        from core.invoice
        where invoice.source = payment.source and invoice.invoice_id = payment.invoice_id
    );
