using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansPayments.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Payments;

/// <summary>A payment as the fold of its events.</summary>
internal sealed record PaymentState
{
    public required PaymentId Id { get; init; }

    public required MerchantId MerchantId { get; init; }

    public required PaymentStatus Status { get; init; }

    public required Money Amount { get; init; }

    public required Money AmountCaptured { get; init; }

    public CaptureMethod CaptureMethod { get; init; }

    public required CardSummary Card { get; init; }

    public string? MerchantOrderId { get; init; }

    public string? Description { get; init; }

    public string? CustomerId { get; init; }

    public required ImmutableSortedDictionary<string, string> Metadata { get; init; }

    public required string RequestFingerprint { get; init; }

    /// <summary>How many attempts were started.</summary>
    public int Attempts { get; init; }

    /// <summary>The connector of the last attempt.</summary>
    public ConnectorName? Connector { get; init; }

    public string? ConnectorReference { get; init; }

    public string? RoutingDecisionId { get; init; }

    public PaymentError? LastError { get; init; }

    /// <summary>The attempt whose outcome is not known yet; null when there is none.</summary>
    public OpenAttempt? OpenAttempt { get; init; }

    /// <summary>How many captures and cancellations were started.</summary>
    public int Operations { get; init; }

    /// <summary>The capture or cancellation whose outcome is not known yet; null when there is none. Never beside an open attempt.</summary>
    public OpenOperation? OpenOperation { get; init; }

    public string? CancellationReason { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What the creating caller was first answered; null when it never was.</summary>
    [JsonIgnore]
    public PaymentView? FirstAnswer { get; init; }

    /// <summary>The requests for operations that came with an idempotency key, by that key's hash; bounded by <see cref="PaymentMachine.MaxOperations"/>.</summary>
    [JsonIgnore]
    public ImmutableSortedDictionary<string, OperationRequest> Requests { get; init; } = NoRequests;

    /// <summary>What may still be captured now.</summary>
    [JsonIgnore]
    public Money Capturable => Status switch
    {
        PaymentStatus.Authorized => Amount,
        PaymentStatus.PartiallyCaptured when CaptureMethod == CaptureMethod.ManualMultiple => Amount - AmountCaptured,
        _ => Money.Zero(Amount.Currency),
    };

    private static ImmutableSortedDictionary<string, OperationRequest> NoRequests { get; } =
        ImmutableSortedDictionary.Create<string, OperationRequest>(StringComparer.Ordinal);

    public PaymentView ToView() => new(
        Id, MerchantId, Status, Amount, AmountCaptured, Card, MerchantOrderId, Description, CustomerId, Connector?.Value, ConnectorReference, LastError,
        RoutingDecisionId, Metadata, Version, CreatedAt, UpdatedAt, CaptureMethod, CancellationReason, NextAction: null, WorkItem: null);
}

/// <summary>An attempt that was recorded and has no outcome.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="StartedAt">When it was recorded; what was sent was sent later.</param>
internal sealed record OpenAttempt(int Number, ConnectorName Connector, DateTimeOffset StartedAt);

/// <summary>A capture or cancellation that was recorded and has no outcome.</summary>
/// <param name="Number">1 for the payment's first operation.</param>
/// <param name="Amount">To capture; null for a cancellation.</param>
/// <param name="IsFinal">What is left after a capture is released.</param>
/// <param name="Reason">Of a cancellation, in the merchant's words.</param>
internal sealed record OpenOperation(int Number, Money? Amount, bool IsFinal, string? Reason, DateTimeOffset StartedAt)
{
    [JsonIgnore]
    public bool IsCapture => Amount is not null;
}

/// <summary>A request for an operation, remembered for its repetition.</summary>
/// <param name="Operation">The operation it started.</param>
/// <param name="Answer">Null while it was never answered.</param>
internal sealed record OperationRequest(string Fingerprint, int Operation, PaymentView? Answer);
