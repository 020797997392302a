-- Grain: one row per account with news, attribute and value that it had: all that is known of these
-- accounts, since history and record come in streams of their own. Re-running finds the same.
-- properties: attribute to field; history calls a lookup of Salesforce's own without its Id.
-- An attribute with history: each change, and what held before the first one: the versions that we
-- saw, else the old value from the account's creation on. Then versions newer than the last change.
-- One without: every version. A version is as new as the stamp of its record.
insert into seen (
    account_id, attribute, version, seen_at, created_at, at, place, value, origin
)
with due as (
    select
        account.account_id,
        account.source_account_id,
        account.created_at
    from core.account
    where
        account.source = :source
        and (
            account.attributed_batch is null
            or account.source_account_id in (
                select accepted.record_id from raw.accepted
                where accepted.stream_id = :stream_id
            )
            or account.source_account_id in (
                select account_change.source_account_id
                from raw.accepted
                inner join raw.stream on accepted.stream_id = stream.stream_id
                inner join core.account_change
                    on
                        accepted.record_id = account_change.change_id
                        and account_change.source = :source
                where accepted.source = :source and stream.stream = 'account_history'
            )
        )
),

wanted as (
    select
        named.attribute,
        named.field,
        case
            when named.field like '%\_\_c' then named.field
            else regexp_replace(named.field, 'Id$', '')
        end as history
    from jsonb_each_text(cast(:properties as jsonb)) as named (attribute, field)
    union all
    select
        'currency',
        'CurrencyIsoCode',
        'CurrencyIsoCode'
),

version as (
    select
        due.account_id,
        due.created_at,
        record.batch_id,
        record.observed_at,
        coalesce(core.to_time(record.payload ->> 'SystemModstamp'), record.observed_at) as stamp,
        record.payload
    from due
    inner join raw.record
        on record.stream_id = :stream_id and due.source_account_id = record.record_id
    inner join raw.batch on record.batch_id = batch.batch_id and batch.landed_at is not null
    where
        not exists (
            select 1
            from raw.quarantine
            where
                quarantine.stream_id = record.stream_id
                and quarantine.record_id = record.record_id
                and quarantine.batch_id = record.batch_id
        )
),

change as (
    select
        due.account_id,
        due.created_at,
        wanted.attribute,
        account_change.occurred_at as at,
        account_change.old_value,
        account_change.new_value,
        coalesce(account_change.new_value, account_change.old_value)
        ~ '^[A-Za-z0-9]{15}([A-Z0-5]{3})?$' as has_id
    from due
    inner join core.account_change
        on
            account_change.source = :source
            and due.source_account_id = account_change.source_account_id
    inner join wanted on account_change.field = wanted.history
    where
        case wanted.attribute
            when 'owner'
                then coalesce(account_change.new_value, account_change.old_value) like '005%'
            when 'parent'
                then coalesce(account_change.new_value, account_change.old_value) like '001%'
            else true
        end
),

span as (
    select
        account_id,
        attribute,
        min(created_at) as created_at,
        min(at) as oldest,
        max(at) as newest
    from change
    group by account_id, attribute
),

told as (
    select
        version.*,
        wanted.attribute,
        coalesce(
            nullif(version.payload ->> wanted.field, ''),
            case when wanted.attribute = 'currency' then upper(:currency) end
        ) as value,
        span.oldest,
        span.newest,
        row_number() over (
            partition by version.account_id, wanted.attribute order by version.batch_id
        ) as nth
    from version
    cross join wanted
    left join span
        on version.account_id = span.account_id and wanted.attribute = span.attribute
    where wanted.attribute = 'currency' or version.payload ? wanted.field
),

before as (
    select distinct on (change.account_id, change.attribute)
        change.account_id,
        change.attribute,
        change.created_at,
        change.old_value,
        change.at
    from change
    inner join span
        on change.account_id = span.account_id and change.attribute = span.attribute
    where
        change.at = span.oldest
        and change.created_at < change.at
        and not exists (
            select 1
            from told
            where
                told.account_id = change.account_id
                and told.attribute = change.attribute
                and told.stamp < span.oldest
        )
    order by change.account_id asc, change.attribute asc, change.has_id desc
),

entry as (
    select
        account_id,
        attribute,
        0 as version,
        at,
        case when has_id then 1 else 2 end as place,
        new_value as value,
        created_at,
        at as seen_at
    from change
    union all
    select
        told.account_id,
        told.attribute,
        0,
        case when told.nth = 1 then coalesce(told.created_at, told.observed_at) else told.stamp end,
        3,
        told.value,
        told.created_at,
        told.observed_at
    from told
    where told.stamp < told.oldest
    union all
    select
        account_id,
        attribute,
        0,
        created_at,
        4,
        old_value,
        created_at,
        at
    from before
    union all
    select
        told.account_id,
        told.attribute,
        told.batch_id,
        null,
        0,
        told.value,
        told.created_at,
        told.observed_at
    from told
    where told.newest is null or told.stamp >= told.newest
)

select
    account_id,
    attribute,
    version,
    seen_at,
    created_at,
    at,
    place,
    case
        when attribute in ('owner', 'parent') and value ~ '^[A-Za-z0-9]{15}$'
            then core.salesforce_id(value)
        when attribute = 'arr' then cast(trim_scale(core.to_number(value)) as text)
        when attribute = 'renewal_date' then cast(core.to_day(value) as text)
        when attribute = 'currency' then lower(value)
        else nullif(value, '')
    end,
    case when at is null then 'observed' else 'vendor' end
from entry
