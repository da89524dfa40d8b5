using Npgsql;

namespace OrleansPayments.Silo.Persistence.Keys;

/// <summary>
/// A transaction that holds the lock of the key ring: whoever makes, reads for the first time or wraps the ring's keys, or changes the key file, does it one
/// after the other, also silos that start at the same moment on one database.
/// </summary>
internal sealed class KeyTransaction : IAsyncDisposable
{
    // "OPAYKEYS" in ASCII: advisory locks have no names.
    private const long LockKey = 0x4F5041594B455953;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private KeyTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        _connection = connection;
        _transaction = transaction;
    }

    public static async Task<KeyTransaction> BeginAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            var begun = new KeyTransaction(connection, transaction);
            await begun.ExecuteAsync(Durability.Sql, cancellation).ConfigureAwait(false);
            await begun.ExecuteAsync("SELECT pg_advisory_xact_lock($1)", cancellation, LockKey).ConfigureAwait(false);
            return begun;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellation, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>The first column of the first row; null when there is none.</summary>
    public async Task<object?> ScalarAsync(string sql, CancellationToken cancellation, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params object[] values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) rows.Add(read(reader));
        return rows;
    }

    public Task CommitAsync(CancellationToken cancellation) => _transaction.CommitAsync(cancellation);

    /// <summary>Rolls back what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
#pragma warning disable CA2100 // The callers pass constants; every value is a parameter.
        var command = new NpgsqlCommand(sql, _connection, _transaction);
#pragma warning restore CA2100
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
