using Microsoft.AspNetCore.Mvc;
using OrleansPayments.Merchants;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.OpenApi;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Payments;

/// <summary><c>/payments</c>.</summary>
internal static class PaymentEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/payments", CreateAsync).Requires(Permissions.PaymentsWrite).WithMetadata(OperationDocs.CreatePayment);
        api.MapGet("/payments", ListAsync).Requires(Permissions.PaymentsRead).WithMetadata(OperationDocs.ListPayments);
        api.MapGet("/payments/{id}", GetAsync).Requires(Permissions.PaymentsRead).WithMetadata(OperationDocs.GetPayment);
    }

    private static Task<IResult> CreateAsync(HttpContext http, [FromServices] PaymentCreation creation) => creation.CreateAsync(http);

    // sync=true is accepted and answered with the present state: open attempts are asked after on the payment's own schedule, and nothing else is unknown.
    private static async Task<IResult> GetAsync(HttpContext http, string id, [FromServices] IGrainFactory grains)
    {
        var faults = new Faults();
        QueryFields.Read(http.Request, faults, "sync").Boolean("sync", false);
        if (faults.First is { } fault) return new ProblemAnswer(fault);

        var payment = PaymentId.TryParse(id, out var parsed) ? await grains.Payment(parsed).Get() : null;
        return payment is not null && http.Caller().MaySee(payment.MerchantId)
            ? JsonAnswer.Ok(PaymentBody.Of(payment), ApiJson.Default.PaymentBody)
            : new ProblemAnswer(ProblemCatalogue.NotFound.With("There is no such payment."));
    }

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] PaymentListReader reader, [FromServices] IPaymentList payments)
    {
        if (!(await reader.ReadAsync(http.Request, http.Caller())).TryGet(out var query, out var problem)) return new ProblemAnswer(problem);
        var page = await payments.ListAsync(query, http.RequestAborted);
        return JsonAnswer.Ok(new ListBody<PaymentBody>([.. page.Payments.Select(PaymentBody.Of)], page.HasMore), ApiJson.Default.PaymentList);
    }
}
