using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Problems;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>
/// Creates a payment. Once its body is read, nothing of this depends on the caller's connection: a caller that goes away never cancels an attempt.
/// </summary>
internal sealed class PaymentCreation(IGrainFactory grains, PaymentAdmission admission, RequestFingerprint fingerprints, TimeProvider time)
{
    private const string Operation = "payments.create";

    public async Task<IResult> CreateAsync(HttpContext http)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!IdempotencyKey.Read(http.Request).TryGet(out var key, out var problem)) return new ProblemAnswer(problem);
        var read = await RequestBody.ReadAsync(http, PaymentRequest.Read);
        if (!read.TryGet(out var request, out problem)) return new ProblemAnswer(problem);

        // Counted from here on, so that callers who send slowly do not take the places of those who pay.
        using var admitted = admission.Enter();
        if (!admitted.IsAcquired) return new ProblemAnswer(PaymentAdmission.Full);
        if (!(await MerchantOfAsync(http.Caller(), request)).TryGet(out var merchantId, out problem)) return new ProblemAnswer(problem);

        var id = key is null
            ? PaymentId.FromBits(RandomIdentity.Bits())
            : PaymentId.FromIdempotencyKey(http.Caller().IdempotencyScope, Operation, key);
        var payment = grains.Payment(id);
        if (await HasExpiredAsync(payment, request.CardDetails, isRepeatable: key is not null))
        {
            return new ProblemAnswer(CardRules.Expired);
        }

        var fingerprint = fingerprints.Of(Operation, writer => request.WriteCanonical(writer, merchantId));
        var outcome = await CreateAsync(payment, request.ToCommand(merchantId, fingerprint), isRepeatable: key is not null);
        return outcome.TryGet(out var created, out var refusal)
            ? JsonAnswer.Created(PaymentBody.Of(created.Payment), ApiJson.Default.PaymentBody, created.Replayed)
            : new ProblemAnswer(Problem.Of(refusal));
    }

    // A merchant's key stands for its merchant; an administrator says for whom.
    private async Task<Validated<MerchantId>> MerchantOfAsync(Caller caller, PaymentRequest request)
    {
        const string Param = "/merchant_id";
        if (caller.MerchantId is { } own)
        {
            if (request.MerchantId is null || request.MerchantId == own) return own;
            return ProblemCatalogue.Forbidden.With("The key belongs to another merchant.", Param);
        }

        if (request.MerchantId is not { } named) return ProblemCatalogue.MissingField.With("An administrator must name the merchant.", Param);
        if (await grains.Merchant(named).Get() is not null) return named;
        return ProblemCatalogue.MerchantNotFound.With("There is no such merchant.", Param);
    }

    // The repetition of a request that was accepted in time is still answered as it was.
    private async Task<bool> HasExpiredAsync(IPaymentGrain payment, CardDetails card, bool isRepeatable)
    {
        if (!CardRules.HasExpired(card.ExpiryMonth, card.ExpiryYear, time.GetUtcNow())) return false;
        return !isRepeatable || await payment.Get() is null;
    }

    private static async Task<Outcome<CreatePaymentResult>> CreateAsync(IPaymentGrain payment, CreatePayment command, bool isRepeatable)
    {
        try
        {
            return await payment.Create(command);
        }
        catch (TimeoutException) when (!isRepeatable)
        {
            // The caller cannot ask again, so it must hear the id of what may already have been sent.
            if (await payment.Get() is { } present) return new CreatePaymentResult(present, Replayed: false);
            throw;
        }
    }
}
