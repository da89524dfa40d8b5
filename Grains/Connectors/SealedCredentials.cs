using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Shared.Security;

namespace OrleansPayments.Grains.Connectors;

/// <summary>A connector's credentials as they rest in the journal: a JSON object, encrypted and bound to the connector's name.</summary>
internal static class SealedCredentials
{
    public static ImmutableArray<byte> Seal(ISecretSealer sealer, ConnectorName connector, ConnectorCredentials credentials)
    {
        var clear = JsonSerializer.SerializeToUtf8Bytes(credentials.Values, ConnectorJson.Default.ImmutableSortedDictionaryStringString);
        try
        {
            return sealer.Seal(clear, ContextOf(connector));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    public static ConnectorCredentials Open(ISecretSealer sealer, ConnectorPermit permit)
    {
        var clear = sealer.Open(permit.SealedCredentials, ContextOf(permit.Connector));
        try
        {
            var values = JsonSerializer.Deserialize(clear, ConnectorJson.Default.ImmutableSortedDictionaryStringString)
                ?? throw new InvalidDataException($"The credentials of {permit.Connector} are empty.");
            return new ConnectorCredentials(values);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    private static string ContextOf(ConnectorName connector) => "connector/" + connector.Value;
}
