-- Grain: one role, with what the daily job may do and no more: give it to the login that
-- HEALTH_DATABASE_URL names, by `grant health_job to LOGIN`. Run it as the owner of the store; a
-- re-run changes nothing.
-- It may not make, change or drop anything, decide who is forgotten, or touch an override, but for
-- those of the CRM by functions of their own.
do $$
begin
    if not exists (select from pg_roles where rolname = 'health_job') then
        create role health_job nologin;
    end if;
exception when duplicate_object or unique_violation then null; -- somebody else was faster
end;
$$;

revoke create on schema public, raw, core, health from health_job;
grant usage on schema public, raw, core, health to health_job;
grant select, insert, update, delete on all tables in schema raw, core, health to health_job;
grant select on public.health_schema to health_job;
revoke insert, update, delete
on raw.forgetting, raw.forgotten_address, raw.forgotten_person, health.override from health_job;
-- From all others once more: a store that was restored without its grants has forgotten that.
revoke execute on function health.enter_heard, health.end_heard from public;
grant execute on function health.enter_heard, health.end_heard to health_job;

do $$
begin
    execute format('grant connect, temporary on database %I to health_job', current_database());
end;
$$;

-- Of tables that later versions, or new months, bring.
alter default privileges in schema raw, core, health
grant select, insert, update, delete on tables to health_job;

-- The planner must see tables that the job has just filled. A server before 17 has no such right:
-- there the owner's ANALYZE, or autovacuum, sees to it.
do $$
begin
    if current_setting('server_version_num')::integer >= 170000 then
        execute 'grant maintain on all tables in schema raw, core, health to health_job';
        execute 'alter default privileges in schema raw, core, health '
        'grant maintain on tables to health_job';
    end if;
end;
$$;
