namespace OrleansPayments;

/// <summary>Why an operation was refused.</summary>
/// <param name="Detail">A sentence for the caller; carries no secret and no card data.</param>
/// <param name="Param">JSON pointer to the field at fault (<c>/currency</c>), where it is one field.</param>
[GenerateSerializer, Immutable, Alias("refusal")]
public sealed record Refusal([property: Id(0)] RefusalCode Code, [property: Id(1)] string Detail, [property: Id(2)] string? Param = null);
