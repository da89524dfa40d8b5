using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansPayments.Silo.Api.Access;
using OrleansPayments.Silo.Api.Callbacks;
using OrleansPayments.Silo.Api.Connectors;
using OrleansPayments.Silo.Api.Health;
using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.KeyRotation;
using OrleansPayments.Silo.Api.Merchants;
using OrleansPayments.Silo.Api.OpenApi;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Api.Routing;
using OrleansPayments.Silo.Api.Routing.Replay;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Api;

/// <summary>The REST API; these two methods are all that a host calls.</summary>
public static class PaymentsApi
{
    internal const string BasePath = "/api/v1";

    /// <summary>
    /// Adds the API and sets Kestrel's limits. The host brings <c>IGrainFactory</c>, <see cref="KeyRing"/>, <see cref="AdminKey"/>, <see cref="IPaymentList"/>,
    /// <see cref="IWorkList"/>, <see cref="IMasterKeyRotation"/>, the payment providers, <c>CallbackReader</c> and any number of <see cref="IReadinessCheck"/>s.
    /// </summary>
    public static IServiceCollection AddPaymentsApi(this IServiceCollection services)
    {
        services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ServerLimits>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<FailureProblems>();
        services.AddSingleton<ApiKeySecret>();
        services.AddSingleton<RequestFingerprint>();
        services.AddSingleton<CardFingerprint>();
        services.AddSingleton<ApiKeyAuthenticator>();
        services.AddSingleton<PaymentAdmission>();
        services.AddSingleton<PaymentBodies>();
        services.AddSingleton<PaymentCreation>();
        services.AddSingleton<PaymentOperations>();
        services.AddSingleton<PaymentBatch>();
        services.AddSingleton<PaymentValidation>();
        services.AddSingleton<PaymentReturn>();
        services.AddSingleton<PaymentListReader>();
        services.AddSingleton<CallbackIntake>();
        services.AddSingleton<ConnectorCreation>();
        services.AddSingleton<Readiness>();
        services.AddApiDescription();
        return services;
    }

    /// <summary>Maps every route and puts the API's middleware in front of them.</summary>
    public static WebApplication MapPaymentsApi(this WebApplication app)
    {
        app.UseMiddleware<RequestIdMiddleware>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        app.UseMiddleware<AccessMiddleware>();

        HealthEndpoints.Map(app);
        app.MapApiDescription();
        var api = app.MapGroup(BasePath);
        MerchantEndpoints.Map(api);
        ApiKeyEndpoints.Map(api);
        ConnectorEndpoints.Map(api);
        PaymentEndpoints.Map(api);
        WorkItemEndpoints.Map(api);
        RoutingEndpoints.Map(api);
        ReplayEndpoints.Map(api);
        CallbackEndpoints.Map(api);
        PaymentReturn.Map(app);
        MasterKeyEndpoints.Map(api);
        return app;
    }
}
