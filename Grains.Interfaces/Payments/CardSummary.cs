namespace OrleansPayments.Payments;

/// <summary>What may be kept and shown of a card.</summary>
/// <param name="Brand">The network, lower case: <c>visa</c>, <c>mastercard</c>, … or <c>unknown</c>.</param>
/// <param name="Bin">The first six digits.</param>
/// <param name="Last4">The last four digits.</param>
[GenerateSerializer, Immutable, Alias("card_summary")]
public sealed record CardSummary(
    [property: Id(0)] string Brand,
    [property: Id(1)] string Bin,
    [property: Id(2)] string Last4,
    [property: Id(3)] int ExpiryMonth,
    [property: Id(4)] int ExpiryYear);
