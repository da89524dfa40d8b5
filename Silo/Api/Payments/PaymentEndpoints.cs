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
    /// <summary>The same for a payment that does not exist and for another merchant's.</summary>
    public static ProblemAnswer NotFound() => new(ProblemCatalogue.NotFound.With("There is no such payment."));

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/payments", CreateAsync).Requires(Permissions.PaymentsWrite).WithMetadata(OperationDocs.CreatePayment);
        api.MapPost("/payments/batch", CreateBatchAsync).Requires(Permissions.PaymentsWrite).WithMetadata(OperationDocs.CreatePaymentBatch);
        api.MapPost("/payments/validate", ValidateAsync).Requires(Permissions.PaymentsWrite).WithMetadata(OperationDocs.ValidatePayment);
        api.MapGet("/payments", ListAsync).Requires(Permissions.PaymentsRead).WithMetadata(OperationDocs.ListPayments);
        api.MapGet("/payments/{id}", GetAsync).Requires(Permissions.PaymentsRead).WithMetadata(OperationDocs.GetPayment);
        api.MapGet("/payments/{id}/traces", GetTracesAsync).Requires(Permissions.PaymentsRead).WithMetadata(OperationDocs.ListPaymentTraces);
        api.MapPost("/payments/{id}/confirm", ConfirmAsync).Requires(Permissions.PaymentsWrite).WithMetadata(OperationDocs.ConfirmPayment);
        api.MapPost("/payments/{id}/capture", CaptureAsync).Requires(Permissions.PaymentsWrite).WithMetadata(OperationDocs.CapturePayment);
        api.MapPost("/payments/{id}/cancel", CancelAsync).Requires(Permissions.PaymentsWrite).WithMetadata(OperationDocs.CancelPayment);
        api.MapPost("/payments/{id}/resolve", ResolveAsync).ForAdministrators().WithMetadata(OperationDocs.ResolvePayment);
    }

    private static Task<IResult> CreateAsync(HttpContext http, [FromServices] PaymentCreation creation) => creation.CreateAsync(http);

    private static Task<IResult> CreateBatchAsync(HttpContext http, [FromServices] PaymentBatch batch) => batch.CreateAsync(http);

    private static Task<IResult> ValidateAsync(HttpContext http, [FromServices] PaymentValidation validation) => validation.ValidateAsync(http);

    private static Task<IResult> ConfirmAsync(HttpContext http, string id, [FromServices] PaymentOperations operations) => operations.ConfirmAsync(http, id);

    private static Task<IResult> CaptureAsync(HttpContext http, string id, [FromServices] PaymentOperations operations) => operations.CaptureAsync(http, id);

    private static Task<IResult> CancelAsync(HttpContext http, string id, [FromServices] PaymentOperations operations) => operations.CancelAsync(http, id);

    private static Task<IResult> ResolveAsync(HttpContext http, string id, [FromServices] PaymentOperations operations) => operations.ResolveAsync(http, id);

    private static async Task<IResult> GetAsync(HttpContext http, string id, [FromServices] IGrainFactory grains, [FromServices] PaymentBodies bodies)
    {
        var faults = new Faults();
        var sync = QueryFields.Read(http.Request, faults, "sync").Boolean("sync", false);
        if (faults.First is { } fault) return new ProblemAnswer(fault);

        var payment = PaymentId.TryParse(id, out var parsed) ? await grains.Payment(parsed).Get() : null;
        if (payment is null || !http.Caller().MaySee(payment.MerchantId)) return NotFound();

        // Whose it is comes first: only the owner may make us ask a connector.
        if (sync) payment = await grains.Payment(parsed).Sync() ?? payment;
        return JsonAnswer.Ok(bodies.Of(payment), ApiJson.Default.PaymentBody);
    }

    private static async Task<IResult> GetTracesAsync(HttpContext http, string id, [FromServices] IGrainFactory grains)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!PaymentId.TryParse(id, out var parsed)) return NotFound();
        var payment = grains.Payment(parsed);
        if (await payment.Get() is not { } present || !http.Caller().MaySee(present.MerchantId)) return NotFound();
        return await payment.GetTraces() is { } traces ? JsonAnswer.Ok(PaymentTracesBody.Of(traces), ApiJson.Default.PaymentTracesBody) : NotFound();
    }

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] PaymentListReader reader, [FromServices] IPaymentList payments, [FromServices] PaymentBodies bodies)
    {
        if (!(await reader.ReadAsync(http.Request, http.Caller())).TryGet(out var query, out var problem)) return new ProblemAnswer(problem);
        var page = await payments.ListAsync(query, http.RequestAborted);
        return JsonAnswer.Ok(new ListBody<PaymentBody>([.. page.Payments.Select(bodies.Of)], page.HasMore), ApiJson.Default.PaymentList);
    }
}
