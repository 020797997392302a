-- Grain: one account, whose fields in the CRM are empty again; its override stays, ended.
-- Re-running changes nothing.
delete from health.override_heard
where account_id = :account_id
