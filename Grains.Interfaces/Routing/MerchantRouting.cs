namespace OrleansPayments.Routing;

/// <summary>A merchant's configuration of routing, and since when it binds.</summary>
/// <param name="Version">The merchant's, with which it came; 0 when nobody changed anything. The higher one is the newer.</param>
/// <param name="ConfiguredAt">Null when nobody configured anything.</param>
/// <param name="Country">The merchant's, which counts for payments that tell none: ISO 3166-1 alpha-2; null when it is not known.</param>
[GenerateSerializer, Immutable, Alias("merchant_routing")]
public sealed record MerchantRouting(
    [property: Id(0)] RoutingConfiguration Configuration, [property: Id(1)] int Version, [property: Id(2)] DateTimeOffset? ConfiguredAt,
    [property: Id(3)] string? Country = null)
{
    /// <summary>Of a merchant for whom nobody configured anything.</summary>
    public static MerchantRouting Default { get; } = new(RoutingConfiguration.Default, 0, null);
}
