-- Grain: one row per file of series. Re-running replaces it.
insert into health.series_file (file, fingerprint) values (:file, :fingerprint)
on conflict (file) do update set fingerprint = excluded.fingerprint, since = now()
