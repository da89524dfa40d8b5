using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>
/// The directory of connectors and the choice among them. Only the names are its own record; the settings belong to the connectors, which are asked at
/// activation and tell of each change afterwards. How a merchant's payments are routed belongs to the merchant, which is asked at its first payment and tells
/// of each change afterwards.
/// </summary>
[GrainType("routing")]
internal sealed class RoutingGrain(IJournal journal, TimeProvider time)
    : JournaledGrain<RoutingState, RoutingEvent>(journal, RoutingJson.Default.RoutingEventArray), IRoutingGrain
{
    /// <summary>The most connectors that one installation may have.</summary>
    public const int MaxConnectors = 1_000;

    /// <summary>The most merchants whose configuration is kept in memory; others are asked again.</summary>
    public const int MaxPlans = 10_000;

    // Sorted by name, so that nothing that is derived from it depends on the order of arrival.
    private readonly SortedDictionary<string, RoutableConnector> _connectors = new(StringComparer.Ordinal);

    // The same, as decisions go through them.
    private RoutableConnector[] _candidates = [];

    private readonly RoutingPlans _plans = new(MaxPlans);
    private long _told;

    // What connectors told of their health, and when, by the monotonic clock; of a connector that told nothing yet, nothing is held against it.
    private readonly Dictionary<string, (ConnectorHealthView View, long ToldAt)> _health = new(StringComparer.Ordinal);

    // Those that are not to be sent anything, to be looked at again when their time is over.
    private readonly HashSet<string> _resting = new(StringComparer.Ordinal);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        var names = State?.Connectors ?? [];
        foreach (var view in await Task.WhenAll(names.Select(name => GrainFactory.Connector(name).Get())))
        {
            // A name without a connector was left by a creation that never finished.
            if (view is not null) Keep(view);
        }
    }

    public async Task<Outcome<ConnectorName>> Register(ConnectorName connector)
    {
        var known = (State ?? RoutingState.Empty).Connectors;
        if (known.Contains(connector)) return connector;
        if (known.Length >= MaxConnectors) return new Refusal(RefusalCode.TooManyConnectors, $"There may be {MaxConnectors} connectors at most.");

        await Record(new ConnectorRegistered(connector));
        return connector;
    }

    public Task Refresh(ConnectorView connector)
    {
        Keep(connector);
        return Task.CompletedTask;
    }

    public Task ReportHealth(ConnectorHealthView health)
    {
        var name = health.Connector.Value;
        if (!_connectors.TryGetValue(name, out var connector)) return Task.CompletedTask;
        if (_health.TryGetValue(name, out var known) && known.View.Sequence >= health.Sequence) return Task.CompletedTask;
        _health[name] = (health, time.GetTimestamp());
        Put(connector.View);
        return Task.CompletedTask;
    }

    public Task Configure(MerchantId merchant, MerchantRouting routing)
    {
        _told++;
        _plans.Keep(merchant, routing);
        return Task.CompletedTask;
    }

    public Task<RoutingDecision> Choose(RoutingRequest request) =>
        _plans.Find(request.MerchantId) is { } plan ? Task.FromResult(Choose(request, plan)) : AskAndChoose(request);

    public Task<ConnectorList> ListConnectors() => Task.FromResult(new ConnectorList([.. _candidates.Select(connector => connector.View)]));

    protected override RoutingState Apply(RoutingState? state, RoutingEvent happened, int version, DateTimeOffset at) => happened switch
    {
        ConnectorRegistered e => new RoutingState((state ?? RoutingState.Empty).Connectors.Add(e.Connector)),
        _ => throw new InvalidDataException($"Routing does not know {happened.GetType().Name}."),
    };

    // By its own clock, so that a connector whose next word is lost is tried again all the same.
    private bool IsResting(string name) =>
        _health.TryGetValue(name, out var health) && health.View.State == CircuitState.Open && time.GetElapsedTime(health.ToldAt) < health.View.RestsFor;

    private RoutingDecision Choose(RoutingRequest request, RoutingPlan plan)
    {
        if (_resting.Count > 0) WakeRested();
        var complete = request with { Country = request.Country ?? plan.Country, At = time.GetUtcNow() };
        return RoutingChoice.Choose("dec_" + request.PaymentId.Value[PaymentId.Prefix.Length..], complete, plan, _candidates);
    }

    private void WakeRested()
    {
        foreach (var name in _resting.Where(name => !IsResting(name)).ToArray()) Put(_connectors[name].View);
    }

    // A few calls say nothing: until there are as many as the circuit asks for, a connector counts as an ordinary one.
    private RoutingSignals SignalsOf(ConnectorView connector)
    {
        var available = !IsResting(connector.Name.Value);
        if (!_health.TryGetValue(connector.Name.Value, out var health) || health.View.Calls < connector.Settings.Health.MinCalls)
            return RoutingSignals.Unknown with { Available = available };

        var approved = (health.View.SuccessRate ?? 1) * (health.View.AuthorizationRate ?? RoutingSignals.Unknown.SuccessRate);
        return new RoutingSignals(approved, health.View.Latency?.Average ?? RoutingSignals.Unknown.LatencyMs, available);
    }

    private async Task<RoutingDecision> AskAndChoose(RoutingRequest request)
    {
        var told = _told;
        var routing = await GrainFactory.Merchant(request.MerchantId).GetRouting();

        // What was told meanwhile is newer than the answer. It may even be gone from memory again, so the answer is then not kept.
        if (routing is not null && told == _told) _plans.Keep(request.MerchantId, routing);
        return Choose(request, _plans.Find(request.MerchantId) ?? RoutingPlan.Of(routing ?? MerchantRouting.Default));
    }

    // An older view may arrive after a newer one: at activation, or from an activation of the connector that has since ended.
    private void Keep(ConnectorView view)
    {
        var name = view.Name.Value;
        if (_connectors.TryGetValue(name, out var kept) && kept.View.Version >= view.Version) return;
        Put(view);
    }

    private void Put(ConnectorView view)
    {
        var name = view.Name.Value;
        var connector = new RoutableConnector(view, SignalsOf(view));
        _connectors[name] = connector;
        if (connector.Signals.Available) _resting.Remove(name);
        else _resting.Add(name);
        _candidates = [.. _connectors.Values];
    }
}
