using System.Collections.Immutable;
using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Connectors;

/// <summary>A connector as the fold of its events.</summary>
internal sealed record ConnectorState(
    ConnectorName Name,
    string Provider,
    ConnectorSettings Settings,
    ImmutableArray<byte> SealedCredentials,
    string CreationKey,
    int Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public ConnectorView ToView() => new(Name, Provider, Settings, Version, CreatedAt, UpdatedAt);
}
