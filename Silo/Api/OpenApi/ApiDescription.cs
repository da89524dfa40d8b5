using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrleansPayments.Silo.Api.Http;

namespace OrleansPayments.Silo.Api.OpenApi;

/// <summary>Serves <c>/openapi/v1.json</c>, written once: it changes with the program only.</summary>
internal static class ApiDescription
{
    private const string DocumentName = "v1";

    public static IServiceCollection AddApiDescription(this IServiceCollection services)
    {
        services.AddOpenApi(DocumentName, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer(DocumentTransformer.TransformAsync);
            options.AddOperationTransformer(OperationTransformer.TransformAsync);
        });
        services.AddSingleton<ApiDescriptionText>();
        return services;
    }

    public static void MapApiDescription(this IEndpointRouteBuilder routes) => routes.MapGet("/openapi/v1.json", ServeAsync).ExcludeFromDescription();

    private static async Task ServeAsync(HttpContext http, [FromServices] ApiDescriptionText text)
    {
        var json = await text.GetAsync();
        http.Response.ContentType = JsonAnswer.MediaType;
        http.Response.ContentLength = json.Length;
        await http.Response.Body.WriteAsync(json);
    }
}

/// <summary>The document's bytes.</summary>
internal sealed class ApiDescriptionText([FromKeyedServices("v1")] IOpenApiDocumentProvider provider)
{
    private readonly Lazy<Task<byte[]>> _text = new(() => WriteAsync(provider));

    public Task<byte[]> GetAsync() => _text.Value;

    private static async Task<byte[]> WriteAsync(IOpenApiDocumentProvider provider)
    {
        var document = await provider.GetOpenApiDocumentAsync();
        using var stream = new MemoryStream();
        await document.SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1);
        return stream.ToArray();
    }
}
