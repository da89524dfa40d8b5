using Npgsql;

namespace OrleansPayments.Silo.Persistence;

/// <summary>The silo's database for everything but the journal's own connections: projections and lists.</summary>
public sealed class PaymentsDatabase : IAsyncDisposable
{
    private NpgsqlDataSource? _source;

    /// <summary>A pool of connections.</summary>
    /// <exception cref="InvalidOperationException">The persistence has not started, or has stopped.</exception>
    public NpgsqlDataSource Source => _source ?? throw new InvalidOperationException("The database is not open.");

    /// <param name="connectionString">An error's detail, which may repeat stored content, is switched off.</param>
    public void Open(string connectionString) =>
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "OrleansPayments",
            IncludeErrorDetail = false,
            MaxPoolSize = 20,
            MaxAutoPrepare = 100,
        });

    public async ValueTask DisposeAsync()
    {
        if (_source is null)
            return;
        await _source.DisposeAsync().ConfigureAwait(false);
        _source = null;
    }
}
