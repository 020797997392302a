-- Grain: one row per record and reason for which it may not become a fact; lives as long as the
-- connection.
create temporary table failing (
    batch_id bigint not null,
    stream_id smallint not null,
    record_id text not null,
    reason text not null
)
