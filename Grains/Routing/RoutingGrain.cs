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
internal sealed class RoutingGrain(IJournal journal)
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

    private RoutingDecision Choose(RoutingRequest request, RoutingPlan plan) =>
        RoutingChoice.Choose("dec_" + request.PaymentId.Value[PaymentId.Prefix.Length..], request, plan, _candidates);

    private async Task<RoutingDecision> AskAndChoose(RoutingRequest request)
    {
        var told = _told;
        var routing = await GrainFactory.Merchant(request.MerchantId).GetRouting();

        // What was told meanwhile is newer than the answer. It may even be gone from memory again, so the answer is then not kept.
        if (routing is not null && told == _told) _plans.Keep(request.MerchantId, routing);
        return Choose(request, _plans.Find(request.MerchantId) ?? RoutingPlan.Of((routing ?? MerchantRouting.Default).Configuration));
    }

    // An older view may arrive after a newer one: at activation, or from an activation of the connector that has since ended.
    private void Keep(ConnectorView view)
    {
        var name = view.Name.Value;
        if (_connectors.TryGetValue(name, out var kept) && kept.View.Version >= view.Version) return;
        _connectors[name] = new RoutableConnector(view, RoutingSignals.Unknown);
        _candidates = [.. _connectors.Values];
    }
}
