using OrleansPayments.GrainEngine.Contract.Grains;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>
/// The base of all rules. A rule is a test in an abstract class that derives from this one and uses Orleans' public API only; the folder of each engine
/// derives a class per mode from it. Every rule starts an engine of its own.
/// </summary>
public abstract class Contract(EngineMode mode, EngineSettings settings) : IAsyncLifetime
{
    protected Contract(EngineMode mode)
        : this(mode, new())
    {
    }

    protected EngineHost Engine { get; private set; } = null!;

    protected Journal Journal => Engine.Journal;

    protected IGrainFactory Grains => Engine.Grains;

    public async Task InitializeAsync() => Engine = await EngineHost.StartAsync(mode, settings);

    public async Task DisposeAsync()
    {
        // A rule that failed may have left calls at its gates.
        Engine.Journal.OpenAll();
        await Engine.DisposeAsync();
    }

    internal IProbeGrain Probe(string key) => Grains.GetGrain<IProbeGrain>(key);

    /// <summary>Ends when a grain has written the line as often as that.</summary>
    protected Task Written(string line, int times = 1) => Eventually.Holds(() => Journal.CountOf(line) >= times, $"'{line}' is written {times} times");
}
