using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansPayments.Silo.Hosting.PrivatePostgres;
using OrleansPayments.Silo.Persistence.Migrations;

namespace OrleansPayments.Silo.Persistence.Tests.Infrastructure;

/// <summary>One private cluster for all tests of the collection; each test has a database of its own.</summary>
public sealed class ClusterFixture : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private int _databases;

    public PrivatePostgresCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() =>
        Cluster = await PrivatePostgresCluster.StartAsync(_folder.Path, NullLogger.Instance, CancellationToken.None);

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await Cluster.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>An empty database; connections to it are not pooled unless asked for.</summary>
    public async Task<string> CreateEmptyDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync(Cluster.SuperuserConnectionString + ";Pooling=false", $"CREATE DATABASE {name} OWNER payments");
        return new NpgsqlConnectionStringBuilder(Cluster.ConnectionString) { Database = name, Pooling = false, SslMode = SslMode.Disable }.ConnectionString;
    }

    /// <summary>A database with the schema.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var connectionString = await CreateEmptyDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await MigrationRunner.ApplyAsync(database, NullLogger.Instance, CancellationToken.None);
        return connectionString;
    }

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // Test code with constant statements.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<T> QueryAsync<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // Test code with constant statements.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return (T)(await command.ExecuteScalarAsync())!;
    }
}

[CollectionDefinition(Name)]
public sealed class ClusterGroup : ICollectionFixture<ClusterFixture>
{
    public const string Name = "cluster";
}
