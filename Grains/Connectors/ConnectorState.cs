using System.Collections.Immutable;
using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Connectors;

/// <summary>A connector as the fold of its events.</summary>
/// <param name="CreatedAs">The settings that it was created with, which a repetition of the creation is answered with.</param>
/// <param name="CredentialsVersion">The version that the present credentials came with.</param>
internal sealed record ConnectorState(
    ConnectorName Name,
    string Provider,
    ConnectorSettings Settings,
    ImmutableArray<byte> SealedCredentials,
    string CreationKey,
    int Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    ConnectorSettings CreatedAs,
    int CredentialsVersion)
{
    public ConnectorView ToView() => new(Name, Provider, Settings, Version, CreatedAt, UpdatedAt);

    /// <summary>As it was first answered, whatever was changed since.</summary>
    public ConnectorView ToCreatedView() => new(Name, Provider, CreatedAs, 1, CreatedAt, CreatedAt);
}
