using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansPayments.Silo.Hosting.PrivatePostgres;
using OrleansPayments.Silo.Persistence.Migrations;

namespace OrleansPayments.Benchmarks.Database;

/// <summary>The one PostgreSQL server that all scenarios use, each in databases of its own, which go with the run.</summary>
internal sealed class DatabaseServer : IAsyncDisposable
{
    private readonly PrivatePostgresCluster? _cluster;
    private readonly string _administrator;
    private readonly string _application;
    private readonly string _owner;
    private readonly string _prefix = "payments_bench_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)) + "_";
    private readonly HashSet<string> _databases = new(StringComparer.Ordinal);
    private bool _mayCheckpoint = true;

    private DatabaseServer(PrivatePostgresCluster? cluster, string administrator, string application)
    {
        _cluster = cluster;
        _administrator = Plain(administrator);
        _application = Plain(application);
        _owner = new NpgsqlConnectionStringBuilder(application).Username ?? "";
    }

    /// <summary>The private server's process; null for a server of somebody else's.</summary>
    public int? ProcessId => _cluster?.ProcessId;

    /// <param name="connectionString">Null or empty starts a private server.</param>
    public static async Task<DatabaseServer> StartAsync(string? connectionString, WorkFolder folder)
    {
        if (!string.IsNullOrWhiteSpace(connectionString)) return new DatabaseServer(null, connectionString, connectionString);

        // A few seconds, and not to be interrupted: an abandoned initdb would go on writing into the folder while it is removed.
        var cluster = await PrivatePostgresCluster.StartAsync(folder.Sub("postgres"), NullLogger.Instance, CancellationToken.None);
        return new DatabaseServer(cluster, cluster.SuperuserConnectionString, cluster.ConnectionString);
    }

    /// <summary>As a session of the application sees them.</summary>
    public async Task<ServerFacts> ReadFactsAsync(CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(_application);
        await connection.OpenAsync(cancellation);
        return new ServerFacts(
            await ShowAsync("server_version"), await ShowAsync("fsync"), await ShowAsync("synchronous_commit"), await ShowAsync("full_page_writes"),
            await ShowAsync("wal_sync_method"));

        async Task<string> ShowAsync(string setting)
        {
            await using var command = new NpgsqlCommand("SELECT current_setting($1)", connection);
            command.Parameters.Add(new() { Value = setting });
            return (string)(await command.ExecuteScalarAsync(cancellation))!;
        }
    }

    /// <summary>A new database with the payments schema; returns its connection string, without a pool.</summary>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancellation)
    {
        var database = _prefix + name;
        try
        {
            await ExecuteAsync(_administrator, $"CREATE DATABASE {database}" + (_cluster is null ? "" : $" OWNER {_owner}"), cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new BenchmarkRefusedException("The role of ConnectionStrings__Payments may not create databases, which the benchmark needs.", e);
        }

        _databases.Add(database);
        var connectionString = new NpgsqlConnectionStringBuilder(_application) { Database = database }.ConnectionString;
        await using var source = NpgsqlDataSource.Create(connectionString);
        await MigrationRunner.ApplyAsync(source, NullLogger.Instance, cancellation);
        return connectionString;
    }

    public async Task DropDatabaseAsync(string connectionString)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        await ExecuteAsync(_administrator, $"DROP DATABASE IF EXISTS {database} WITH (FORCE)", CancellationToken.None);
        _databases.Remove(database);
    }

    /// <summary>Where the role may; elsewhere checkpoints come when they come.</summary>
    public async Task CheckpointAsync(CancellationToken cancellation)
    {
        if (!_mayCheckpoint) return;
        try
        {
            await ExecuteAsync(_administrator, "CHECKPOINT", cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            _mayCheckpoint = false;
            Console.WriteLine("The role may not checkpoint: a checkpoint may fall into any measurement.");
        }
    }

    public static async Task ExecuteAsync(string connectionString, string sql, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellation);
#pragma warning disable CA2100 // The texts are constants of this program; the names in them are made by it.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
            return;
        }

        foreach (var database in _databases) await ExecuteAsync(_administrator, $"DROP DATABASE IF EXISTS {database} WITH (FORCE)", CancellationToken.None);
    }

    private static string Plain(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
}
