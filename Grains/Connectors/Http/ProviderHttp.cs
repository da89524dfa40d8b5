using System.Net;

namespace OrleansPayments.Grains.Connectors.Http;

/// <summary>
/// Sends one request to a provider and says of a failure what an adapter needs to know: whether the request provably never left. Follows no redirects; reads at
/// most <see cref="MaxAnswerBytes"/>.
/// </summary>
internal sealed class ProviderHttp(HttpMessageInvoker invoker)
{
    /// <summary>1 MiB; a longer answer counts as malformed.</summary>
    public const int MaxAnswerBytes = 1 << 20;

    private const int FirstBufferBytes = 4095;

    public async Task<ProviderAnswer> Send(HttpRequestMessage request, CancellationToken deadline)
    {
        var watched = request.Content as WatchedContent;
        try
        {
            using var response = await invoker.SendAsync(request, deadline);
            if (await Read(response.Content, deadline) is { } body) return new ProviderAnswer.Answered(response.StatusCode, body);
            return new ProviderAnswer.Lost("malformed_answer");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new ProviderAnswer.Lost("timeout");
        }
        catch (HttpRequestException e) when (NeverConnected(e) && watched is not { Started: true })
        {
            // The handler may have sent the body over a dying connection and failed only when it tried a new one: hence the second condition.
            return new ProviderAnswer.NotSent(NameOf(e.HttpRequestError));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return new ProviderAnswer.Lost("connection_lost");
        }
    }

    private static bool NeverConnected(HttpRequestException e) => e.HttpRequestError
        is HttpRequestError.ConnectionError
        or HttpRequestError.NameResolutionError
        or HttpRequestError.SecureConnectionError
        or HttpRequestError.ProxyTunnelError;

    private static string NameOf(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "name_not_resolved",
        HttpRequestError.SecureConnectionError => "tls_failed",
        HttpRequestError.ProxyTunnelError => "proxy_refused",
        _ => "connection_refused",
    };

    private static async Task<byte[]?> Read(HttpContent content, CancellationToken deadline)
    {
        if (content.Headers.ContentLength > MaxAnswerBytes) return null;

        // Most answers announce their length: one buffer of that size, and one byte to see the end.
        await using var stream = await content.ReadAsStreamAsync(deadline);
        var buffer = new byte[(int)(content.Headers.ContentLength ?? FirstBufferBytes) + 1];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), deadline);
            if (read == 0) return buffer.AsSpan(0, length).ToArray();
            length += read;
            if (length > MaxAnswerBytes) return null;
            if (length == buffer.Length) Array.Resize(ref buffer, length * 2);
        }
    }
}
