using Microsoft.AspNetCore.Mvc;
using OrleansPayments.Connectors;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.OpenApi;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Connectors;

/// <summary><c>/connectors</c>, for administrators.</summary>
internal static class ConnectorEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/connectors", CreateAsync).ForAdministrators().WithMetadata(OperationDocs.CreateConnector);
        api.MapGet("/connectors", ListAsync).ForAdministrators().WithMetadata(OperationDocs.ListConnectors);
        api.MapGet("/connectors/{name}", GetAsync).ForAdministrators().WithMetadata(OperationDocs.GetConnector);
        api.MapPatch("/connectors/{name}", UpdateAsync).ForAdministrators().WithMetadata(OperationDocs.UpdateConnector);
        api.MapGet("/connectors/{name}/health", GetHealthAsync).ForAdministrators().WithMetadata(OperationDocs.GetConnectorHealth);
    }

    private static Task<IResult> CreateAsync(HttpContext http, [FromServices] ConnectorCreation creation) => creation.CreateAsync(http);

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] IGrainFactory grains)
    {
        var list = await grains.Routing().ListConnectors();
        var newestFirst = list.Connectors.OrderByDescending(connector => connector.CreatedAt).ThenBy(connector => connector.Name.Value, StringComparer.Ordinal);
        var faults = new Faults();
        var (connectors, hasMore) = Paging.Cut(newestFirst, connector => connector.Name.Value, http.Request, faults);
        if (faults.First is { } fault) return new ProblemAnswer(fault);
        return JsonAnswer.Ok(new ListBody<ConnectorBody>([.. connectors.Select(ConnectorBody.Of)], hasMore), ApiJson.Default.ConnectorList);
    }

    private static async Task<IResult> GetAsync(HttpContext http, string name, [FromServices] IGrainFactory grains)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        var connector = ConnectorName.TryParse(name, out var parsed) ? await grains.Connector(parsed).Get() : null;
        return connector is null
            ? NotFound()
            : JsonAnswer.Ok(ConnectorBody.Of(connector), ApiJson.Default.ConnectorBody);
    }

    // Without an idempotency key: the same change again changes nothing.
    private static async Task<IResult> UpdateAsync(HttpContext http, string name, [FromServices] IGrainFactory grains)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!ConnectorName.TryParse(name, out var parsed)) return NotFound();
        if (!(await RequestBody.ReadAsync(http, ConnectorPatch.Read)).TryGet(out var changes, out var problem)) return new ProblemAnswer(problem);
        var outcome = await grains.Connector(parsed).Update(changes);
        return outcome.TryGet(out var connector, out var refusal)
            ? JsonAnswer.Ok(ConnectorBody.Of(connector), ApiJson.Default.ConnectorBody)
            : new ProblemAnswer(Problem.Of(refusal));
    }

    private static async Task<IResult> GetHealthAsync(HttpContext http, string name, [FromServices] IGrainFactory grains)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        var health = ConnectorName.TryParse(name, out var parsed) ? await grains.Connector(parsed).GetHealth() : null;
        if (health is null) return NotFound();
        var events = await grains.CircuitLog(parsed).List();
        return JsonAnswer.Ok(ConnectorHealthBody.Of(health, events), ApiJson.Default.ConnectorHealthBody);
    }

    private static ProblemAnswer NotFound() => new(ProblemCatalogue.NotFound.With("There is no such connector."));
}
