using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansPayments.Connectors;
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
[JsonDerivedType(typeof(CaptureStarted), "capture.started")]
[JsonDerivedType(typeof(CaptureSucceeded), "capture.succeeded")]
[JsonDerivedType(typeof(CancelStarted), "cancel.started")]
[JsonDerivedType(typeof(CancelSucceeded), "cancel.succeeded")]
[JsonDerivedType(typeof(OperationRefused), "operation.refused")]
[JsonDerivedType(typeof(OperationOutcomeUnknown), "operation.outcome_unknown")]
[JsonDerivedType(typeof(OperationAnswered), "operation.answered")]
internal abstract record PaymentEvent;

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
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] CaptureMethod CaptureMethod = CaptureMethod.Automatic) : PaymentEvent;

/// <summary>The whole decision is kept, so that it can be explained later.</summary>
internal sealed record RouteChosen(RoutingDecision Decision) : PaymentEvent;

/// <summary>Durable before anything is sent: a crash leaves a trace to resolve, never a silent charge.</summary>
internal sealed record AttemptStarted(int Attempt, ConnectorName Connector) : PaymentEvent;

internal sealed record AttemptApproved(int Attempt, string ConnectorReference, Money AmountCaptured) : PaymentEvent;

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

internal sealed record CancelStarted(int Operation, string? Reason, RequestIdentity? Request) : PaymentEvent;

internal sealed record CancelSucceeded(int Operation) : PaymentEvent;

/// <summary>It was not done, and never will be.</summary>
internal sealed record OperationRefused(int Operation, PaymentError Error) : PaymentEvent;

/// <summary>Nobody knows whether it is done; it is sent again under the same reference until somebody does.</summary>
internal sealed record OperationOutcomeUnknown(int Operation, string Reason) : PaymentEvent;

/// <summary>The caller of an operation is answered with this version; a repetition of its request gets the same version again.</summary>
/// <param name="Key">The request's, as in <see cref="RequestIdentity.Key"/>.</param>
internal sealed record OperationAnswered(string Key) : PaymentEvent;
