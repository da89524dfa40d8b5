using Microsoft.Extensions.Logging.Abstractions;
using OrleansPayments.Silo.Hosting.PrivatePostgres;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>A private PostgreSQL that the test holds in its own hand, for silos to be pointed at.</summary>
internal sealed class OwnDatabase : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    private OwnDatabase(TemporaryFolder folder, PrivatePostgresCluster cluster)
    {
        _folder = folder;
        Cluster = cluster;
    }

    public PrivatePostgresCluster Cluster { get; }

    /// <summary>The arguments of a silo that is to use it.</summary>
    public string[] Settings => ["--ConnectionStrings:Payments", Cluster.ConnectionString];

    public static async Task<OwnDatabase> StartAsync()
    {
        var folder = new TemporaryFolder();
        return new OwnDatabase(folder, await PrivatePostgresCluster.StartAsync(folder.Path, NullLogger.Instance, CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        _folder.Dispose();
    }
}
