using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansPayments.Benchmarks.Load;

/// <summary>
/// One HTTP/1.1 connection, one request at a time. No general client: on the machine that it loads, a generator's own cost would be measured with the rest.
/// Understands answers that have a length, up to <see cref="MaxAnswerBytes"/>.
/// </summary>
internal sealed class KeepAliveConnection : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[MaxAnswerBytes];

    private KeepAliveConnection(Socket socket) => _socket = socket;

    public static async Task<KeepAliveConnection> OpenAsync(Uri address, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(address.Host), address.Port), cancellation);
            return new KeepAliveConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <returns>The status and the body, which is valid until the next request.</returns>
    /// <exception cref="IOException">The connection ended early, or the answer is not understood.</exception>
    public async ValueTask<(int Status, ReadOnlyMemory<byte> Body)> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        for (var sent = 0; sent < request.Length;) sent += await _socket.SendAsync(request[sent..], SocketFlags.None, cancellation);

        var (read, whole, head) = (0, int.MaxValue, 0);
        while (read < whole)
        {
            if (read == _buffer.Length) throw new IOException("The answer is too long.");
            var received = await _socket.ReceiveAsync(_buffer.AsMemory(read), SocketFlags.None, cancellation);
            if (received == 0) throw new IOException("The connection was closed.");
            read += received;
            if (whole != int.MaxValue) continue;
            head = _buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8);
            if (head >= 0) whole = head + 4 + LengthOf(_buffer.AsSpan(0, head));
        }

        if (!Utf8Parser.TryParse(_buffer.AsSpan("HTTP/1.1 ".Length, 3), out int status, out _)) throw new IOException("The answer has no status.");
        return (status, _buffer.AsMemory(head + 4, whole - head - 4));
    }

    public void Dispose() => _socket.Dispose();

    private static int LengthOf(ReadOnlySpan<byte> head)
    {
        foreach (var range in head.Split("\r\n"u8))
        {
            const string Name = "Content-Length:";
            var line = head[range];
            if (line.Length <= Name.Length || !Ascii.EqualsIgnoreCase(line[..Name.Length], Name)) continue;
            if (Utf8Parser.TryParse(line[Name.Length..].TrimStart((byte)' '), out int length, out _)) return length;
        }

        throw new IOException("The answer has no length.");
    }
}
