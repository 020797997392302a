-- Grain: one row a name and version. A re-run, or another content under it, changes nothing.
insert into health.scorecard (name, version, digest, body)
values (:name, :version, :digest, :body)
on conflict (name, version) do nothing
