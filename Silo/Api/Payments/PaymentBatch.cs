using System.Collections.Immutable;
using System.Globalization;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary>
/// Creates up to a hundred payments, each for itself: what becomes of one is nothing to the others. Once the body is read, nothing of this depends on the caller's
/// connection, and every payment of the batch is made.
/// </summary>
internal sealed class PaymentBatch(PaymentCreation creation, PaymentAdmission admission, PaymentBodies bodies, FailureProblems failures)
{
    private const string Operation = "payments.batch";

    /// <summary>How many payments of one batch are being worked on at once.</summary>
    private const int Parallelism = 8;

    public async Task<IResult> CreateAsync(HttpContext http)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!IdempotencyKey.Read(http.Request).TryGet(out var key, out var problem)) return new ProblemAnswer(problem);
        if (!(await RequestBody.ReadAsync(http, PaymentBatchRequest.Read)).TryGet(out var batch, out problem)) return new ProblemAnswer(problem);

        var (caller, request) = (http.Caller(), FailedRequest.Of(http));
        var results = new PaymentBatchResultBody[batch.Items.Length];
        await Parallel.ForAsync(
            0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = Parallelism },
            async (index, _) => results[index] = await CreateOneAsync(caller, request, key, index, batch.Items[index]));

        var body = new PaymentBatchBody([.. results]);
        return new JsonAnswer<PaymentBatchBody>(
            StatusCodes.Status207MultiStatus, body, ApiJson.Default.PaymentBatchBody, replayed: results.All(result => result.Replayed == true));
    }

    private async Task<PaymentBatchResultBody> CreateOneAsync(Caller caller, FailedRequest batch, string? key, int index, Validated<PaymentRequest> item)
    {
        if (!item.TryGet(out var request, out var problem)) return Failed(problem);
        try
        {
            using var place = await admission.WaitAsync();
            if (place is null) return Failed(PaymentAdmission.Full);

            // An index has no space, so no two keys and indices are the same text.
            var itemKey = key is null ? null : string.Create(CultureInfo.InvariantCulture, $"{key} {index}");
            var outcome = await creation.CreateAsync(caller, request, Operation, itemKey, PaymentBatchRequest.PointerOf(index));
            return outcome.TryGet(out var created, out problem)
                ? new PaymentBatchResultBody(index, StatusCodes.Status201Created, bodies.Of(created.Payment), created.Replayed, Error: null)
                : Failed(problem);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The others go on.
            return Failed(failures.Of(batch, e));
        }

        PaymentBatchResultBody Failed(Problem why) => new(index, why.Kind.Status, Payment: null, Replayed: null, ProblemBody.Of(why, batch.Id));
    }
}
