using Microsoft.AspNetCore.Mvc;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.OpenApi;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary><c>/work_items</c>.</summary>
internal static class WorkItemEndpoints
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/work_items", ListAsync).ForAdministrators().WithMetadata(OperationDocs.ListWorkItems);

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] PaymentListReader reader, [FromServices] IWorkList work, [FromServices] PaymentBodies bodies)
    {
        if (!(await reader.ReadWorkAsync(http.Request)).TryGet(out var query, out var problem)) return new ProblemAnswer(problem);
        var page = await work.ListAsync(query, http.RequestAborted);
        return JsonAnswer.Ok(new ListBody<ListedWorkItemBody>([.. page.Payments.Select(payment => Body(payment, bodies))], page.HasMore), ApiJson.Default.WorkItemList);
    }

    private static ListedWorkItemBody Body(PaymentView payment, PaymentBodies bodies)
    {
        var work = payment.WorkItem ?? throw new InvalidOperationException($"Payment {payment.Id} is listed as work and is none.");
        return new ListedWorkItemBody(
            bodies.Of(payment), work.Reason, work.Since, work.Resolutions, work.Connector, work.ConnectorReference, work.Amount?.MinorUnits);
    }
}
