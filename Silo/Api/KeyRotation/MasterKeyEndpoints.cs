using Microsoft.AspNetCore.Mvc;
using OrleansPayments.Idempotency;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.OpenApi;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.KeyRotation;

/// <summary><c>/master_key</c>, for administrators.</summary>
internal static class MasterKeyEndpoints
{
    private const string RotateOperation = "master_key.rotate";

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/master_key/rotate", RotateAsync).ForAdministrators().WithMetadata(OperationDocs.RotateMasterKey);

    private static async Task<IResult> RotateAsync(HttpContext http, [FromServices] IMasterKeyRotation rotation, [FromServices] IHostApplicationLifetime host)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!IdempotencyKey.Read(http.Request).TryGet(out var key, out var problem)) return new ProblemAnswer(problem);
        var read = await RequestBody.ReadOptionalAsync(http, RotationRequest.Read);
        if (!read.TryGet(out _, out problem)) return new ProblemAnswer(problem);

        // A caller that goes away does not break it off.
        var identity = key is null ? null : IdempotencyKeyHash.Of(http.Caller().IdempotencyScope, RotateOperation, key);
        var result = await rotation.RotateAsync(identity, host.ApplicationStopping);
        return result.Status switch
        {
            RotationStatus.Completed => Answer(result, replayed: false),
            RotationStatus.Replayed => Answer(result, replayed: true),
            RotationStatus.InProgress => new ProblemAnswer(ProblemCatalogue.RotationInProgress.With("An earlier rotation is not finished.")),
            RotationStatus.RepetitionInProgress => new ProblemAnswer(
                ProblemCatalogue.IdempotencyInProgress.With("The rotation is not finished; send the request again with the same key to hear when it is.")),
            RotationStatus.Configured => new ProblemAnswer(ProblemCatalogue.MasterKeyConfigured.With(
                "Start the silo with the new key as Encryption__MasterKey and the present one as Encryption__PreviousMasterKey.")),
        };
    }

    private static JsonAnswer<MasterKeyBody> Answer(RotationResult result, bool replayed) =>
        JsonAnswer.Ok(MasterKeyBody.Of(result.Rotation!), ApiJson.Default.MasterKeyBody, replayed);
}
