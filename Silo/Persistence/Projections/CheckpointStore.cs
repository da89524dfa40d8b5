using Npgsql;
using OrleansPayments.Silo.Persistence.Journal;

namespace OrleansPayments.Silo.Persistence.Projections;

/// <summary>The checkpoints and tables of one projection in the database.</summary>
internal sealed class CheckpointStore(IProjection projection, IReadOnlyList<ShardMark> owned)
{
    private readonly int[] _shards = [.. owned.Select(mark => mark.Shard)];
    private readonly long[] _epochs = [.. owned.Select(mark => mark.Epoch)];

    /// <summary>
    /// Claims the checkpoints for this silo and makes the tables if they are missing or of another version.
    /// </summary>
    /// <param name="rebuild">Drop what is there and begin at 0.</param>
    /// <returns>The positions by shard; null if a later owner has claimed them.</returns>
    public async Task<long[]?> ClaimAsync(NpgsqlConnection connection, bool rebuild, CancellationToken cancellation)
    {
        // Both statements wait for a transaction of the former owner's projector; whatever it begins later meets our epoch.
        const string register = "INSERT INTO payments.projection (name, schema_version) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
        const string lockOne = "SELECT schema_version FROM payments.projection WHERE name = $1 FOR UPDATE";
        const string claim = """
            INSERT INTO payments.projection_checkpoint AS c (projection, shard, epoch)
            SELECT $1, shard, epoch FROM unnest($2, $3) AS mine (shard, epoch) ORDER BY shard
            ON CONFLICT (projection, shard) DO UPDATE SET epoch = excluded.epoch WHERE c.epoch <= excluded.epoch
            """;
        const string reset = "UPDATE payments.projection_checkpoint SET position = 0 WHERE projection = $1";
        const string version = "UPDATE payments.projection SET schema_version = $2 WHERE name = $1";

        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await ExecuteAsync(connection, register, cancellation, projection.Name, projection.SchemaVersion).ConfigureAwait(false);
        var current = (int)(await ScalarAsync(connection, lockOne, cancellation, projection.Name).ConfigureAwait(false))!;
        await ExecuteAsync(connection, claim, cancellation, projection.Name, _shards, _epochs).ConfigureAwait(false);
        if (await ReadPositionsAsync(connection, cancellation).ConfigureAwait(false) is not { } positions)
            return null;

        if (rebuild || current != projection.SchemaVersion || await IsTableMissingAsync(connection, cancellation).ConfigureAwait(false))
        {
            await ExecuteAsync(connection, projection.DropTablesSql, cancellation).ConfigureAwait(false);
            await ExecuteAsync(connection, projection.CreateTablesSql, cancellation).ConfigureAwait(false);
            await ExecuteAsync(connection, reset, cancellation, projection.Name).ConfigureAwait(false);
            await ExecuteAsync(connection, version, cancellation, projection.Name, projection.SchemaVersion).ConfigureAwait(false);
            Array.Clear(positions);
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return positions;
    }

    /// <summary>Moves checkpoints within the caller's transaction; false when one is not where and whose we believe it is.</summary>
    public async Task<bool> MoveAsync(
        NpgsqlConnection connection, IReadOnlyCollection<(int Shard, long From, long To)> moves, CancellationToken cancellation)
    {
        const string move = """
            UPDATE payments.projection_checkpoint AS c SET position = m.target
            FROM unnest($2, $3, $4, $5) AS m (shard, source, target, epoch)
            WHERE c.projection = $1 AND c.shard = m.shard AND c.position = m.source AND c.epoch = m.epoch
            """;
        var moved = await ExecuteAsync(
            connection,
            move,
            cancellation,
            projection.Name,
            moves.Select(m => m.Shard).ToArray(),
            moves.Select(m => m.From).ToArray(),
            moves.Select(m => m.To).ToArray(),
            moves.Select(m => _epochs[m.Shard]).ToArray()).ConfigureAwait(false);
        return moved == moves.Count;
    }

    private async Task<long[]?> ReadPositionsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        const string read = "SELECT shard, position, epoch FROM payments.projection_checkpoint WHERE projection = $1";
        var positions = new long[_shards.Length];
        await using var query = new NpgsqlCommand(read, connection);
        query.Parameters.Add(new() { Value = projection.Name });
        await using var reader = await query.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var shard = reader.GetInt32(0);
            if (reader.GetInt64(2) != _epochs[shard])
                return null;
            positions[shard] = reader.GetInt64(1);
        }

        return positions;
    }

    private async Task<bool> IsTableMissingAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        (bool)(await ScalarAsync(
            connection,
            "SELECT EXISTS (SELECT FROM unnest($1) AS t (name) WHERE to_regclass(t.name) IS NULL)",
            cancellation,
            (object)projection.Tables.ToArray()).ConfigureAwait(false))!;

#pragma warning disable CA2100 // The texts are constants of this class and of the projections.
    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] values)
    {
        await using var command = Describe(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] values)
    {
        await using var command = Describe(connection, sql, values);
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
    }

    private static NpgsqlCommand Describe(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
#pragma warning restore CA2100
}
