using System.Collections.Immutable;

namespace OrleansPayments.Connectors;

/// <summary>What a provider wants to know of its client, in clear. Not a record, because a record's generated <c>ToString</c> would print the secrets.</summary>
[GenerateSerializer, Immutable, Alias("connector_credentials")]
public sealed class ConnectorCredentials(ImmutableSortedDictionary<string, string> values)
{
    /// <summary>Name to value, as the provider names them: <c>secret_key</c>, <c>webhook_secret</c>, <c>base_url</c>, …</summary>
    [Id(0)]
    public ImmutableSortedDictionary<string, string> Values { get; } = values;

    public override string ToString() => $"{Values.Count} credentials";
}
