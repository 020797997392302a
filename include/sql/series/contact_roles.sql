-- Grain: one row per account and touched day on which who stands in which role changed. Re-running
-- replaces these rows.
-- Series: contacts crm changes: change of people the CRM knows at the account
-- Series: champions crm changes: change of people in the role of champion
-- Series: executive_sponsors crm changes: change of people in the role of executive sponsor
-- Series: decision_makers crm changes: change of people in the role of decision maker
-- Series: champions_lost crm counts: champions gone from that day on
-- Series: executive_sponsors_lost crm counts: executive sponsors gone from that day on
-- Touched by: contact_role on all days
-- Gone: whoever left the account, or has the role no more. A role that ends and begins again on one
-- day is not lost, and one that merged records of the account both tell of is held once: what one
-- says moves what the other means, so all days of the account are computed again.
insert into fresh (name, account_id, day, value)
with held as (
    select
        touched.account_id,
        touched.first_day,
        touched.last_day,
        contact_role.role,
        unnest(range_agg(daterange(dated.since, dated.until))) as days
    from touched
    inner join core.account_record on touched.account_id = account_record.account_id
    inner join
        core.contact_role
        on
            account_record.source = contact_role.source
            and account_record.source_account_id = contact_role.source_account_id
    cross join
        lateral (
            select
                (contact_role.since at time zone :time_zone)::date as since,
                (contact_role.until at time zone :time_zone)::date as until
        ) as dated
    where
        contact_role.role in ('contact', 'champion', 'executive_sponsor', 'decision_maker')
        and coalesce(dated.until > dated.since, true)
    group by
        touched.account_id,
        touched.first_day,
        touched.last_day,
        contact_role.source,
        contact_role.contact_id,
        contact_role.role
)

select
    held.role || entry.suffix as name,
    held.account_id,
    entry.day,
    sum(entry.number)
from held
cross join
    lateral (
        values
        ('s', lower(held.days), 1),
        ('s', upper(held.days), -1),
        (
            's_lost',
            case
                when held.role in ('champion', 'executive_sponsor') then upper(held.days)
            end,
            1
        )
    ) as entry (suffix, day, number)
where entry.day between held.first_day and held.last_day
group by name, held.account_id, entry.day
having sum(entry.number) != 0
