using System.Net;

namespace OrleansPayments.PspSimulator.Http;

/// <summary>The page at <c>/</c> that tells a person how to use the simulator, and <c>/health</c>.</summary>
internal sealed class HomePage(IEnumerable<IProvider> providers)
{
    private readonly string _template = EmbeddedText.Read("home.html").Replace(
        "{{providers}}", string.Concat(providers.Select(static provider => provider.Guide)), StringComparison.Ordinal);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/", [HttpMethods.Get], (RequestDelegate)ShowAsync);
        routes.MapMethods("/health", [HttpMethods.Get], (RequestDelegate)(http =>
        {
            JsonAnswer.Write(http.Response, StatusCodes.Status200OK, "{\"status\":\"ok\"}"u8);
            return Task.CompletedTask;
        }));
    }

    private Task ShowAsync(HttpContext http)
    {
        var origin = WebUtility.HtmlEncode($"{http.Request.Scheme}://{http.Request.Host}");
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(_template.Replace("{{origin}}", origin, StringComparison.Ordinal));
    }
}
