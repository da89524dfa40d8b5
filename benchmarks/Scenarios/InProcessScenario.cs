using System.Collections.Concurrent;
using OrleansPayments.Benchmarks.Database;
using OrleansPayments.Benchmarks.Load;

namespace OrleansPayments.Benchmarks.Scenarios;

/// <summary>
/// Payments by grain calls in this process: the whole silo (routing, connector, journal, projector) but for the network. The provider is in memory and approves
/// after <c>Task.Yield</c>. A new silo on a new database each round.
/// </summary>
/// <param name="settings">The silo's, where they are not the default.</param>
internal sealed class InProcessScenario(string name, DatabaseServer server, WorkFolder folder, int callers, params string[] settings) : IScenario
{
    public const string Name = "in-process";

    private long _count;

    public async Task<RoundResult> RunAsync(LoadWindow window, CancellationToken cancellation)
    {
        _count = 0;
        var database = await server.CreateDatabaseAsync("silo", cancellation);
        var captured = new ConcurrentQueue<string>();
        var errors = new ErrorCounts();
        RoundResult result;
        await using (var silo = await InProcessSilo.StartAsync(folder, database, cancellation, settings))
        {
            var verification = await Verifier.StartAsync(database, cancellation);
            var cpu = new CpuUsage(("benchmark", Environment.ProcessId, false), ("postgres", server.ProcessId, true));
            Task[] workers = [.. Enumerable.Range(0, callers).Select(_ => Task.Run(() => PayAsync(silo, window, captured, errors), cancellation))];
            var measured = await window.MeasureAsync(workers, () => Interlocked.Read(ref _count), cpu, cancellation);
            var verified = await verification.VerifyAsync(captured, errors.Total, silo.Provider.Charges, cancellation);
            result = new RoundResult(name, measured, null, errors.Counts, verified);
        }

        await server.DropDatabaseAsync(database);
        return result;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task PayAsync(InProcessSilo silo, LoadWindow window, ConcurrentQueue<string> captured, ErrorCounts errors)
    {
        while (!window.IsOver)
        {
            try
            {
                var id = await silo.PayAsync();
                Interlocked.Increment(ref _count);
                captured.Enqueue(id);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                errors.Add(e.GetType().Name + ": " + e.Message);
            }
        }
    }
}
