namespace OrleansPayments.PspSimulator.World;

/// <summary>One account: a world of its own, which all providers of that account name share for control and record.</summary>
internal sealed class Account(string name, SimulatorOptions options)
{
    private volatile LatencyModel? _latency;

    public string Name { get; } = name;

    public ChargeBook Charges { get; } = new(options.MaxObjectsPerAccount);

    public RequestLog Requests { get; } = new(options.MaxRequestsPerAccount);

    public FaultQueue Faults { get; } = new(options.MaxFaultsPerAccount);

    /// <summary>Null answers at once.</summary>
    public LatencyModel? Latency
    {
        get => _latency;
        set => _latency = value;
    }
}
