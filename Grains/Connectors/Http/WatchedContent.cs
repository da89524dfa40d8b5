using System.Net;
using System.Net.Http.Headers;

namespace OrleansPayments.Grains.Connectors.Http;

/// <summary>A request body that remembers whether any of it was ever handed to a connection.</summary>
internal sealed class WatchedContent : HttpContent
{
    private readonly byte[] _body;

    public WatchedContent(byte[] body, string mediaType)
    {
        _body = body;
        Headers.ContentType = new MediaTypeHeaderValue(mediaType);
    }

    public bool Started { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Started = true;
        return stream.WriteAsync(_body, cancellationToken).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
