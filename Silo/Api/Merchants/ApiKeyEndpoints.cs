using Microsoft.AspNetCore.Mvc;
using OrleansPayments.Merchants;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.OpenApi;
using OrleansPayments.Silo.Api.Problems;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Api.Merchants;

/// <summary><c>/merchants/{id}/api_keys</c>, for administrators.</summary>
internal static class ApiKeyEndpoints
{
    private const string CreateOperation = "api_keys.create";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/merchants/{id}/api_keys", CreateAsync).ForAdministrators().WithMetadata(OperationDocs.CreateApiKey);
        api.MapGet("/merchants/{id}/api_keys", ListAsync).ForAdministrators().WithMetadata(OperationDocs.ListApiKeys);
        api.MapDelete("/merchants/{id}/api_keys/{key_id}", RevokeAsync).ForAdministrators().WithMetadata(OperationDocs.RevokeApiKey);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, string id, [FromServices] IGrainFactory grains, [FromServices] RequestFingerprint fingerprints, [FromServices] ApiKeySecret secrets)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!MerchantId.TryParse(id, out var merchantId)) return MerchantEndpoints.NotFound();
        if (!IdempotencyKey.Read(http.Request).TryGet(out var key, out var problem)) return new ProblemAnswer(problem);
        var read = await RequestBody.ReadAsync(http, ApiKeyRequest.Read);
        if (!read.TryGet(out var request, out problem)) return new ProblemAnswer(problem);

        // The merchant is in the path, not in the body, so it is part of what is asked.
        var operation = $"{CreateOperation} {merchantId.Value}";
        var keyId = key is null
            ? ApiKeyId.FromBits(RandomIdentity.Bits())
            : ApiKeyId.FromIdempotencyKey(http.Caller().IdempotencyScope, operation, key);
        var text = secrets.TextOf(keyId);
        var fingerprint = fingerprints.Of(operation, request.WriteCanonical);
        var outcome = await grains.Merchant(merchantId).IssueApiKey(
            new IssueApiKey(keyId, request.Name, request.Permissions, ApiKeySecret.HashOf(text), fingerprint));
        return outcome.TryGet(out var issued, out var refusal)
            ? JsonAnswer.Created(IssuedApiKeyBody.Of(issued.Key, text), ApiJson.Default.IssuedApiKeyBody, issued.Replayed)
            : new ProblemAnswer(Problem.Of(refusal));
    }

    private static async Task<IResult> ListAsync(HttpContext http, string id, [FromServices] IGrainFactory grains)
    {
        if (!MerchantId.TryParse(id, out var merchantId)) return MerchantEndpoints.NotFound();
        if (await grains.Merchant(merchantId).ListApiKeys() is not { } list) return MerchantEndpoints.NotFound();

        var faults = new Faults();
        var (keys, hasMore) = Paging.Cut(list.Keys.Reverse(), key => key.Id.Value, http.Request, faults);
        if (faults.First is { } fault) return new ProblemAnswer(fault);
        return JsonAnswer.Ok(new ListBody<ApiKeyBody>([.. keys.Select(ApiKeyBody.Of)], hasMore), ApiJson.Default.ApiKeyList);
    }

    private static async Task<IResult> RevokeAsync(
        HttpContext http, string id, [FromRoute(Name = "key_id")] string keyId, [FromServices] IGrainFactory grains)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!MerchantId.TryParse(id, out var merchantId)) return MerchantEndpoints.NotFound();
        if (!ApiKeyId.TryParse(keyId, out var parsed)) return new ProblemAnswer(ProblemCatalogue.NotFound.With("This merchant has no such API key."));

        var outcome = await grains.Merchant(merchantId).RevokeApiKey(parsed);
        return outcome.TryGet(out var revoked, out var refusal)
            ? JsonAnswer.Ok(ApiKeyBody.Of(revoked), ApiJson.Default.ApiKeyBody)
            : new ProblemAnswer(Problem.Of(refusal));
    }
}
