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

    /// <summary>The capture or cancellation whose outcome is not known yet; null when there is none. Beside an open attempt only the cancellation of one that the payer had to act on.</summary>
    public OpenOperation? OpenOperation { get; init; }

    public string? CancellationReason { get; init; }

    /// <summary>Where the merchant wants the payer's browser back.</summary>
    public string? ReturnUrl { get; init; }

    public string? PreferredConnector { get; init; }

    public string? CardFingerprint { get; init; }

    /// <summary>ISO 3166-1 alpha-2; null where the merchant told none.</summary>
    public string? BillingCountry { get; init; }

    /// <summary>The card was put into the vault when the payment was created.</summary>
    public bool CardKept { get; init; }

    /// <summary>When the time to confirm, or for the payer to act, is over; null while neither is awaited.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What the payer has to do; null unless the status is <see cref="PaymentStatus.RequiresAction"/>.</summary>
    public NextAction? NextAction { get; init; }

    /// <summary>The payer was once asked to act: a notice that says so again is old.</summary>
    public bool ActionAsked { get; init; }

    /// <summary>What only a person can find out; null when there is nothing.</summary>
    public OpenWorkItem? WorkItem { get; init; }

    /// <summary>A charge that the provider has although the payment ended without one; null when there is none.</summary>
    public SurfacedCharge? Surfaced { get; init; }

    /// <summary>The charge that surfaced and that a person saw given back: a notice of it that comes again is old. Null when there was none.</summary>
    public SurfacedCharge? GivenBack { get; init; }

    /// <summary>The attempts that took nothing and were passed on, in order; null when there are none. As many at most as there may be attempts.</summary>
    public ImmutableList<PassedAttempt>? Passed { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What the creating caller was first answered; null when it never was.</summary>
    [JsonIgnore]
    public PaymentView? FirstAnswer { get; init; }

    /// <summary>The requests for operations that came with an idempotency key, by that key's hash; bounded by <see cref="PaymentMachine.MaxOperations"/>.</summary>
    [JsonIgnore]
    public ImmutableSortedDictionary<string, OperationRequest> Requests { get; init; } = NoRequests;

    /// <summary>The card in the vault can still be needed: to confirm, or to send the open attempt again.</summary>
    [JsonIgnore]
    public bool NeedsCard => Status == PaymentStatus.Created || OpenAttempt is not null;

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
        RoutingDecisionId, Metadata, Version, CreatedAt, UpdatedAt, CaptureMethod, CancellationReason, NextAction,
        PaymentMachine.WorkItemOf(this), ReturnUrl, ExpiresAt, BillingCountry);
}

/// <summary>An attempt that was recorded and has no outcome.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="StartedAt">When it was recorded; what was sent was sent later.</param>
/// <param name="ReturnUrl">As it was sent.</param>
/// <param name="CredentialsVersion">As <see cref="AttemptStarted"/> recorded it.</param>
internal sealed record OpenAttempt(
    int Number,
    ConnectorName Connector,
    DateTimeOffset StartedAt,
    string? ReturnUrl = null,
    int? CredentialsVersion = null)
{
    // What a connector was created with; its first record is the creation.
    private const int OfCreation = 1;

    /// <summary>
    /// Whether a permit opens what the attempt was sent with. After an exchange of the credentials it may open another account: that nothing is found there says nothing
    /// of the attempt, and sent there it would be another charge.
    /// </summary>
    public bool IsOfCredentials(ConnectorPermit permit) => permit.CredentialsVersion is not { } version || version == (CredentialsVersion ?? OfCreation);
}

/// <summary>A capture or cancellation that was recorded and has no outcome.</summary>
/// <param name="Number">1 for the payment's first operation.</param>
/// <param name="Amount">To capture; null for a cancellation.</param>
/// <param name="IsFinal">What is left after a capture is released.</param>
/// <param name="Reason">Of a cancellation, in the merchant's words.</param>
/// <param name="IsExpiry">A cancellation that nobody asked for: the payer's time is over.</param>
internal sealed record OpenOperation(int Number, Money? Amount, bool IsFinal, string? Reason, DateTimeOffset StartedAt, bool IsExpiry = false)
{
    [JsonIgnore]
    public bool IsCapture => Amount is not null;
}

/// <summary>A request for an operation, remembered for its repetition.</summary>
/// <param name="Operation">The operation it started; 0 for a request that started none.</param>
/// <param name="Answer">Null while it was never answered.</param>
internal sealed record OperationRequest(string Fingerprint, int Operation, PaymentView? Answer);

/// <param name="Since">From when on nobody but a person works on it.</param>
internal sealed record OpenWorkItem(string Reason, DateTimeOffset Since);

/// <param name="AmountCaptured">Zero when the funds are only held.</param>
internal sealed record SurfacedCharge(string ConnectorReference, Money AmountCaptured);

/// <summary>An attempt that took nothing, after which the next one was started.</summary>
/// <param name="ConnectorReference">The provider's id of its charge, when it gave one.</param>
/// <param name="Surfaced">A charge that the provider has of it all the same, and that no person has seen to yet.</param>
/// <param name="SurfacedAt">Null without one.</param>
/// <param name="GivenBack">As of a payment: a notice of it that comes again is old.</param>
internal sealed record PassedAttempt(
    int Number,
    ConnectorName Connector,
    string? ConnectorReference,
    SurfacedCharge? Surfaced = null,
    DateTimeOffset? SurfacedAt = null,
    SurfacedCharge? GivenBack = null);
