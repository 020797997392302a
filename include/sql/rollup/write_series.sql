-- Grain: one row per series that a file declares. Re-running writes nothing: only changes are.
merge into health.series as series
using
    jsonb_to_recordset((:declared)::jsonb) as declared (
        name text, role text, kind text, meaning text, file text, blocked_by text
    )
    on series.name = declared.name
when matched and
(series.role, series.kind, series.meaning, series.file, series.blocked_by)
is distinct from
(declared.role, declared.kind, declared.meaning, declared.file, declared.blocked_by)
then
    update
        set
            role = declared.role,
            kind = declared.kind,
            meaning = declared.meaning,
            file = declared.file,
            blocked_by = declared.blocked_by
when not matched then
    insert (name, role, kind, meaning, file, blocked_by)
    values (
        declared.name, declared.role, declared.kind, declared.meaning, declared.file,
        declared.blocked_by
    )
