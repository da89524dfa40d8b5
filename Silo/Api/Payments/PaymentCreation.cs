using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Problems;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>
/// Creates a payment. Once its body is read, nothing of this depends on the caller's connection: a caller that goes away never cancels an attempt.
/// </summary>
internal sealed class PaymentCreation(
    IGrainFactory grains, PaymentAdmission admission, RequestFingerprint fingerprints, CardFingerprint cards, PaymentBodies bodies, TimeProvider time)
{
    /// <summary>The pointer to whom the payment is for.</summary>
    public const string MerchantParam = "/merchant_id";

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
        var outcome = await CreateAsync(http.Caller(), request, Operation, key, pointer: "");
        return outcome.TryGet(out var created, out problem)
            ? JsonAnswer.Created(bodies.Of(created.Payment), ApiJson.Default.PaymentBody, created.Replayed)
            : new ProblemAnswer(problem);
    }

    /// <summary>Creates one payment, for which there is a place.</summary>
    /// <param name="operation">Within which <paramref name="key"/> is told apart.</param>
    /// <param name="key">The same for the same payment; null when its request cannot be repeated.</param>
    /// <param name="pointer">Where the request stands in the body; empty when it is the body.</param>
    public async Task<Validated<CreatePaymentResult>> CreateAsync(Caller caller, PaymentRequest request, string operation, string? key, string pointer)
    {
        if (!(await MerchantOfAsync(caller, request)).TryGet(out var merchant, out var problem)) return problem.Under(pointer);

        var id = key is null
            ? PaymentId.FromBits(RandomIdentity.Bits())
            : PaymentId.FromIdempotencyKey(caller.IdempotencyScope, operation, key);
        var payment = grains.Payment(id);

        // The repetition of a request that was accepted in time is still answered as it was.
        if (RefusalOf(merchant, request) is { } refused && (key is null || await payment.Get() is null)) return refused.Under(pointer);

        var fingerprint = fingerprints.Of(operation, writer => request.WriteCanonical(writer, merchant.Id));
        var command = request.ToCommand(merchant.Id, fingerprint, cards.Of(request.CardDetails.Number));
        var outcome = await CreateAsync(payment, command, isRepeatable: key is not null);
        return outcome.TryGet(out var created, out var refusal) ? created : Problem.Of(refusal).Under(pointer);
    }

    public bool HasExpired(PaymentRequest request) =>
        CardRules.HasExpired(request.CardDetails.ExpiryMonth, request.CardDetails.ExpiryYear, time.GetUtcNow());

    /// <summary>A merchant's key stands for its merchant; an administrator says for whom.</summary>
    public async Task<Validated<PayingMerchant>> MerchantOfAsync(Caller caller, PaymentRequest request)
    {
        if (caller is { MerchantId: { } own, MerchantStatus: { } status })
        {
            if (request.MerchantId is null || request.MerchantId == own) return new PayingMerchant(own, status);
            return ProblemCatalogue.Forbidden.With("The key belongs to another merchant.", MerchantParam);
        }

        if (request.MerchantId is not { } named) return ProblemCatalogue.MissingField.With("An administrator must name the merchant.", MerchantParam);
        if (await grains.Merchant(named).Get() is { } merchant) return new PayingMerchant(named, merchant.Status);
        return ProblemCatalogue.MerchantNotFound.With("There is no such merchant.", MerchantParam);
    }

    private Problem? RefusalOf(PayingMerchant merchant, PaymentRequest request) => merchant.Refusal ?? (HasExpired(request) ? CardRules.Expired : null);

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
