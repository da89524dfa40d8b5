using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>What came of each payment of a batch, in the order of the request.</summary>
internal sealed record PaymentBatchBody(ImmutableArray<PaymentBatchResultBody> Data);

/// <param name="Status">What the payment alone would have been answered with.</param>
/// <param name="Payment">Null when it was refused.</param>
/// <param name="Replayed">Whether an earlier batch with the same idempotency key made the payment; null when it was refused.</param>
/// <param name="Error">Null unless it was refused.</param>
internal sealed record PaymentBatchResultBody(
    int Index,
    int Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PaymentBody? Payment,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Replayed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ProblemBody? Error);
