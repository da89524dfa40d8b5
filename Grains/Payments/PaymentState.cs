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

    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What the creating caller was first answered; null when it never was.</summary>
    [JsonIgnore]
    public PaymentView? FirstAnswer { get; init; }

    public PaymentView ToView() => new(
        Id, MerchantId, Status, Amount, AmountCaptured, Card, MerchantOrderId, Description, CustomerId, Connector?.Value, ConnectorReference, LastError,
        RoutingDecisionId, Metadata, Version, CreatedAt, UpdatedAt);
}

/// <summary>An attempt that was recorded and has no outcome.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="StartedAt">When it was recorded; what was sent was sent later.</param>
internal sealed record OpenAttempt(int Number, ConnectorName Connector, DateTimeOffset StartedAt);
