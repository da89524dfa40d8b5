using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansPayments.Connectors;

namespace OrleansPayments.Routing;

/// <summary>
/// Knows every connector and decides in memory. Its key is <see cref="Key"/>. Connectors tell it of every change before they answer, so a payment that
/// starts after the answer is routed by the new configuration. So do merchants; what they told is forgotten with the activation, and asked for when it is
/// next needed.
/// </summary>
[Alias("routing")]
public interface IRoutingGrain : IGrainWithStringKey
{
    /// <summary>The key of the only instance.</summary>
    const string Key = "routing";

    /// <summary>Called by a connector before it first exists, so that the directory never misses one. Harmless when repeated.</summary>
    [Alias("register")]
    Task<Outcome<ConnectorName>> Register(ConnectorName connector);

    /// <summary>Called by a connector after each durable change of its settings.</summary>
    [AlwaysInterleave, Alias("refresh")]
    Task Refresh(ConnectorView connector);

    /// <summary>
    /// Called by a connector when its circuit changes, and at most ten times a second when its numbers do. An older view than the one that is known is ignored.
    /// </summary>
    [AlwaysInterleave, OneWay, Alias("report_health")]
    Task ReportHealth(ConnectorHealthView health);

    /// <summary>Called by a merchant after each durable change of how its payments are routed. Harmless when repeated or late.</summary>
    [AlwaysInterleave, Alias("configure")]
    Task Configure(MerchantId merchant, MerchantRouting routing);

    /// <summary>Orders the connectors for one payment; sends nothing and changes nothing.</summary>
    [AlwaysInterleave, Alias("choose")]
    Task<RoutingDecision> Choose(RoutingRequest request);

    /// <summary>Every connector, by name.</summary>
    [AlwaysInterleave, Alias("list_connectors")]
    Task<ConnectorList> ListConnectors();
}

/// <summary>Connectors by name.</summary>
[GenerateSerializer, Immutable, Alias("connector_list")]
public sealed record ConnectorList([property: Id(0)] ImmutableArray<ConnectorView> Connectors);
