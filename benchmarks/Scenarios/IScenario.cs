using OrleansPayments.Benchmarks.Load;

namespace OrleansPayments.Benchmarks.Scenarios;

/// <summary>One way to make payments durable.</summary>
internal interface IScenario : IAsyncDisposable
{
    /// <summary>Loads, measures and verifies once.</summary>
    Task<RoundResult> RunAsync(LoadWindow window, CancellationToken cancellation);
}

/// <param name="Latency">Null where there is no caller that waits for one payment over HTTP.</param>
/// <param name="Verification">Null where no payments were made, only rows.</param>
internal sealed record RoundResult(
    string Scenario, Measured Measured, Latencies? Latency, IReadOnlyDictionary<string, long> Errors, Verification? Verification)
{
    /// <summary>From 1.</summary>
    public int Round { get; init; }

    /// <summary>How long the load was on, warm-up included.</summary>
    public TimeSpan LoadTime { get; init; }

    /// <summary>
    /// Payments per second, were the load to wait for the payments list to catch up. That work is part of a payment, and a silo under full load puts it off.
    /// </summary>
    public double? PerSecondWithList => Verification is { } found ? Measured.PerSecond * (LoadTime / (LoadTime + found.CatchUp)) : null;

    /// <summary>The most memory that the silo has had resident so far, in MiB; null where it is no process of its own.</summary>
    public double? SiloPeakMemory { get; init; }

    public static RoundResult OfRows(string scenario, Measured measured) => new(scenario, measured, null, new Dictionary<string, long>(), null);
}
