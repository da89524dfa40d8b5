using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>
/// The directory of connectors and the choice among them. Only the names are its own record; the settings belong to the connectors, which are asked at
/// activation and tell of each change afterwards.
/// </summary>
[GrainType("routing")]
internal sealed class RoutingGrain(IJournal journal, IRoutingStrategy strategy, TimeProvider time)
    : JournaledGrain<RoutingState, RoutingEvent>(journal, RoutingJson.Default.RoutingEventArray), IRoutingGrain
{
    /// <summary>The most connectors that one installation may have.</summary>
    public const int MaxConnectors = 1_000;

    // Sorted by name, so that nothing that is derived from it depends on the order of arrival.
    private readonly SortedDictionary<string, ConnectorView> _connectors = new(StringComparer.Ordinal);

    // What connectors told of their health, and when, by the monotonic clock; of a connector that told nothing yet, nothing is held against it.
    private readonly Dictionary<string, (ConnectorHealthView View, long ToldAt)> _health = new(StringComparer.Ordinal);

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
        if (!_connectors.ContainsKey(name)) return Task.CompletedTask;
        if (_health.TryGetValue(name, out var known) && known.View.Sequence >= health.Sequence) return Task.CompletedTask;
        _health[name] = (health, time.GetTimestamp());
        return Task.CompletedTask;
    }

    public Task<RoutingDecision> Choose(RoutingRequest request)
    {
        var decisionId = "dec_" + request.PaymentId.Value[PaymentId.Prefix.Length..];
        var decision = new RoutingDecision(decisionId, strategy.Name, strategy.Order(request, _connectors.Values));
        foreach (var (name, health) in _health)
        {
            if (IsResting(health.View, health.ToldAt)) decision = decision.Without(name, Eligibility.CircuitOpen);
        }

        return Task.FromResult(decision);
    }

    public Task<ConnectorList> ListConnectors() => Task.FromResult(new ConnectorList([.. _connectors.Values]));

    protected override RoutingState Apply(RoutingState? state, RoutingEvent happened, int version, DateTimeOffset at) => happened switch
    {
        ConnectorRegistered e => new RoutingState((state ?? RoutingState.Empty).Connectors.Add(e.Connector)),
        _ => throw new InvalidDataException($"Routing does not know {happened.GetType().Name}."),
    };

    // By its own clock, so that a connector whose next word is lost is tried again all the same.
    private bool IsResting(ConnectorHealthView health, long toldAt) =>
        health.State == CircuitState.Open && time.GetElapsedTime(toldAt) < health.RestsFor;

    // An older view may arrive after a newer one: at activation, or from an activation of the connector that has since ended.
    private void Keep(ConnectorView view)
    {
        var name = view.Name.Value;
        if (_connectors.TryGetValue(name, out var kept) && kept.Version >= view.Version) return;
        _connectors[name] = view;
    }
}
