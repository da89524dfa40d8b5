namespace OrleansPayments.Merchants;

/// <param name="Name">1 to 200 characters.</param>
/// <param name="Country">ISO 3166-1 alpha-2, upper case.</param>
/// <param name="RequestFingerprint">A keyed hash of the canonical request.</param>
[GenerateSerializer, Immutable, Alias("create_merchant")]
public sealed record CreateMerchant(
    [property: Id(0)] string Name,
    [property: Id(1)] string Country,
    [property: Id(2)] Currency DefaultCurrency,
    [property: Id(3)] string RequestFingerprint);
