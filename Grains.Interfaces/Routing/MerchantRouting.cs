namespace OrleansPayments.Routing;

/// <summary>A merchant's configuration of routing, and since when it binds.</summary>
/// <param name="Version">The merchant's, with which it came; 0 when nobody configured anything. The higher one is the newer.</param>
/// <param name="ConfiguredAt">Null when nobody configured anything.</param>
[GenerateSerializer, Immutable, Alias("merchant_routing")]
public sealed record MerchantRouting(
    [property: Id(0)] RoutingConfiguration Configuration, [property: Id(1)] int Version, [property: Id(2)] DateTimeOffset? ConfiguredAt)
{
    /// <summary>Of a merchant for whom nobody configured anything.</summary>
    public static MerchantRouting Default { get; } = new(RoutingConfiguration.Default, 0, null);
}
