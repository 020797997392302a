-- Landings that ended early and are gone on with. Re-run: refused by Alembic.
-- resume: the state from which the next landing of the stream goes on; null: it cannot, and what is
-- neither landed nor kept is swept away.
alter table raw.batch add column resume jsonb;
create index batch_kept on raw.batch (stream_id, batch_id) where landed_at is null;
