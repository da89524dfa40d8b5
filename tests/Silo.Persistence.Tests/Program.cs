using Microsoft.Extensions.Logging.Abstractions;
using OrleansPayments.Silo.Hosting.PrivatePostgres;

namespace OrleansPayments.Silo.Persistence.Tests;

/// <summary>The stand-in for a silo that tests start as a process of its own, to kill it or to run it as another user.</summary>
internal static class Program
{
    /// <summary>Starts the cluster of the folder args[0], says so, and stops it in order when its standard input ends.</summary>
    public static async Task<int> Main(string[] args)
    {
        try
        {
            var cluster = await PrivatePostgresCluster.StartAsync(args[0], NullLogger.Instance, CancellationToken.None);
            Console.WriteLine($"READY {cluster.ProcessId} {cluster.ConnectionString}");
            await Console.In.ReadToEndAsync();
            await cluster.StopAsync();
            return 0;
        }
        catch (PrivatePostgresException e)
        {
            Console.WriteLine($"FAILED {e.Message}");
            return 1;
        }
    }
}
