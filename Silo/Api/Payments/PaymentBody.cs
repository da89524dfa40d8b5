using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Payments;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>A payment on the wire.</summary>
/// <param name="Billing">Null where the merchant told nothing of it.</param>
/// <param name="CancellationReason">The merchant's own words; null unless the payment was cancelled with some.</param>
/// <param name="NextAction">Null unless the payer must act.</param>
/// <param name="ExpiresAt">When the time to confirm, or for the payer to act, is over; null while neither is awaited.</param>
/// <param name="WorkItem">Null unless a person must find out what became of it.</param>
/// <param name="Risk">Null: risk is not assessed yet.</param>
internal sealed record PaymentBody(
    string Id,
    string Object,
    PaymentStatus Status,
    long Amount,
    long AmountCaptured,
    long AmountRefunded,
    string Currency,
    CaptureMethod CaptureMethod,
    string MerchantId,
    string? MerchantOrderId,
    string? CustomerId,
    string? Description,
    string? Connector,
    string? ConnectorReference,
    PaymentMethodBody PaymentMethod,
    BillingBody? Billing,
    string? CancellationReason,
    string? ReturnUrl,
    NextActionBody? NextAction,
    DateTimeOffset? ExpiresAt,
    WorkItemBody? WorkItem,
    PaymentErrorBody? LastError,
    RoutingBody? Routing,
    JsonElement? Risk,
    ImmutableSortedDictionary<string, string> Metadata,
    int Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <param name="nextAction">In clear.</param>
    public static PaymentBody Of(PaymentView view, NextActionBody? nextAction) => new(
        view.Id.Value, "payment", view.Status, view.Amount.MinorUnits, view.AmountCaptured.MinorUnits, AmountRefunded: 0, view.Amount.Currency.Code,
        view.CaptureMethod, view.MerchantId.Value, view.MerchantOrderId, view.CustomerId, view.Description, view.Connector, view.ConnectorReference,
        new PaymentMethodBody("card", new CardBody(view.Card.Brand, view.Card.Last4, view.Card.Bin, view.Card.ExpiryMonth, view.Card.ExpiryYear)),
        view.BillingCountry is { } country ? new BillingBody(country) : null,
        view.CancellationReason,
        view.ReturnUrl,
        nextAction,
        view.ExpiresAt,
        view.WorkItem is { } work ? new WorkItemBody(work.Reason, work.Since, work.Resolutions, work.Connector, work.ConnectorReference, work.Amount?.MinorUnits) : null,
        view.LastError is { } error ? new PaymentErrorBody(error.Code, error.Message, error.ConnectorCode, error.Advice) : null,
        view.RoutingDecisionId is { } decision ? new RoutingBody(decision, view.Connector) : null,
        Risk: null,
        view.Metadata, view.Version, view.CreatedAt, view.UpdatedAt);
}

internal sealed record PaymentMethodBody(string Type, CardBody Card);

internal sealed record CardBody(string Brand, string Last4, string Bin, int ExpMonth, int ExpYear);

internal sealed record BillingBody(string Country);

internal sealed record PaymentErrorBody(string Code, string Message, string? ConnectorCode, RetryAdvice Advice);

internal sealed record RoutingBody(string DecisionId, string? Chosen);

internal sealed record NextActionBody(NextActionType Type, string Url);

/// <summary>An element of the work list.</summary>
internal sealed record ListedWorkItemBody(
    PaymentBody Payment,
    string Reason,
    DateTimeOffset Since,
    ImmutableArray<PaymentResolution> Resolutions,
    string? Connector,
    string? ConnectorReference,
    long? Amount);

/// <param name="Connector">Where the charge that it is about is; null where that is not known.</param>
/// <param name="ConnectorReference">The provider's id of that charge; null where that is not known.</param>
/// <param name="Amount">Of that charge, in minor units of the payment's currency; null where that is not known.</param>
internal sealed record WorkItemBody(
    string Reason, DateTimeOffset Since, ImmutableArray<PaymentResolution> Resolutions, string? Connector, string? ConnectorReference, long? Amount);
