namespace OrleansPayments.Merchants;

/// <summary>What is to be changed of a merchant; null leaves a member as it is.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Country">ISO 3166-1 alpha-2, upper case.</param>
[GenerateSerializer, Immutable, Alias("update_merchant")]
public sealed record UpdateMerchant(
    [property: Id(0)] string? Name, [property: Id(1)] string? Country, [property: Id(2)] Currency? DefaultCurrency);
