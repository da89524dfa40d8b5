using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Routing;

/// <summary>The preferred connector first, then by configured priority, then by name.</summary>
internal sealed class PriorityStrategy : IRoutingStrategy
{
    public string Name => "priority";

    public ImmutableArray<RoutingCandidate> Order(RoutingRequest request, IReadOnlyCollection<ConnectorView> connectors)
    {
        var judged = connectors.Select(connector => (Connector: connector, Reason: Eligibility.ReasonAgainst(connector, request))).ToList();
        var eligible = judged
            .Where(one => one.Reason is null)
            .OrderByDescending(one => one.Connector.Name.Value == request.PreferredConnector)
            .ThenBy(one => one.Connector.Settings.Priority)
            .ThenBy(one => one.Connector.Name.Value, StringComparer.Ordinal)
            .Select((one, index) => new RoutingCandidate(one.Connector.Name.Value, true, null, index + 1));
        var others = judged
            .Where(one => one.Reason is not null)
            .OrderBy(one => one.Connector.Name.Value, StringComparer.Ordinal)
            .Select(one => new RoutingCandidate(one.Connector.Name.Value, false, one.Reason, null));
        return [.. eligible, .. others];
    }
}
