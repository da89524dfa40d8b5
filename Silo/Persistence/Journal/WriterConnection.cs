using Npgsql;
using NpgsqlTypes;
using OrleansPayments.Grains.Shared.Failpoints;

namespace OrleansPayments.Silo.Persistence.Journal;

/// <summary>A writer's connection with its prepared statement.</summary>
internal sealed class WriterConnection : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _append;

    private WriterConnection(NpgsqlConnection connection)
    {
        _connection = connection;
        _append = new NpgsqlCommand(JournalSql.Append, connection);
        foreach (var type in new[]
                 {
                     NpgsqlDbType.Array | NpgsqlDbType.Integer, NpgsqlDbType.Array | NpgsqlDbType.Bigint, NpgsqlDbType.Array | NpgsqlDbType.Bigint,
                     NpgsqlDbType.Array | NpgsqlDbType.Integer, NpgsqlDbType.Array | NpgsqlDbType.Text, NpgsqlDbType.Array | NpgsqlDbType.Integer,
                     NpgsqlDbType.Array | NpgsqlDbType.Json, NpgsqlDbType.TimestampTz,
                 })
        {
            _append.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        }
    }

    /// <summary>Whether the server still answers on it, as far as is known.</summary>
    public bool IsOpen => _connection.FullState == System.Data.ConnectionState.Open;

    public NpgsqlConnection Connection => _connection;

    public static async Task<WriterConnection> OpenAsync(JournalConnections connections, CancellationToken cancellation)
    {
        var opened = new WriterConnection(await connections.OpenAsync(cancellation).ConfigureAwait(false));
        try
        {
            await opened._append.PrepareAsync(cancellation).ConfigureAwait(false);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends a batch; when it returns, the answer is durable.</summary>
    /// <param name="marks">The shards that the batch touches.</param>
    /// <param name="now">UTC, whole microseconds.</param>
    /// <returns>Null when the fence did not let the batch pass; then nothing was written.</returns>
    public async Task<BatchAnswer?> AppendAsync(IReadOnlyList<PendingAppend> batch, IReadOnlyList<ShardMark> marks, DateTime now, IFailpoints failpoints)
    {
        var parameters = _append.Parameters;
        parameters[0].Value = marks.Select(mark => mark.Shard).ToArray();
        parameters[1].Value = marks.Select(mark => mark.Epoch).ToArray();
        parameters[2].Value = marks.Select(mark => mark.Head).ToArray();
        parameters[3].Value = batch.Select(append => append.Shard).ToArray();
        parameters[4].Value = batch.Select(append => append.Entity).ToArray();
        parameters[5].Value = batch.Select(append => append.Version).ToArray();
        parameters[6].Value = batch.Select(append => append.Events).ToArray();
        parameters[7].Value = now;

        var answer = new BatchAnswer(batch.Count);
        var passed = true;
        var sending = _append.ExecuteReaderAsync();
        await failpoints.Reach(Failpoint.DuringCommit, batch.Select(append => append.Entity)).ConfigureAwait(false);
        await using var reader = await sending.ConfigureAwait(false);
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            passed &= reader.GetBoolean(1);
            if (!reader.IsDBNull(2))
                answer.Set((int)reader.GetInt64(0) - 1, reader.GetInt64(2), reader.GetDateTime(3));
        }

        // The rows arrive before the commit: in the extended protocol the implicit transaction commits at Sync, which the server answers with
        // ReadyForQuery. Reading on to the end of the results waits for that message, and throws what the commit itself may have to say.
        while (await reader.NextResultAsync().ConfigureAwait(false))
        {
        }

        return passed ? answer : null;
    }

    /// <summary>Which appends of a batch it wrote itself; the moment by index.</summary>
    public async Task<Dictionary<int, DateTime>> FindAsync(
        IReadOnlyList<PendingAppend> batch, IReadOnlyList<ShardMark> marks, CancellationToken cancellation)
    {
        var sent = marks.ToDictionary(mark => mark.Shard);
        await using var query = new NpgsqlCommand(JournalSql.FindBatch, _connection);
        query.Parameters.Add(new() { Value = batch.Select(append => append.Shard).ToArray() });
        query.Parameters.Add(new() { Value = batch.Select(append => sent[append.Shard].Epoch).ToArray() });
        query.Parameters.Add(new() { Value = batch.Select(append => sent[append.Shard].Head).ToArray() });
        query.Parameters.Add(new() { Value = batch.Select(append => append.Entity).ToArray() });
        query.Parameters.Add(new() { Value = batch.Select(append => append.Version).ToArray() });
        var found = new Dictionary<int, DateTime>();
        await using var reader = await query.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            found.Add((int)reader.GetInt64(0) - 1, reader.GetDateTime(1));
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await _append.DisposeAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }
}
