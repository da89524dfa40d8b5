using OrleansPayments.PspSimulator.World.Callbacks;

namespace OrleansPayments.PspSimulator.World;

/// <summary>One account: a world of its own, which all providers of that account name share for control and record.</summary>
internal sealed class Account(string name, SimulatorOptions options, CallbackSender sender, RandomSource random)
{
    private volatile LatencyModel? _latency;
    private volatile Func<string?, int>[] _expirers = [];

    public string Name { get; } = name;

    public ChargeBook Charges { get; } = new(options.MaxObjectsPerAccount);

    public RequestLog Requests { get; } = new(options.MaxRequestsPerAccount);

    public FaultQueue Faults { get; } = new(options.MaxFaultsPerAccount);

    public CallbackOutbox Callbacks { get; } = new(options, sender, random);

    /// <summary>Null answers at once.</summary>
    public LatencyModel? Latency
    {
        get => _latency;
        set => _latency = value;
    }

    /// <summary>Adds a provider's way to end authorizations: it takes an id or null for all, and returns how many it ended.</summary>
    public void AddExpirer(Func<string?, int> expire) => _expirers = [.. _expirers, expire];

    /// <summary>Ends authorizations as if their time were over, and returns how many those were.</summary>
    /// <param name="id">The id that the provider gave; null ends all.</param>
    public int Expire(string? id) => _expirers.Sum(expire => expire(id));
}
