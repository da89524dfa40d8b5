namespace OrleansPayments.Benchmarks.Engine;

/// <summary>Something that takes calls.</summary>
internal interface IContestant : IDisposable
{
    string Name { get; }

    /// <summary>Null where the scenario means nothing to it.</summary>
    Sample? Measure(EngineScenario scenario, EngineWindow window, CancellationToken stop);
}

/// <param name="WarmUp">Load that does not count.</param>
/// <param name="Length">Load that does.</param>
internal sealed record EngineWindow(TimeSpan WarmUp, TimeSpan Length);

/// <param name="PerSecond">Calls, or grains activated.</param>
/// <param name="Nanoseconds">Processor time of the whole process per call, callers included: less at the mercy of what else the machine does.</param>
/// <param name="Bytes">Allocated per call; for activations, kept per idle grain.</param>
internal sealed record Sample(double PerSecond, double Nanoseconds, double Bytes);
