using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Shared.Failpoints;
using OrleansPayments.Grains.Shared.Security;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Connectors;

/// <summary>
/// Sends to a connector what a permit allows: finds the provider's adapter, opens the credentials, sets the deadline, and turns whatever escapes an adapter
/// into "unknown", because after a call nobody can say that nothing happened.
/// </summary>
internal sealed partial class ConnectorCalls(
    PaymentProviders providers, ISecretSealer sealer, IFailpoints failpoints, TimeProvider time, ILogger<ConnectorCalls> logger)
{
    private static readonly PaymentError Misconfigured = new(
        "connector_misconfigured", "The connector cannot be used as it is configured; nothing was sent.", null, RetryAdvice.RetryLater);

    public async Task<ChargeResult> Charge(ConnectorPermit permit, ChargeRequest request) => Seal(
        request.PaymentId,
        await Call(permit, "charge", request.PaymentId, (provider, access, deadline) => provider.Charge(access, request, deadline)));

    public async Task<ChargeResult> FindCharge(ConnectorPermit permit, ChargeInquiry inquiry)
    {
        var found = await Call(permit, "inquiry", inquiry.Reference.PaymentId, (provider, access, deadline) => provider.FindCharge(access, inquiry, deadline));

        // A question that could not be asked says nothing of the charge.
        return found is ChargeResult.Rejected or ChargeResult.NotSent ? new ChargeResult.Unknown("inquiry_not_sent") : Seal(inquiry.Reference.PaymentId, found);
    }

    /// <returns>Null when nothing is known.</returns>
    public async Task<ChargeNotice?> Inspect(ConnectorPermit permit, PaymentId payment, string connectorReference)
    {
        var nothing = new ChargeInspection(Charge: null);
        var seen = await Call(permit, "inquiry", payment, (provider, access, deadline) => provider.Inspect(access, connectorReference, deadline), nothing, nothing);
        return seen.Charge is { NextAction: { } action } told ? told with { NextAction = SealedAction.Seal(sealer, payment, action) } : seen.Charge;
    }

    public Task<OperationResult> Capture(ConnectorPermit permit, CaptureRequest request) =>
        Operate(permit, "capture", request.Reference.Attempt.PaymentId, (provider, access, deadline) => provider.Capture(access, request, deadline));

    public Task<OperationResult> Cancel(ConnectorPermit permit, CancelRequest request) =>
        Operate(permit, "cancellation", request.Reference.Attempt.PaymentId, (provider, access, deadline) => provider.Cancel(access, request, deadline));

    public Task<RefundResult> Refund(ConnectorPermit permit, RefundRequest request) =>
        Refund(permit, "refund", request.Reference.Attempt.PaymentId, (provider, access, deadline) => provider.Refund(access, request, deadline));

    public async Task<RefundResult> FindRefund(ConnectorPermit permit, RefundInquiry inquiry)
    {
        var found = await Refund(
            permit, "refund inquiry", inquiry.Reference.Attempt.PaymentId, (provider, access, deadline) => provider.FindRefund(access, inquiry, deadline));

        // As for a charge.
        return found is RefundResult.Refused or RefundResult.NotSent ? new RefundResult.Unknown("inquiry_not_sent") : found;
    }

    /// <summary>Whether the provider still knows the reference of what was begun then, so that sending it again is a question and not a second effect.</summary>
    public bool IsRemembered(ConnectorPermit permit, DateTimeOffset startedAt) =>
        providers.Find(permit.Provider) is { } provider && time.GetUtcNow() - startedAt < provider.ReplayWindow;

    private ChargeResult Seal(PaymentId payment, ChargeResult result) =>
        result is ChargeResult.ActionRequired required ? required with { Action = SealedAction.Seal(sealer, payment, required.Action) } : result;

    private Task<ChargeResult> Call(
        ConnectorPermit permit, string operation, PaymentId payment, Func<IPaymentProvider, ConnectorAccess, CancellationToken, Task<ChargeResult>> call) =>
        Call(permit, operation, payment, call, new ChargeResult.Rejected(Misconfigured), new ChargeResult.Unknown("adapter_error"));

    private Task<OperationResult> Operate(
        ConnectorPermit permit,
        string operation,
        PaymentId payment,
        Func<IPaymentProvider, ConnectorAccess, CancellationToken, Task<OperationResult>> call) =>
        Call(permit, operation, payment, call, new OperationResult.NotSent(Misconfigured), new OperationResult.Unknown("adapter_error"));

    private Task<RefundResult> Refund(
        ConnectorPermit permit,
        string operation,
        PaymentId payment,
        Func<IPaymentProvider, ConnectorAccess, CancellationToken, Task<RefundResult>> call) =>
        Call(permit, operation, payment, call, new RefundResult.NotSent(Misconfigured), new RefundResult.Unknown("adapter_error"));

    /// <param name="unprepared">The answer when nothing could be sent.</param>
    /// <param name="lost">The answer when nobody knows.</param>
    private async Task<TResult> Call<TResult>(
        ConnectorPermit permit, string operation, PaymentId payment, Func<IPaymentProvider, ConnectorAccess, CancellationToken, Task<TResult>> call,
        TResult unprepared, TResult lost)
        where TResult : ProviderResult
    {
        if (Prepare(permit) is not var (provider, access)) return unprepared;

        await failpoints.Reach(Failpoint.BeforeSend, operation, payment);
        var begun = time.GetTimestamp();
        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(permit.Settings.TimeoutMs), time);
            var result = await call(provider, access, deadline.Token);
            await failpoints.Reach(Failpoint.AfterEffect, operation, payment);
            return (TResult)(result with { Exchange = access.Notes.ToExchange(time.GetElapsedTime(begun)) });
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogAdapterFailed(e, permit.Connector, operation);
            return (TResult)(lost with { Exchange = access.Notes.ToExchange(time.GetElapsedTime(begun)) });
        }
    }

    // Nothing has been sent yet, so a failure here is definite: an unknown provider, or credentials that the present master key does not open.
    private (IPaymentProvider Provider, ConnectorAccess Access)? Prepare(ConnectorPermit permit)
    {
        try
        {
            var provider = providers.Find(permit.Provider) ?? throw new InvalidOperationException($"The provider {permit.Provider} is not built in.");
            return (provider, new ConnectorAccess(permit.Connector, SealedCredentials.Open(sealer, permit)));
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidDataException or CryptographicException or JsonException)
        {
            LogMisconfigured(e, permit.Connector);
            return null;
        }
    }

    [LoggerMessage(2, LogLevel.Error, "Connector {Connector} cannot be used: its provider is unknown or its credentials cannot be opened")]
    private partial void LogMisconfigured(Exception exception, ConnectorName connector);

    [LoggerMessage(1, LogLevel.Error, "The adapter of connector {Connector} failed in a {Operation}")]
    private partial void LogAdapterFailed(Exception exception, ConnectorName connector, string operation);
}
