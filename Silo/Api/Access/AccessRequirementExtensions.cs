namespace OrleansPayments.Silo.Api.Access;

internal static class AccessRequirementExtensions
{
    public static RouteHandlerBuilder ForAdministrators(this RouteHandlerBuilder route) => route.WithMetadata(AccessRequirement.Administrator);

    /// <summary>For those whose messages are proven in another way than by a key.</summary>
    public static RouteHandlerBuilder ForEverybody(this RouteHandlerBuilder route) => route.WithMetadata(AccessRequirement.Open);

    /// <summary>For administrators and for merchants' keys that have the permission.</summary>
    public static RouteHandlerBuilder Requires(this RouteHandlerBuilder route, string permission) => route.WithMetadata(AccessRequirement.Of(permission));

    /// <summary>Who asks; set for every route with an <see cref="AccessRequirement"/>.</summary>
    public static Caller Caller(this HttpContext http) =>
        http.Features.Get<Caller>() ?? throw new InvalidOperationException("The route has no access requirement, so nobody was authenticated.");
}
