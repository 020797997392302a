-- Grain: one row per account with news, attribute and value that it had: all that is known of these
-- accounts, since history and record come in streams of their own. Re-running finds the same.
-- properties: attribute to field; history calls a lookup of Salesforce's own without its Id.
-- An attribute with history: each change, and what held before the first one: the versions that we
-- saw, else the old value from the account's creation on. Then versions newer than the last change.
-- One without: every version. A version is as new as the stamp of its record. Of versions that are
-- no longer kept, what was stored of the days before all others stays: it is told again.
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

-- What was stored of days before the versions that are left, and before the last word of the
-- vendor on them: its own are believed only where its history has not become older since.
kept as (
    select
        span.account_id,
        span.attribute,
        span.created_at,
        stored.valid_from as at,
        stored.value
    from span
    inner join core.account_attribute as stored
        on span.account_id = stored.account_id and span.attribute = stored.attribute
    left join told
        on
            span.account_id = told.account_id
            and span.attribute = told.attribute
            and told.nth = 1
            and told.stamp < told.oldest
    where
        stored.valid_from < coalesce(told.stamp, span.oldest)
        and (
            stored.origin = 'observed'
            or exists (
                select 1
                from core.account_attribute as known
                where
                    known.account_id = span.account_id
                    and known.attribute = span.attribute
                    and known.valid_from = span.oldest
                    and known.origin = 'vendor'
            )
        )
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
        at as seen_at,
        'change' as kind,
        false as is_first
    from change
    union all
    select
        told.account_id,
        told.attribute,
        0,
        told.stamp,
        3,
        told.value,
        told.created_at,
        told.observed_at,
        'version',
        told.nth = 1
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
        at,
        'before',
        false
    from before
    union all
    select
        account_id,
        attribute,
        0,
        at,
        5,
        value,
        created_at,
        at,
        'kept',
        false
    from kept
    union all
    select
        told.account_id,
        told.attribute,
        told.batch_id,
        null,
        0,
        told.value,
        told.created_at,
        told.observed_at,
        'seen',
        told.nth = 1
    from told
    where told.newest is null or told.stamp >= told.newest
),

said as (
    select
        account_id,
        attribute,
        version,
        seen_at,
        created_at,
        at,
        place,
        kind,
        is_first,
        case
            when attribute in ('owner', 'parent') and value ~ '^[A-Za-z0-9]{15}$'
                then core.salesforce_id(value)
            when attribute = 'arr' then cast(trim_scale(core.to_number(value)) as text)
            when attribute = 'renewal_date' then cast(core.to_day(value) as text)
            when attribute = 'currency' then lower(value)
            else nullif(value, '')
        end as value
    from entry
),

-- A single stored value that the first version left says too is from that version, and no older.
older as (
    select
        account_id,
        attribute
    from said
    group by account_id, attribute
    having
        count(*) filter (where kind = 'kept') > 1
        or (
            count(*) filter (where kind = 'kept') = 1
            and max(value) filter (where kind = 'kept')
            is distinct from max(value) filter (where is_first)
        )
)

select
    said.account_id,
    said.attribute,
    said.version,
    said.seen_at,
    said.created_at,
    case
        when said.kind = 'version' and said.is_first and older.account_id is null
            then coalesce(said.created_at, said.seen_at)
        else said.at
    end,
    said.place,
    said.value,
    case when said.at is null then 'observed' else 'vendor' end
from said
left join older on said.account_id = older.account_id and said.attribute = older.attribute
where
    case said.kind
        when 'kept' then older.account_id is not null
        when 'before' then older.account_id is null
        else true
    end
