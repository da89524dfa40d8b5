using Microsoft.AspNetCore.Mvc;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.OpenApi;

namespace OrleansPayments.Silo.Api.Health;

/// <summary><c>/health</c>: the process is up. <c>/ready</c>: it can take payments. Open to everybody.</summary>
internal static class HealthEndpoints
{
    private static readonly string[] Head = [HttpMethods.Head];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", Health).WithMetadata(OperationDocs.GetHealth);
        routes.MapMethods("/health", Head, Health).ExcludeFromDescription();
        routes.MapGet("/ready", ReadyAsync).WithMetadata(OperationDocs.GetReadiness);
        routes.MapMethods("/ready", Head, ReadyAsync).ExcludeFromDescription();
    }

    private static JsonAnswer<HealthBody> Health() => JsonAnswer.Ok(new HealthBody("ok"), ApiJson.Default.HealthBody);

    private static async Task<IResult> ReadyAsync([FromServices] Readiness readiness)
    {
        var reasons = await readiness.ReasonsAsync();
        var ready = reasons.IsEmpty;
        var status = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return new JsonAnswer<ReadyBody>(status, new ReadyBody(ready ? "ready" : "not_ready", reasons), ApiJson.Default.ReadyBody);
    }
}
