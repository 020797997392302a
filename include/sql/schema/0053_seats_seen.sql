-- How many seats subscriptions had when. Re-run: refused by Alembic.

-- The seats of a subscription as the billing system told them: since when we have seen so many;
-- NULL: it says none (metered prices). Written by the trigger below. Stays where the subscription
-- goes.
create table core.subscription_seats (
    source text not null,
    subscription_id text not null,
    seen_at timestamptz not null,
    seats integer,
    primary key (source, subscription_id, seen_at)
);
insert into core.subscription_seats (source, subscription_id, seen_at, seats)
select
    source,
    subscription_id,
    now(),
    seats
from core.subscription;

create function core.keep_seats() returns trigger
language plpgsql
as $$
begin
    insert into core.subscription_seats (source, subscription_id, seen_at, seats)
    select
        told.source,
        told.subscription_id,
        now(),
        told.seats
    from new_rows as told
    left join lateral (
        select kept.subscription_id, kept.seats
        from core.subscription_seats as kept
        where kept.source = told.source and kept.subscription_id = told.subscription_id
        order by kept.seen_at desc
        limit 1
    ) as last on true
    where last.subscription_id is null or last.seats is distinct from told.seats
    on conflict (source, subscription_id, seen_at) do update set seats = excluded.seats;
    return null;
end;
$$;
create trigger keep_seats_insert after insert on core.subscription
referencing new table as new_rows
for each statement execute function core.keep_seats();
create trigger keep_seats_update after update on core.subscription
referencing new table as new_rows
for each statement execute function core.keep_seats();

call core.note_changes_of('subscription_seats', '', 'invoice_line', '*', $sql$
    select distinct
        'invoice_line', subscription.source, owner.object, owner.source_key, null::integer,
        null::daterange, null::timestamptz
    from changed
    inner join core.subscription using (source, subscription_id)
    cross join lateral (
        values
        ('subscription', subscription.subscription_id), ('customer', subscription.customer_id)
    ) as owner (object, source_key)
    $sql$);
