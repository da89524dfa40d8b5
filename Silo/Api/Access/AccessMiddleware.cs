using OrleansPayments.Silo.Api.Http;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Access;

/// <summary>Authenticates the caller and checks the route's requirement before anything of the request is read.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, ApiKeyAuthenticator authenticator)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint() is not RouteEndpoint endpoint || !IsOfApi(endpoint))
        {
            await next(http);
            return;
        }

        var requirement = endpoint.Metadata.GetMetadata<AccessRequirement>()
            ?? throw new InvalidOperationException($"The route {endpoint.DisplayName} does not say who may use it.");
        if (requirement.IsOpen)
        {
            await next(http);
            return;
        }

        if (await authenticator.AuthenticateAsync(http.Request) is not { } caller)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer realm=\"orleanspayments\"";
            await Refuse(http, ProblemCatalogue.Unauthorized.With("Send a valid API key as a bearer token."));
            return;
        }

        if (!requirement.IsMetBy(caller))
        {
            var lacking = requirement.Permission is { } permission ? $"The key lacks the permission {permission}." : "This is for administrators.";
            await Refuse(http, ProblemCatalogue.Forbidden.With(lacking));
            return;
        }

        http.Features.Set(caller);
        await next(http);
    }

    private static bool IsOfApi(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.RawText?.StartsWith(PaymentsApi.BasePath, StringComparison.OrdinalIgnoreCase) == true;

    private static Task Refuse(HttpContext http, Problem problem) => new ProblemAnswer(problem).ExecuteAsync(http);
}
