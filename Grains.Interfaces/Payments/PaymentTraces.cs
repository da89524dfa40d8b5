using System.Collections.Immutable;

namespace OrleansPayments.Payments;

/// <summary>What happened to a payment, oldest first.</summary>
[GenerateSerializer, Immutable, Alias("payment_traces")]
public sealed record PaymentTraces([property: Id(0)] ImmutableArray<PaymentTrace> Traces);

/// <summary>One thing that happened to a payment. Carries no card number, security code or secret.</summary>
/// <param name="Sequence">1 for the first; consecutive.</param>
/// <param name="Event">As it is recorded: <c>attempt.started</c>, …</param>
/// <param name="Status">Of the payment afterwards.</param>
/// <param name="Attempt">The attempt that it belongs to: 1 for the payment's first; null when to none.</param>
/// <param name="Connector">The connector that it concerns; null when none.</param>
/// <param name="DurationMs">How long the connector took to answer; null when it was not asked, or did not answer.</param>
/// <param name="ErrorCode">As in <see cref="PaymentError.Code"/>; null when nothing went wrong.</param>
/// <param name="Request">What was sent, member by member, masked; null when nothing was.</param>
/// <param name="Response">What came back, member by member, masked; null when nothing did.</param>
[GenerateSerializer, Immutable, Alias("payment_trace")]
public sealed record PaymentTrace(
    [property: Id(0)] int Sequence,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] string Event,
    [property: Id(3)] PaymentStatus Status,
    [property: Id(4)] int? Attempt,
    [property: Id(5)] string? Connector,
    [property: Id(6)] long? DurationMs,
    [property: Id(7)] string? ErrorCode,
    [property: Id(8)] string? ErrorMessage,
    [property: Id(9)] ImmutableSortedDictionary<string, string>? Request,
    [property: Id(10)] ImmutableSortedDictionary<string, string>? Response);
