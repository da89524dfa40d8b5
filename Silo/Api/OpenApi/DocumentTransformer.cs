using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace OrleansPayments.Silo.Api.OpenApi;

/// <summary>The parts of the description that belong to no single route.</summary>
internal static class DocumentTransformer
{
    public const string SecurityScheme = "api_key";

    public static Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "OrleansPayments",
            Version = "v1",
            Description = "One API in front of many payment providers. Amounts are integers in minor units, times RFC 3339 in UTC. "
                + "Unknown fields are refused. An optional field may be null, which says the same as leaving it out.",
            License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas = ComponentSchemas.Build(document);
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [SecurityScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A merchant's key (sk_...) or an administrator's (ak_...).",
            },
        };
        foreach (var (_, operation) in document.Paths.Values.SelectMany(path => path.Operations ?? []))
        {
            operation.Tags = operation.Tags?.Select(tag => new OpenApiTagReference(tag.Reference.Id!, document)).ToHashSet();
        }

        return Task.CompletedTask;
    }
}
