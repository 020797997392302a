-- Grain: none; an empty table of this transaction, which the vendors' files fill: what each version
-- of an account's record says of each attribute. version: of the landing. at: since when the
-- vendor says so (origin vendor), NULL: what the record itself says (origin observed).
-- place: newest entry of a version first.
create temporary table if not exists seen (
    account_id integer not null,
    attribute text not null,
    version bigint not null,
    seen_at timestamptz not null,
    created_at timestamptz,
    at timestamptz,
    place integer not null,
    value text,
    origin text not null
) on commit drop
