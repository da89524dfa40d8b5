using Microsoft.AspNetCore.Mvc;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.OpenApi;

namespace OrleansPayments.Silo.Api.Callbacks;

/// <summary><c>/callbacks</c>: open to everybody, believed by signature only.</summary>
internal static class CallbackEndpoints
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/callbacks/{connector}", TakeAsync).ForEverybody().WithMetadata(OperationDocs.TakeCallback);

    private static Task<IResult> TakeAsync(HttpContext http, string connector, [FromServices] CallbackIntake intake) => intake.TakeAsync(http, connector);
}
