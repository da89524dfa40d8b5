-- The journal: what happened, in order, for ever. See JournalWriter.cs for the protocol that keeps it so.

CREATE TABLE payments.shard (
    id               integer     PRIMARY KEY,
    -- Raised by every change of ownership and every recovery; a statement that carries an older one writes nothing.
    epoch            bigint      NOT NULL DEFAULT 0,
    -- The position of the shard's last row; positions are consecutive from 1.
    head             bigint      NOT NULL DEFAULT 0,
    last_recorded_at timestamptz NOT NULL DEFAULT '1970-01-01 00:00:00+00',
    -- The journal instance that acquired the shard last; unique per start of a silo.
    owner            text        NOT NULL DEFAULT ''
    -- Every batch updates a few of these rows: room on the page keeps the updates heap-only.
) WITH (fillfactor = 10);

CREATE TABLE payments.journal (
    position    bigint      NOT NULL CHECK (position > 0),
    -- The epoch of the batch that wrote the row: after a lost connection it tells our own row from another owner's.
    epoch       bigint      NOT NULL,
    recorded_at timestamptz NOT NULL,
    shard       integer     NOT NULL,
    version     integer     NOT NULL CHECK (version > 0),
    entity      text        COLLATE "C" NOT NULL CHECK (length(entity) BETWEEN 1 AND 200),
    -- json, not jsonb: kept to the letter and as readable as text, yet what is not JSON is refused. Nothing searches in it.
    events      json        NOT NULL,
    CONSTRAINT journal_position PRIMARY KEY (shard, position),
    CONSTRAINT journal_entity_version UNIQUE (entity, version)
);

CREATE FUNCTION payments.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'payments.% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

-- A statement trigger on what never happens costs an insert nothing.
CREATE TRIGGER journal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments.journal
    FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_change();
