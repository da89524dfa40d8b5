using Microsoft.AspNetCore.Mvc;
using OrleansPayments.Merchants;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.OpenApi;
using OrleansPayments.Silo.Api.Problems;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Api.Merchants;

/// <summary><c>/merchants</c>, for administrators.</summary>
internal static class MerchantEndpoints
{
    private const string CreateOperation = "merchants.create";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/merchants", CreateAsync).ForAdministrators().WithMetadata(OperationDocs.CreateMerchant);
        api.MapGet("/merchants/{id}", GetAsync).ForAdministrators().WithMetadata(OperationDocs.GetMerchant);
    }

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

    public static ProblemAnswer NotFound() => new(ProblemCatalogue.NotFound.With("There is no such merchant."));
}
