using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Payments;

/// <summary>
/// What can happen to a payment. The names and members are the stored form: they are pinned by a test and change only by adding.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(PaymentCreated), "payment.created")]
[JsonDerivedType(typeof(RouteChosen), "payment.route_chosen")]
[JsonDerivedType(typeof(AttemptStarted), "attempt.started")]
[JsonDerivedType(typeof(AttemptApproved), "attempt.approved")]
[JsonDerivedType(typeof(AttemptDeclined), "attempt.declined")]
[JsonDerivedType(typeof(AttemptFailed), "attempt.failed")]
[JsonDerivedType(typeof(AttemptOutcomeUnknown), "attempt.outcome_unknown")]
[JsonDerivedType(typeof(RoutesExhausted), "payment.routes_exhausted")]
[JsonDerivedType(typeof(CallerAnswered), "payment.caller_answered")]
[JsonDerivedType(typeof(AttemptAuthorized), "attempt.authorized")]
[JsonDerivedType(typeof(AttemptPassedOn), "attempt.passed_on")]
[JsonDerivedType(typeof(PassedChargeSurfaced), "passed_charge.surfaced")]
[JsonDerivedType(typeof(PassedChargeResolved), "passed_charge.resolved")]
[JsonDerivedType(typeof(CaptureStarted), "capture.started")]
[JsonDerivedType(typeof(CaptureSucceeded), "capture.succeeded")]
[JsonDerivedType(typeof(CancelStarted), "cancel.started")]
[JsonDerivedType(typeof(CancelSucceeded), "cancel.succeeded")]
[JsonDerivedType(typeof(OperationRefused), "operation.refused")]
[JsonDerivedType(typeof(OperationOutcomeUnknown), "operation.outcome_unknown")]
[JsonDerivedType(typeof(OperationAnswered), "operation.answered")]
[JsonDerivedType(typeof(PaymentConfirmed), "payment.confirmed")]
[JsonDerivedType(typeof(PaymentCancelled), "payment.cancelled")]
[JsonDerivedType(typeof(PaymentExpired), "payment.expired")]
[JsonDerivedType(typeof(AttemptActionRequired), "attempt.action_required")]
[JsonDerivedType(typeof(ChargeNoticed), "charge.noticed")]
[JsonDerivedType(typeof(ChargeReleased), "charge.released")]
[JsonDerivedType(typeof(ChargeCaptured), "charge.captured")]
[JsonDerivedType(typeof(ChargeSurfaced), "charge.surfaced")]
[JsonDerivedType(typeof(WorkItemOpened), "work_item.opened")]
[JsonDerivedType(typeof(WorkItemResolved), "work_item.resolved")]
internal abstract record PaymentEvent
{
    /// <summary>The call to the provider that this came out of, masked; null when it came out of none.</summary>
    public ProviderExchange? Exchange { get; init; }
}

/// <param name="BillingCountry">ISO 3166-1 alpha-2; null where the merchant told none.</param>
/// <param name="ConfirmBefore">When a payment that nobody confirmed expires; null for one that was sent at once.</param>
internal sealed record PaymentCreated(
    MerchantId MerchantId,
    Money Amount,
    CardSummary Card,
    string? MerchantOrderId,
    string? Description,
    string? CustomerId,
    string? PreferredConnector,
    string? ReturnUrl,
    ImmutableSortedDictionary<string, string> Metadata,
    string? DeviceIp,
    string RequestFingerprint,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] CaptureMethod CaptureMethod = CaptureMethod.Automatic,
    DateTimeOffset? ConfirmBefore = null,
    string? CardFingerprint = null,
    string? BillingCountry = null) : PaymentEvent;

/// <summary>The whole decision is kept, so that it can be explained later.</summary>
internal sealed record RouteChosen(RoutingDecision Decision) : PaymentEvent;

/// <summary>Durable before anything is sent: a crash leaves a trace to resolve, never a silent charge.</summary>
/// <param name="ReturnUrl">Sent with it, so that a repetition sends the same; null when the payer could not follow a redirect.</param>
/// <param name="CredentialsVersion">The connector's version that the credentials it is sent with came with; null, as in attempts of earlier times, counts as its creation's.</param>
internal sealed record AttemptStarted(
    int Attempt,
    ConnectorName Connector,
    string? ReturnUrl = null,
    int? CredentialsVersion = null) : PaymentEvent;

internal sealed record AttemptApproved(int Attempt, string? ConnectorReference, Money AmountCaptured) : PaymentEvent;

internal sealed record AttemptDeclined(int Attempt, PaymentError Error, string? ConnectorReference) : PaymentEvent;

internal sealed record AttemptFailed(int Attempt, PaymentError Error) : PaymentEvent;

/// <summary>Nobody knows what became of the attempt; it is asked after until somebody does.</summary>
/// <param name="ConnectorReference">The provider's id of the charge, when it gave one.</param>
internal sealed record AttemptOutcomeUnknown(int Attempt, string Reason, string? ConnectorReference) : PaymentEvent;

internal sealed record RoutesExhausted(PaymentError Error) : PaymentEvent;

/// <summary>The creating caller is answered with this version; a repetition of its request gets the same version again.</summary>
internal sealed record CallerAnswered : PaymentEvent;

/// <summary>The funds are held and wait for a capture.</summary>
internal sealed record AttemptAuthorized(int Attempt, string ConnectorReference, Money AmountAuthorized) : PaymentEvent;

/// <summary>Durable before it is sent, as an attempt is.</summary>
/// <param name="Operation">1 for the payment's first operation, whatever its kind.</param>
/// <param name="IsFinal">What is left after it is released.</param>
internal sealed record CaptureStarted(int Operation, Money Amount, bool IsFinal, RequestIdentity? Request) : PaymentEvent;

/// <param name="AmountCaptured">In all, this capture included.</param>
internal sealed record CaptureSucceeded(int Operation, Money AmountCaptured) : PaymentEvent;

/// <param name="IsExpiry">Nobody asked for it: the payer's time is over.</param>
internal sealed record CancelStarted(
    int Operation,
    string? Reason,
    RequestIdentity? Request,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsExpiry = false) : PaymentEvent;

internal sealed record CancelSucceeded(int Operation) : PaymentEvent;

/// <summary>It was not done, and never will be.</summary>
internal sealed record OperationRefused(int Operation, PaymentError Error) : PaymentEvent;

/// <summary>Nobody knows whether it is done; it is sent again under the same reference until somebody does.</summary>
internal sealed record OperationOutcomeUnknown(int Operation, string Reason) : PaymentEvent;

/// <summary>The caller of an operation is answered with this version; a repetition of its request gets the same version again.</summary>
/// <param name="Key">The request's, as in <see cref="RequestIdentity.Key"/>.</param>
internal sealed record OperationAnswered(string Key) : PaymentEvent;

/// <summary>A payment that was only created is to be sent.</summary>
/// <param name="Card">Takes the place of the one that it was created with; null when that one stays.</param>
internal sealed record PaymentConfirmed(CardSummary? Card, string? CardFingerprint, RequestIdentity? Request) : PaymentEvent;

/// <summary>Given up before anything was sent.</summary>
internal sealed record PaymentCancelled(string? Reason, RequestIdentity? Request) : PaymentEvent;

/// <summary>Nobody confirmed it in time.</summary>
internal sealed record PaymentExpired : PaymentEvent;

/// <summary>The payer must act; until <paramref name="ExpiresAt"/> there is time for it.</summary>
internal sealed record AttemptActionRequired(int Attempt, string ConnectorReference, NextAction Action, DateTimeOffset ExpiresAt) : PaymentEvent;

/// <summary>The provider told by itself what comes next in this version.</summary>
internal sealed record ChargeNoticed(string EventId, string EventType) : PaymentEvent;

/// <summary>Funds that were held were released at the provider, and not by an operation of ours.</summary>
internal sealed record ChargeReleased : PaymentEvent;

/// <summary>Funds that were held were taken at the provider, and not by an operation of ours.</summary>
/// <param name="AmountCaptured">In all.</param>
internal sealed record ChargeCaptured(Money AmountCaptured) : PaymentEvent;

/// <summary>The provider has a charge of a payment that ended without one.</summary>
/// <param name="AmountCaptured">Zero when the funds are only held.</param>
internal sealed record ChargeSurfaced(string ConnectorReference, Money AmountCaptured) : PaymentEvent;

/// <summary>
/// The attempt took nothing, and the payment does not end with it: the same version starts the next attempt, at another connector.
/// </summary>
/// <param name="Reason"><c>not_sent</c>, <c>rejected</c> or <c>declined</c>.</param>
/// <param name="ConnectorReference">The provider's id of the charge, when it gave one.</param>
internal sealed record AttemptPassedOn(int Attempt, string Reason, PaymentError Error, string? ConnectorReference) : PaymentEvent;

/// <summary>The provider has a charge of an attempt that was passed on.</summary>
/// <param name="AmountCaptured">In all; zero when the funds are only held.</param>
internal sealed record PassedChargeSurfaced(int Attempt, string ConnectorReference, Money AmountCaptured) : PaymentEvent;

/// <summary>A person saw to it that such a charge was given back.</summary>
/// <param name="Reason">How they know, in their own words.</param>
internal sealed record PassedChargeResolved(int Attempt, string Reason, string ResolvedBy, RequestIdentity? Request) : PaymentEvent;

/// <summary>Only a person can find out what became of the open attempt or operation.</summary>
internal sealed record WorkItemOpened(string Reason) : PaymentEvent;

/// <summary>A person found out.</summary>
/// <param name="Reason">How they know, in their own words.</param>
internal sealed record WorkItemResolved(
    PaymentResolution Resolution, string Reason, string ResolvedBy, string? ConnectorReference, RequestIdentity? Request) : PaymentEvent;
