using System.Buffers;
using System.Security.Cryptography;

namespace OrleansPayments.Silo.Api.Http;

/// <summary>A request's body as it came, in a rented buffer that is wiped when this is disposed: it may hold a card number.</summary>
internal sealed class BodyBytes : IDisposable
{
    private const int FirstBufferLength = 4096;

    private byte[] _buffer;
    private int _length;

    private BodyBytes(int firstLength) => _buffer = ArrayPool<byte>.Shared.Rent(firstLength);

    /// <summary>Not to be used after the disposal.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <param name="maxLength">In bytes.</param>
    /// <returns>Null when the body is longer.</returns>
    public static async Task<BodyBytes?> ReadAsync(HttpRequest request, int maxLength, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxLength) return null;

        // One byte more than announced, so that the end is seen without growing.
        var bytes = new BodyBytes((int)(request.ContentLength ?? FirstBufferLength) + 1);
        var isWhole = false;
        try
        {
            isWhole = await bytes.FillAsync(request.Body, maxLength, cancellationToken);
            return isWhole ? bytes : null;
        }
        finally
        {
            if (!isWhole) bytes.Dispose();
        }
    }

    public void Dispose()
    {
        var buffer = _buffer;
        (_buffer, _length) = ([], 0);
        if (buffer.Length > 0) Release(buffer);
    }

    private async Task<bool> FillAsync(Stream body, int maxLength, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_length == _buffer.Length) Grow();
            var count = await body.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            if (count == 0) return true;
            _length += count;
            if (_length > maxLength) return false;
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.CopyTo(larger, 0);
        Release(_buffer);
        _buffer = larger;
    }

    private static void Release(byte[] buffer)
    {
        CryptographicOperations.ZeroMemory(buffer);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
