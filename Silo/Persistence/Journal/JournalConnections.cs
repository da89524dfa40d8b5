using Npgsql;

namespace OrleansPayments.Silo.Persistence.Journal;

/// <summary>Opens the journal's own connections: each physical, dedicated and set up alike, whatever the configured string says about comfort.</summary>
internal sealed class JournalConnections : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    public JournalConnections(string connectionString, TimeSpan commandTimeout)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            // A pool would hand on a connection whose last statement has an unknown end.
            Pooling = false,
            Enlist = false,
            CommandTimeout = (int)commandTimeout.TotalSeconds,
            Timeout = 5,
            CancellationTimeout = 1000,
            ApplicationName = "OrleansPayments journal",
            // An error's detail may repeat an event's content, which must not reach a log.
            IncludeErrorDetail = false,
        };
        if (builder.Host?.StartsWith('/') != true)
        {
            builder.TcpKeepAlive = true;
            builder.TcpKeepAliveTime = 10;
            builder.TcpKeepAliveInterval = 5;
        }

        _source = NpgsqlDataSource.Create(builder);
    }

    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        try
        {
            // The plans do not depend on the values, so planning once is right; and an answer means "on disk" even where the server's default does not.
            const string setUp = """
                SET plan_cache_mode = force_generic_plan;
                SET jit = off;
                SET TimeZone = 'UTC';
                SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local');
                """;
            await using var command = new NpgsqlCommand(setUp, connection);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
