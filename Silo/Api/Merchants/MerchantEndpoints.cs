using Microsoft.AspNetCore.Mvc;
using OrleansPayments.Idempotency;
using OrleansPayments.Merchants;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.OpenApi;
using OrleansPayments.Silo.Api.Problems;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Api.Merchants;

/// <summary><c>/merchants</c>, for administrators; a merchant's own key may read its health.</summary>
internal static class MerchantEndpoints
{
    private const string CreateOperation = "merchants.create";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/merchants", CreateAsync).ForAdministrators().WithMetadata(OperationDocs.CreateMerchant);
        api.MapGet("/merchants/{id}", GetAsync).ForAdministrators().WithMetadata(OperationDocs.GetMerchant);
        api.MapPatch("/merchants/{id}", UpdateAsync).ForAdministrators().WithMetadata(MerchantDocs.Update);
        api.MapPost("/merchants/{id}/suspend", SuspendAsync).ForAdministrators().WithMetadata(MerchantDocs.Suspend);
        api.MapPost("/merchants/{id}/activate", ActivateAsync).ForAdministrators().WithMetadata(MerchantDocs.Activate);
        api.MapPost("/merchants/{id}/close", CloseAsync).ForAdministrators().WithMetadata(MerchantDocs.Close);
        api.MapGet("/merchants/{id}/health", GetHealthAsync).Requires(Permissions.PaymentsRead).WithMetadata(MerchantDocs.GetHealth);
    }

    public static ProblemAnswer NotFound() => new(ProblemCatalogue.NotFound.With("There is no such merchant."));

    private static async Task<IResult> CreateAsync(
        HttpContext http, [FromServices] IGrainFactory grains, [FromServices] RequestFingerprint fingerprints)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!IdempotencyKey.Read(http.Request).TryGet(out var key, out var problem)) return new ProblemAnswer(problem);
        var read = await RequestBody.ReadAsync(http, MerchantRequest.Read);
        if (!read.TryGet(out var request, out problem)) return new ProblemAnswer(problem);

        var id = key is null
            ? MerchantId.FromBits(RandomIdentity.Bits())
            : MerchantId.FromIdempotencyKey(http.Caller().IdempotencyScope, CreateOperation, key);
        var fingerprint = fingerprints.Of(CreateOperation, request.WriteCanonical);
        var outcome = await grains.Merchant(id).Create(new CreateMerchant(request.Name, request.Country, request.DefaultCurrency, fingerprint));
        return outcome.TryGet(out var created, out var refusal)
            ? JsonAnswer.Created(MerchantBody.Of(created.Merchant), ApiJson.Default.MerchantBody, created.Replayed)
            : new ProblemAnswer(Problem.Of(refusal));
    }

    private static async Task<IResult> GetAsync(HttpContext http, string id, [FromServices] IGrainFactory grains)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!MerchantId.TryParse(id, out var merchantId)) return NotFound();
        return await grains.Merchant(merchantId).Get() is { } merchant
            ? JsonAnswer.Ok(MerchantBody.Of(merchant), ApiJson.Default.MerchantBody)
            : NotFound();
    }

    private static async Task<IResult> UpdateAsync(HttpContext http, string id, [FromServices] IGrainFactory grains)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!MerchantId.TryParse(id, out var merchantId)) return NotFound();
        if (!(await RequestBody.ReadAsync(http, MerchantUpdateRequest.Read)).TryGet(out var command, out var problem)) return new ProblemAnswer(problem);
        var outcome = await grains.Merchant(merchantId).Update(command);
        return outcome.TryGet(out var merchant, out var refusal)
            ? JsonAnswer.Ok(MerchantBody.Of(merchant), ApiJson.Default.MerchantBody)
            : new ProblemAnswer(Problem.Of(refusal));
    }

    private static Task<IResult> SuspendAsync(HttpContext http, string id, [FromServices] IGrainFactory grains, [FromServices] RequestFingerprint fingerprints) =>
        ChangeStatusAsync(http, id, "merchants.suspend", MerchantStatus.Suspended, grains, fingerprints);

    private static Task<IResult> ActivateAsync(HttpContext http, string id, [FromServices] IGrainFactory grains, [FromServices] RequestFingerprint fingerprints) =>
        ChangeStatusAsync(http, id, "merchants.activate", MerchantStatus.Active, grains, fingerprints);

    private static Task<IResult> CloseAsync(HttpContext http, string id, [FromServices] IGrainFactory grains, [FromServices] RequestFingerprint fingerprints) =>
        ChangeStatusAsync(http, id, "merchants.close", MerchantStatus.Closed, grains, fingerprints);

    private static async Task<IResult> ChangeStatusAsync(
        HttpContext http, string id, string operation, MerchantStatus status, IGrainFactory grains, RequestFingerprint fingerprints)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!MerchantId.TryParse(id, out var merchantId)) return NotFound();
        if (!IdempotencyKey.Read(http.Request).TryGet(out var key, out var problem)) return new ProblemAnswer(problem);
        if (!(await RequestBody.ReadOptionalAsync(http, MerchantStatusRequest.Read)).TryGet(out var request, out problem)) return new ProblemAnswer(problem);

        // The merchant is in the path, not in the body, so it is part of what is asked.
        operation = $"{operation} {merchantId.Value}";
        var identity = key is null
            ? null
            : new RequestIdentity(IdempotencyKeyHash.Of(http.Caller().IdempotencyScope, operation, key), fingerprints.Of(operation, request.WriteCanonical));
        var outcome = await grains.Merchant(merchantId).ChangeStatus(new ChangeMerchantStatus(status, request.Reason, identity));
        return outcome.TryGet(out var answer, out var refusal)
            ? JsonAnswer.Ok(MerchantBody.Of(answer.Merchant), ApiJson.Default.MerchantBody, answer.Replayed)
            : new ProblemAnswer(Problem.Of(refusal));
    }

    private static async Task<IResult> GetHealthAsync(HttpContext http, string id, [FromServices] IGrainFactory grains)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!MerchantId.TryParse(id, out var merchantId) || !http.Caller().MaySee(merchantId)) return NotFound();
        return await grains.Merchant(merchantId).GetHealth() is { } health
            ? JsonAnswer.Ok(MerchantHealthBody.Of(health), ApiJson.Default.MerchantHealthBody)
            : NotFound();
    }
}
