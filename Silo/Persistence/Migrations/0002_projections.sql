-- How far each projection has come. Its tables are its own business.

CREATE TABLE payments.projection (
    name           text    PRIMARY KEY,
    schema_version integer NOT NULL
);

CREATE TABLE payments.projection_checkpoint (
    projection text    NOT NULL REFERENCES payments.projection (name) ON DELETE CASCADE,
    shard      integer NOT NULL,
    -- Every row of the shard up to here is in the projection; moved in the transaction that applies the rows.
    position   bigint  NOT NULL DEFAULT 0,
    -- The shard's epoch when its owner's projector claimed the checkpoint: an earlier owner's projector no longer moves it.
    epoch      bigint  NOT NULL DEFAULT 0,
    PRIMARY KEY (projection, shard)
) WITH (fillfactor = 10);
