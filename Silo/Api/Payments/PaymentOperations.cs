using System.Text.Json;
using OrleansPayments.Idempotency;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Problems;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>
/// Confirms, captures, cancels and resolves payments. Once the body is read, nothing of this depends on the caller's connection: a caller that goes away never cuts an operation short.
/// </summary>
internal sealed class PaymentOperations(
    IGrainFactory grains, PaymentAdmission admission, RequestFingerprint fingerprints, CardFingerprint cards, PaymentBodies bodies, TimeProvider time)
{
    public Task<IResult> ConfirmAsync(HttpContext http, string id) => OperateAsync(http, id, "payments.confirm", PaymentOperationRequest.Confirm.Read);

    public Task<IResult> CaptureAsync(HttpContext http, string id) => OperateAsync(http, id, "payments.capture", PaymentOperationRequest.Capture.Read);

    public Task<IResult> CancelAsync(HttpContext http, string id) => OperateAsync(http, id, "payments.cancel", PaymentOperationRequest.Cancel.Read);

    public Task<IResult> ResolveAsync(HttpContext http, string id) => OperateAsync(http, id, "payments.resolve", PaymentOperationRequest.Resolve.Read);

    private async Task<IResult> OperateAsync(HttpContext http, string id, string operation, Func<JsonElement, Faults, PaymentOperationRequest> read)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!PaymentId.TryParse(id, out var paymentId)) return PaymentEndpoints.NotFound();
        if (!IdempotencyKey.Read(http.Request).TryGet(out var key, out var problem)) return new ProblemAnswer(problem);
        if (!(await RequestBody.ReadOptionalAsync(http, read)).TryGet(out var request, out problem)) return new ProblemAnswer(problem);

        using var admitted = admission.Enter();
        if (!admitted.IsAcquired) return new ProblemAnswer(PaymentAdmission.Full);

        var payment = grains.Payment(paymentId);
        if (await payment.Get() is not { } present || !http.Caller().MaySee(present.MerchantId)) return PaymentEndpoints.NotFound();
        if (request.StartsPayment && present.Status == PaymentStatus.Created && await RefusalOfAsync(http.Caller(), present.MerchantId) is { } stopped)
            return new ProblemAnswer(stopped);
        if (request.Check(present, time.GetUtcNow()) is { } forbidden) return new ProblemAnswer(forbidden);

        var identity = key is null ? null : IdentityOf(http.Caller(), $"{operation} {paymentId.Value}", key, request);
        var outcome = await SendAsync(payment, request, identity);
        return outcome.TryGet(out var answer, out var refusal)
            ? JsonAnswer.Ok(bodies.Of(answer.Payment), ApiJson.Default.PaymentBody, answer.Replayed)
            : new ProblemAnswer(Problem.Of(refusal));
    }

    // A merchant's key brings where its merchant stands; for an administrator the merchant is asked.
    private async Task<Problem?> RefusalOfAsync(Caller caller, MerchantId merchant)
    {
        if (caller.MerchantStatus is { } status) return PayingMerchant.RefusalOf(status);
        return await grains.Merchant(merchant).Get() is { } owner ? PayingMerchant.RefusalOf(owner.Status) : null;
    }

    /// <param name="operation">With the payment's id: it is in the path, not in the body, so it is part of what is asked.</param>
    private RequestIdentity IdentityOf(Caller caller, string operation, string key, PaymentOperationRequest request) =>
        new(IdempotencyKeyHash.Of(caller.IdempotencyScope, operation, key), fingerprints.Of(operation, request.WriteCanonical));

    private async Task<Outcome<PaymentAnswer>> SendAsync(IPaymentGrain payment, PaymentOperationRequest request, RequestIdentity? identity)
    {
        try
        {
            return await request.SendTo(payment, identity, cards);
        }
        catch (TimeoutException) when (identity is null)
        {
            // The caller cannot ask again: that its operation runs is an answer; in any other state nobody can tell whether it still waits for its turn.
            if (await payment.Get() is { Status: PaymentStatus.Processing } present) return new PaymentAnswer(present, Replayed: false);
            throw;
        }
    }
}
