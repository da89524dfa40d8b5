using Microsoft.AspNetCore.Mvc;
using OrleansPayments.Merchants;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Merchants;
using OrleansPayments.Silo.Api.OpenApi;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Routing;

/// <summary>How payments are routed: configured per merchant, tried out, and explained per payment.</summary>
internal static class RoutingEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPut("/merchants/{id}/routing", ConfigureAsync).ForAdministrators().WithMetadata(RoutingDocs.ConfigureRouting);
        api.MapGet("/merchants/{id}/routing", GetConfigurationAsync).ForAdministrators().WithMetadata(RoutingDocs.GetMerchantRouting);
        api.MapPost("/routing/simulate", SimulateAsync).Requires(Permissions.PaymentsWrite).WithMetadata(RoutingDocs.SimulateRouting);
        api.MapGet("/payments/{id}/routing", GetDecisionAsync).Requires(Permissions.PaymentsRead).WithMetadata(RoutingDocs.GetPaymentRouting);
    }

    private static async Task<IResult> ConfigureAsync(HttpContext http, string id, [FromServices] IGrainFactory grains)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!MerchantId.TryParse(id, out var merchantId)) return MerchantEndpoints.NotFound();

        var request = new RoutingConfigurationRequest(await ConnectorsOfAsync(grains, merchantId));
        if (!(await RequestBody.ReadAsync(http, request.Read)).TryGet(out var configuration, out var problem)) return new ProblemAnswer(problem);
        var outcome = await grains.Merchant(merchantId).ConfigureRouting(configuration);
        return outcome.TryGet(out var routing, out var refusal)
            ? JsonAnswer.Ok(MerchantRoutingBody.Of(merchantId, routing), ApiJson.Default.MerchantRoutingBody)
            : new ProblemAnswer(Problem.Of(refusal));
    }

    private static async Task<IResult> GetConfigurationAsync(HttpContext http, string id, [FromServices] IGrainFactory grains)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!MerchantId.TryParse(id, out var merchantId)) return MerchantEndpoints.NotFound();
        return await grains.Merchant(merchantId).GetRouting() is { } routing
            ? JsonAnswer.Ok(MerchantRoutingBody.Of(merchantId, routing), ApiJson.Default.MerchantRoutingBody)
            : MerchantEndpoints.NotFound();
    }

    private static async Task<IResult> SimulateAsync(
        HttpContext http, [FromServices] IGrainFactory grains, [FromServices] PaymentCreation creation, [FromServices] PaymentAdmission admission)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!(await RequestBody.ReadAsync(http, PaymentRequest.Read)).TryGet(out var request, out var problem)) return new ProblemAnswer(problem);
        using var admitted = admission.Enter();
        if (!admitted.IsAcquired) return new ProblemAnswer(PaymentAdmission.Full);
        if (!(await creation.MerchantOfAsync(http.Caller(), request)).TryGet(out var merchant, out problem)) return new ProblemAnswer(problem);
        var decision = await grains.Routing().Choose(request.ToRoutingRequest(merchant.Id));
        return JsonAnswer.Ok(RoutePreviewBody.Of(decision), ApiJson.Default.RoutePreviewBody);
    }

    private static async Task<IResult> GetDecisionAsync(HttpContext http, string id, [FromServices] IGrainFactory grains)
    {
        if (QueryFields.RefuseAny(http.Request) is { } refused) return new ProblemAnswer(refused);
        if (!PaymentId.TryParse(id, out var parsed)) return PaymentEndpoints.NotFound();
        var payment = grains.Payment(parsed);
        if (await payment.Get() is not { } present || !http.Caller().MaySee(present.MerchantId)) return PaymentEndpoints.NotFound();
        return await payment.GetRouting() is { } routing
            ? JsonAnswer.Ok(PaymentRoutingBody.Of(routing), ApiJson.Default.PaymentRoutingBody)
            : PaymentEndpoints.NotFound();
    }

    private static async Task<HashSet<string>> ConnectorsOfAsync(IGrainFactory grains, MerchantId merchant)
    {
        var list = await grains.Routing().ListConnectors();
        return list.Connectors
            .Where(connector => connector.Settings.MerchantId is null || connector.Settings.MerchantId == merchant)
            .Select(connector => connector.Name.Value)
            .ToHashSet(StringComparer.Ordinal);
    }
}
