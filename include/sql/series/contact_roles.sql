-- Grain: one row per account and touched day on which who stands in which role changed. Re-running
-- replaces these rows.
-- Series: contacts crm changes: change of people the CRM knows at the account
-- Series: champions crm changes: change of people in the role of champion
-- Series: executive_sponsors crm changes: change of people in the role of executive sponsor
-- Series: decision_makers crm changes: change of people in the role of decision maker
-- Series: champions_lost crm counts: champions gone from that day on
-- Series: executive_sponsors_lost crm counts: executive sponsors gone from that day on
-- Touched by: contact_role on its days
-- Gone: whoever left the account, or has the role no more. A role that ends and begins again on one
-- day is not lost.
insert into fresh (name, account_id, day, value)
with spell as (
    select
        touched.account_id,
        touched.first_day,
        touched.last_day,
        contact_role.role,
        (contact_role.since at time zone :time_zone)::date as since,
        (contact_role.until at time zone :time_zone)::date as until,
        (
            lead(contact_role.since) over (
                partition by
                    touched.account_id,
                    touched.first_day,
                    contact_role.source,
                    contact_role.contact_id,
                    contact_role.role
                order by contact_role.since, contact_role.source_account_id
            ) at time zone :time_zone
        )::date as again
    from touched
    inner join core.account_record on touched.account_id = account_record.account_id
    inner join
        core.contact_role
        on
            account_record.source = contact_role.source
            and account_record.source_account_id = contact_role.source_account_id
    where contact_role.role in ('contact', 'champion', 'executive_sponsor', 'decision_maker')
)

select
    spell.role || entry.suffix as name,
    spell.account_id,
    entry.day,
    sum(entry.number)
from spell
cross join
    lateral (
        values
        ('s', spell.since, 1),
        ('s', spell.until, -1),
        (
            's_lost',
            case
                when
                    spell.role in ('champion', 'executive_sponsor')
                    and spell.until > spell.since
                    and coalesce(spell.again > spell.until, true)
                    then spell.until
            end,
            1
        )
    ) as entry (suffix, day, number)
where entry.day between spell.first_day and spell.last_day
group by name, spell.account_id, entry.day
having sum(entry.number) != 0
