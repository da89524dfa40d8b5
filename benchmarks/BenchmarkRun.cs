using OrleansPayments.Benchmarks.Database;
using OrleansPayments.Benchmarks.Load;
using OrleansPayments.Benchmarks.Reporting;
using OrleansPayments.Benchmarks.Scenarios;

namespace OrleansPayments.Benchmarks;

/// <summary>Sets everything up, measures the scenarios in turn, and clears everything away.</summary>
internal static class BenchmarkRun
{
    /// <exception cref="BenchmarkRefusedException">The server would not give honest figures.</exception>
    public static async Task<BenchmarkReport> RunAsync(BenchmarkOptions options, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.Patience);
        using var folder = new WorkFolder();
        await using var server = await DatabaseServer.StartAsync(Environment.GetEnvironmentVariable("ConnectionStrings__Payments"), folder);
        var facts = await server.ReadFactsAsync(limit.Token);
        ConsoleReport.PrintFacts(facts, options);
        facts.RefuseUnlessDurable();

        var rows = await PaymentRows.CaptureAsync(server, folder, limit.Token);
        Console.WriteLine($"rows of a payment: opened {rows.OpenedBytes} bytes of events, captured {rows.CapturedBytes}");
        Console.WriteLine();
        await using var scenarios = new ScenarioList();
        foreach (var name in options.Scenarios) scenarios.Add(await StartAsync(name, options, server, folder, rows, limit.Token));
        return new BenchmarkReport(options, facts, await MeasureAsync(options, scenarios, server, limit.Token));
    }

    private static async Task<IScenario> StartAsync(
        string name, BenchmarkOptions options, DatabaseServer server, WorkFolder folder, PaymentRows rows, CancellationToken cancellation) => name switch
        {
            "raw" => new RawBatchScenario(server, rows),
            "row" => new RowAtATimeScenario(server, rows),
            "in-process" => new InProcessScenario(InProcessScenario.Name, server, folder, options.Callers),
            "unbatched" => new InProcessScenario(
                "unbatched", server, folder, options.Callers, "--Journal:MaxBatch", "1", "--Journal:Writers", "4"),
            "http" => await HttpScenario.StartAsync(server, folder, options.Connections, cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Unknown scenario."),
        };

    // In turn, so that whatever else the machine does at a time meets all of them.
    private static async Task<List<RoundResult>> MeasureAsync(
        BenchmarkOptions options, ScenarioList scenarios, DatabaseServer server, CancellationToken cancellation)
    {
        var results = new List<RoundResult>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var scenario in scenarios)
            {
                // None pays for pages that the one before it made dirty.
                await server.CheckpointAsync(cancellation);
                var window = new LoadWindow(round == 1 ? options.FirstWarmUp : options.WarmUp, options.Length);
                var result = await scenario.RunAsync(window, cancellation);
                results.Add(result with { Round = round, LoadTime = window.WholeLength });
                ConsoleReport.PrintRound(results[^1]);
            }
        }

        return results;
    }
}
