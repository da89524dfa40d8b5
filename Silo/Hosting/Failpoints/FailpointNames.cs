using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Grains.Shared.Failpoints;

namespace OrleansPayments.Silo.Hosting.Failpoints;

/// <summary>How the control endpoints spell the points.</summary>
internal static class FailpointNames
{
    public static ImmutableArray<string> All { get; } = [.. Enum.GetValues<Failpoint>().Select(Of)];

    public static string Of(Failpoint point) => JsonNamingPolicy.SnakeCaseLower.ConvertName(point.ToString());

    /// <summary>Null when there is none of this name.</summary>
    public static Failpoint? Find(string name) => All.IndexOf(name) is >= 0 and var index ? (Failpoint)index : null;
}
