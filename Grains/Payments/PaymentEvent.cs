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
    string RequestFingerprint) : PaymentEvent;

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
