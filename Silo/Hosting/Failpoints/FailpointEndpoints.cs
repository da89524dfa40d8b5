using Microsoft.AspNetCore.Mvc;
using OrleansPayments.Grains.Shared.Failpoints;
using OrleansPayments.Silo.Api;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Hosting.Failpoints;

/// <summary><c>/failpoints</c>, for administrators of a silo under test; no part of the API that is described.</summary>
internal static class FailpointEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var failpoints = routes.MapGroup(PaymentsApi.BasePath + "/failpoints").ExcludeFromDescription();
        failpoints.MapGet("", List).ForAdministrators();
        failpoints.MapDelete("", DisarmAll).ForAdministrators();
        failpoints.MapPut("/{name}", ArmAsync).ForAdministrators();
        failpoints.MapDelete("/{name}", Disarm).ForAdministrators();
    }

    private static IResult List(HttpContext http, [FromServices] FailpointControl control)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        return Answer(control);
    }

    private static IResult DisarmAll(HttpContext http, [FromServices] FailpointControl control)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        control.DisarmAll();
        return Answer(control);
    }

    private static async Task<IResult> ArmAsync(HttpContext http, string name, [FromServices] FailpointControl control)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (FailpointNames.Find(name) is not { } point) return Unknown();
        var read = await RequestBody.ReadAsync(http, (body, faults) => FailpointRequest.Read(point, body, faults));
        if (!read.TryGet(out var arming, out var problem)) return new ProblemAnswer(problem);

        control[point].Arm(arming);
        return Answer(control[point]);
    }

    private static IResult Disarm(HttpContext http, string name, [FromServices] FailpointControl control)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (FailpointNames.Find(name) is not { } point) return Unknown();

        control[point].Disarm();
        return Answer(control[point]);
    }

    private static JsonAnswer<ListBody<FailpointBody>> Answer(FailpointControl control) =>
        JsonAnswer.Ok(new ListBody<FailpointBody>([.. control.Places.Select(place => place.ToBody())], false), FailpointJson.Default.FailpointList);

    private static JsonAnswer<FailpointBody> Answer(FailpointPlace place) => JsonAnswer.Ok(place.ToBody(), FailpointJson.Default.FailpointBody);

    private static ProblemAnswer Unknown() =>
        new(ProblemCatalogue.NotFound.With($"There is no such failpoint; there are: {string.Join(", ", FailpointNames.All)}."));
}
