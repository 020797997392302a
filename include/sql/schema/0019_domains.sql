-- All the domains that the CRM knows of an account. Re-run: refused by Alembic.
alter table core.account add column additional_domains text[] not null default '{}';

-- The entries of a list as HubSpot writes it: between semicolons, in lower case, without blanks.
create function core.listed_domains(entered text) returns text[]
language sql immutable parallel safe
return array(
    select lower(trim(part.domain))
    from unnest(string_to_array(entered, ';')) as part (domain)
    where trim(part.domain) != ''
);

update core.account
set additional_domains = core.listed_domains(newest.entered)
from (
    select distinct on (stream.source, record.record_id)
        stream.source,
        record.record_id,
        record.payload -> 'properties' ->> 'hs_additional_domains' as entered
    from raw.record
    inner join raw.stream on record.stream_id = stream.stream_id
    where stream.vendor = 'hubspot' and stream.stream = 'companies'
    order by stream.source asc, record.record_id asc, record.batch_id desc
) as newest
where
    account.source = newest.source
    and account.source_account_id = newest.record_id
    and newest.entered != '';

-- The host names by which live accounts are known: the record's own domain and its additional ones.
create view core.account_domain as
select
    live_account.account_id,
    named.entered
from core.live_account
inner join core.account on live_account.account_id = account.account_id
cross join
    lateral unnest(array_append(account.additional_domains, account.domain)) as named (entered)
where named.entered is not null;
