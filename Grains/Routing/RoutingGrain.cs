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
internal sealed class RoutingGrain(IJournal journal, IGrainFactory grains, TimeProvider time)
    : JournaledGrain<RoutingState, RoutingEvent>(journal, RoutingJson.Default.RoutingEventArray), IRoutingGrain
{
    /// <summary>The most connectors that one installation may have.</summary>
    public const int MaxConnectors = 1_000;

    /// <summary>The most merchants whose configuration is kept in memory; others are asked again.</summary>
    public const int MaxPlans = 10_000;

    private readonly ConnectorDirectory _connectors = new(time);
    private readonly RoutingPlans _plans = new(MaxPlans);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        var names = State?.Connectors ?? [];
        foreach (var view in await Task.WhenAll(names.Select(name => grains.Connector(name).Get())))
        {
            // A name without a connector was left by a creation that never finished.
            if (view is not null) _connectors.Keep(view);
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
        _connectors.Keep(connector);
        return Task.CompletedTask;
    }

    public Task ReportHealth(ConnectorHealthView health)
    {
        _connectors.Report(health);
        return Task.CompletedTask;
    }

    public Task Configure(MerchantId merchant, MerchantRouting routing)
    {
        _plans.Tell(merchant, routing);
        return Task.CompletedTask;
    }

    public Task<RoutingDecision> Choose(RoutingRequest request) =>
        _plans.Find(request.MerchantId) is { } plan ? Task.FromResult(Choose(request, plan)) : AskAndChoose(request);

    public Task<ConnectorList> ListConnectors() => Task.FromResult(new ConnectorList(ViewsOf(_connectors.Connectors)));

    protected override RoutingState Apply(RoutingState? state, RoutingEvent happened, int version, DateTimeOffset at) => happened switch
    {
        ConnectorRegistered e => new RoutingState((state ?? RoutingState.Empty).Connectors.Add(e.Connector)),
        _ => throw new InvalidDataException($"Routing does not know {happened.GetType().Name}."),
    };

    private RoutingDecision Choose(RoutingRequest request, RoutingPlan plan)
    {
        var complete = request with { Country = request.Country ?? plan.Country, At = time.GetUtcNow() };
        return RoutingChoice.Choose(string.Concat("dec_", request.PaymentId.Value.AsSpan(PaymentId.Prefix.Length)), complete, plan, _connectors.Connectors);
    }

    private async Task<RoutingDecision> AskAndChoose(RoutingRequest request)
    {
        var asked = _plans.Ask();
        var routing = await grains.Merchant(request.MerchantId).GetRouting();
        return Choose(request, _plans.Answer(asked, request.MerchantId, routing));
    }

    private static ImmutableArray<ConnectorView> ViewsOf(ReadOnlySpan<RoutableConnector> connectors)
    {
        var views = ImmutableArray.CreateBuilder<ConnectorView>(connectors.Length);
        foreach (var connector in connectors) views.Add(connector.View);
        return views.MoveToImmutable();
    }
}
