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
            ? new ProblemAnswer(ProblemCatalogue.NotFound.With("There is no such connector."))
            : JsonAnswer.Ok(ConnectorBody.Of(connector), ApiJson.Default.ConnectorBody);
    }

    private static async Task<IResult> GetHealthAsync(HttpContext http, string name, [FromServices] IGrainFactory grains)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        var health = ConnectorName.TryParse(name, out var parsed) ? await grains.Connector(parsed).GetHealth() : null;
        if (health is null) return new ProblemAnswer(ProblemCatalogue.NotFound.With("There is no such connector."));
        var events = await grains.CircuitLog(parsed).List();
        return JsonAnswer.Ok(ConnectorHealthBody.Of(health, events), ApiJson.Default.ConnectorHealthBody);
    }
}
