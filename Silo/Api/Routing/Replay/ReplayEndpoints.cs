using Microsoft.AspNetCore.Mvc;
using OrleansPayments.Routing;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.OpenApi;
using OrleansPayments.Silo.Api.Problems;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Api.Routing.Replay;

/// <summary><c>/routing/replay</c>, for administrators: the queue is one for all merchants.</summary>
internal static class ReplayEndpoints
{
    private const string ReplayOperation = "routing.replay";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/routing/replay", RequestAsync).ForAdministrators().WithMetadata(RoutingReplayDocs.RequestReplay);
        api.MapGet("/routing/replay", ListAsync).ForAdministrators().WithMetadata(RoutingReplayDocs.ListReplays);
        api.MapGet("/routing/replay/{id}", GetAsync).ForAdministrators().WithMetadata(RoutingReplayDocs.GetReplay);
        api.MapDelete("/routing/replay/{id}", CancelAsync).ForAdministrators().WithMetadata(RoutingReplayDocs.CancelReplay);
    }

    private static async Task<IResult> RequestAsync(
        HttpContext http, [FromServices] IGrainFactory grains, [FromServices] RequestFingerprint fingerprints, [FromServices] TimeProvider time)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!IdempotencyKey.Read(http.Request).TryGet(out var key, out var problem)) return new ProblemAnswer(problem);
        var now = time.GetUtcNow();
        var request = new ReplayRequest((await grains.Routing().ListConnectors()).Connectors, now);
        if (!(await RequestBody.ReadAsync(http, request.Read)).TryGet(out var terms, out problem)) return new ProblemAnswer(problem);
        if (terms.MerchantId is { } merchant && await grains.Merchant(merchant).Get() is null)
        {
            return new ProblemAnswer(ProblemCatalogue.MerchantNotFound.With("There is no such merchant.", "/merchant_id"));
        }

        var id = key is null
            ? RoutingReplayId.FromBits(RandomIdentity.Bits())
            : RoutingReplayId.FromIdempotencyKey(http.Caller().IdempotencyScope, ReplayOperation, key);
        var fingerprint = fingerprints.Of(ReplayOperation, writer => ReplayRequest.WriteCanonical(writer, terms, isOpen: terms.Until == now));
        var outcome = await grains.RoutingReplays().Request(id, new RequestRoutingReplay(terms, fingerprint));
        if (!outcome.TryGet(out var requested, out var refusal)) return new ProblemAnswer(Problem.Of(refusal));
        http.Response.Headers.Location = $"{PaymentsApi.BasePath}/routing/replay/{id}";
        return new JsonAnswer<RoutingReplayBody>(
            StatusCodes.Status202Accepted, RoutingReplayBody.Of(requested.Replay), ApiJson.Default.RoutingReplayBody, requested.Replayed);
    }

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] IGrainFactory grains)
    {
        var list = await grains.RoutingReplays().List();
        var faults = new Faults();
        var (ids, hasMore) = Paging.Cut(list.Replays, id => id.Value, http.Request, faults);
        if (faults.First is { } fault) return new ProblemAnswer(fault);
        var replays = await Task.WhenAll(ids.Select(id => grains.RoutingReplay(id).Get()));
        return JsonAnswer.Ok(
            new ListBody<RoutingReplayBody>([.. replays.OfType<RoutingReplayView>().Select(replay => RoutingReplayBody.Of(replay) with { Result = null })], hasMore),
            ApiJson.Default.RoutingReplayList);
    }

    private static async Task<IResult> GetAsync(HttpContext http, string id, [FromServices] IGrainFactory grains)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        return await FindAsync(grains, id) is { } grain && await grain.Get() is { } replay
            ? JsonAnswer.Ok(RoutingReplayBody.Of(replay), ApiJson.Default.RoutingReplayBody)
            : NotFound();
    }

    private static async Task<IResult> CancelAsync(HttpContext http, string id, [FromServices] IGrainFactory grains)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (await FindAsync(grains, id) is not { } grain) return NotFound();
        var outcome = await grain.Cancel();
        return outcome.TryGet(out var replay, out var refusal)
            ? JsonAnswer.Ok(RoutingReplayBody.Of(replay), ApiJson.Default.RoutingReplayBody)
            : new ProblemAnswer(Problem.Of(refusal));
    }

    // One that the queue has forgotten is gone.
    private static async Task<IRoutingReplayGrain?> FindAsync(IGrainFactory grains, string id) =>
        RoutingReplayId.TryParse(id, out var parsed) && (await grains.RoutingReplays().List()).Replays.Contains(parsed) ? grains.RoutingReplay(parsed) : null;

    private static ProblemAnswer NotFound() => new(ProblemCatalogue.NotFound.With("There is no such replay."));
}
