using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansPayments.PspSimulator.Http;

/// <summary>Writes small JSON answers without a buffer or a writer per answer.</summary>
internal static class JsonAnswer
{
    private const int InitialSize = 8 * 1024;
    private const int KeptSize = 256 * 1024;

    // The bodies are only ever application/json, never part of a page, so quotation marks may stay readable.
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>Renders a whole answer and hands it to the server; sent when the request ends.</summary>
    public static void Write<T>(HttpResponse response, int status, T value, Action<Utf8JsonWriter, T> render)
    {
        _buffer ??= new ArrayBufferWriter<byte>(InitialSize);
        _buffer.ResetWrittenCount();
        _writer ??= new Utf8JsonWriter(_buffer, WriterOptions);
        _writer.Reset(_buffer);

        render(_writer, value);
        _writer.Flush();
        Write(response, status, _buffer.WrittenSpan);

        // A page of a hundred intents should not stay with every thread for ever.
        if (_buffer.Capacity > KeptSize) (_buffer, _writer) = (null, null);
    }

    public static void Write(HttpResponse response, int status, ReadOnlySpan<byte> body)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.BodyWriter.Write(body);
    }
}
