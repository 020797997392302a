-- What was true of an account from when to when; terms and outcomes. Re-run: refused by Alembic.
select 1;
