namespace OrleansPayments.Silo.Persistence.Journal;

/// <summary>The journal's statements. What they rely on is written at the head of <see cref="JournalWriter"/>.</summary>
internal static class JournalSql
{
    /// <summary>
    /// One batch, whole. $1 shards, $2 their epochs, $3 their heads as the writer knows them; per append: $4 shard, $5 entity, $6 version to write,
    /// $7 events; $8 now. Returns one row per append: ordinal from 1, whether the fence passed, the position (null: conflict), the moment.
    /// </summary>
    public const string Append = """
        WITH held AS MATERIALIZED (
            SELECT s.id, s.epoch, s.head, s.last_recorded_at
            FROM payments.shard AS s
            JOIN unnest($1, $2, $3) AS mine (id, epoch, head) ON s.id = mine.id AND s.epoch = mine.epoch AND s.head = mine.head
            ORDER BY s.id
            FOR UPDATE OF s
        ), fence AS MATERIALIZED (
            SELECT count(*) = cardinality($1) AS passed FROM held
        ), input AS MATERIALIZED (
            SELECT i.ordinal, i.shard, i.entity, i.version, i.events,
                   i.version = 1 + coalesce((SELECT j.version FROM payments.journal AS j WHERE j.entity = i.entity ORDER BY j.version DESC LIMIT 1), 0) AS fits
            FROM unnest($4, $5, $6, $7) WITH ORDINALITY AS i (shard, entity, version, events, ordinal)
        ), accepted AS MATERIALIZED (
            SELECT i.ordinal, i.shard, i.entity, i.version, i.events, held.epoch,
                   held.head + row_number() OVER (PARTITION BY i.shard ORDER BY i.ordinal) AS position,
                   greatest(held.last_recorded_at, $8) AS recorded_at
            FROM input AS i
            JOIN held ON held.id = i.shard
            WHERE i.fits AND (SELECT passed FROM fence)
        ), inserted AS (
            INSERT INTO payments.journal (shard, position, epoch, recorded_at, entity, version, events)
            SELECT shard, position, epoch, recorded_at, entity, version, events FROM accepted
        ), moved AS (
            UPDATE payments.shard AS s SET head = a.head, last_recorded_at = a.recorded_at
            FROM (SELECT shard, max(position) AS head, max(recorded_at) AS recorded_at FROM accepted GROUP BY shard) AS a
            WHERE s.id = a.shard
        )
        SELECT i.ordinal, (SELECT passed FROM fence), a.position, a.recorded_at
        FROM input AS i
        LEFT JOIN accepted AS a USING (ordinal)
        """;

    /// <summary>$1 shards. Waits for every transaction that holds one of them, then shows what it left.</summary>
    public const string LockShards = "SELECT id, epoch, head, owner FROM payments.shard WHERE id = ANY ($1) ORDER BY id FOR UPDATE";

    /// <summary>$1 shards, $2 the new owner.</summary>
    public const string RaiseEpochs = "UPDATE payments.shard SET epoch = epoch + 1, owner = $2 WHERE id = ANY ($1)";

    /// <summary>
    /// Which appends of a batch are in the journal, written by that batch itself. Per append: $1 shard, $2 epoch and $3 head the batch was sent with,
    /// $4 entity, $5 version. Returns the ordinal from 1 and the moment.
    /// </summary>
    public const string FindBatch = """
        SELECT b.ordinal, j.recorded_at
        FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS b (shard, epoch, head, entity, version, ordinal)
        JOIN payments.journal AS j
          ON j.entity = b.entity AND j.version = b.version AND j.shard = b.shard AND j.epoch = b.epoch AND j.position > b.head
        """;

    /// <summary>$1 entities.</summary>
    public const string Load = "SELECT entity, version, recorded_at, events FROM payments.journal WHERE entity = ANY ($1) ORDER BY entity, version";

    /// <summary>$1 an entity, $2 how many of its last rows.</summary>
    public const string LoadLast =
        "SELECT entity, version, recorded_at, events FROM (SELECT * FROM payments.journal WHERE entity = $1 ORDER BY version DESC LIMIT $2) AS last ORDER BY version";

    /// <summary>$1 the owner that asks.</summary>
    public const string FindForeignShard = "SELECT id, owner FROM payments.shard WHERE owner <> $1 ORDER BY id LIMIT 1";

    /// <summary>$1 the number of shards of a new database.</summary>
    public const string CreateShards = "INSERT INTO payments.shard (id) SELECT generate_series(0, $1 - 1)";
}
