using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Connectors;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Connectors;

/// <summary>
/// Reads the body of <c>PATCH /connectors/{name}</c>. Objects are merged member by member, as in JSON Merge Patch (RFC 7396); lists and the credentials take the place of
/// the old ones. As everywhere in this API null says the same as leaving out, so nothing is removed by it.
/// </summary>
internal static class ConnectorPatch
{
    public static ImmutableArray<string> Fields { get; } = [.. ConnectorMembers.Fields, "version"];

    private static readonly ImmutableArray<string> Unchangeable = ["name", "provider", "merchant_id"];

    private static readonly ImmutableArray<string> Known = [.. Fields, .. Unchangeable];

    /// <summary>Not to be used after a fault.</summary>
    public static UpdateConnector Read(JsonElement body, Faults faults)
    {
        var fields = JsonFields.Read(body, "", faults, Known);
        foreach (var name in Unchangeable)
        {
            // Also null, by which somebody may mean to take a connector from its merchant.
            if (fields.Value(name).ValueKind != JsonValueKind.Undefined)
                faults.Add(ProblemCatalogue.InvalidValue, "The field cannot be changed. Create another connector and drain this one.", fields.PointerOf(name));
        }

        return ConnectorMembers.Read(fields, faults) with { IfVersion = (int?)fields.OptionalInteger("version", 1, int.MaxValue) };
    }
}
