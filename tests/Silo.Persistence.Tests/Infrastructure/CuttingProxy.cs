using System.Net.Sockets;
using System.Text;

namespace OrleansPayments.Silo.Persistence.Tests.Infrastructure;

public enum Cut
{
    None,

    /// <summary>The statement never reaches the server.</summary>
    BeforeServer,

    /// <summary>The server has committed and answered; the answer never reaches the client.</summary>
    BeforeClient,

    /// <summary>The client's connection breaks, the statement stays in the proxy and reaches the server when the test says so.</summary>
    Zombie,
}

/// <summary>
/// Forwards PostgreSQL's bytes between two Unix sockets and breaks one connection at an exact point: at the first client message that contains a
/// marker.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _serverSocket;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Socket> _sockets = [];
    private readonly Task _accepting;
    private byte[] _marker = [];
    private volatile Cut _armed = Cut.None;
    private volatile bool _refuseNew;
    private Socket? _zombieServer;
    private byte[] _zombieBytes = [];

    public CuttingProxy(string connectionString)
    {
        var original = new NpgsqlConnectionStringBuilder(connectionString);
        _serverSocket = Path.Combine(original.Host!, ".s.PGSQL.5432");
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder.Path, ".s.PGSQL.5432")));
        _listener.Listen();
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = _folder.Path,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
        _accepting = AcceptAsync();
    }

    public string ConnectionString { get; }

    /// <summary>Completes when the armed cut has happened.</summary>
    public Task HasCut => _cut.Task;

    public void Arm(Cut cut, string marker)
    {
        _marker = Encoding.UTF8.GetBytes(marker);
        _armed = cut;
    }

    /// <summary>While true, new connections are closed at once: the server seems to be away.</summary>
    public void RefuseNew(bool refuse) => _refuseNew = refuse;

    /// <summary>Lets the held statement reach the server at last; returns when the server has answered it.</summary>
    public async Task<string> DeliverZombieAsync()
    {
        var server = _zombieServer ?? throw new InvalidOperationException("Nothing is held.");
        await server.SendAsync(_zombieBytes);
        var answer = new List<byte>();
        var buffer = new byte[65536];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!EndsWithReadyForQuery(answer))
        {
            var count = await server.ReceiveAsync(buffer, patience.Token);
            if (count == 0)
                break;
            answer.AddRange(buffer.AsSpan(0, count));
        }

        return Encoding.Latin1.GetString([.. answer]);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        lock (_sockets)
            _sockets.ForEach(socket => socket.Dispose());
        _folder.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            if (_refuseNew)
            {
                client.Dispose();
                continue;
            }

            var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await server.ConnectAsync(new UnixDomainSocketEndPoint(_serverSocket));
            }
            catch (SocketException)
            {
                client.Dispose();
                server.Dispose();
                continue;
            }

            lock (_sockets)
                _sockets.AddRange([client, server]);
            _ = new Link(this, client, server).RunAsync();
        }
    }

    private static bool EndsWithReadyForQuery(List<byte> bytes) =>
        bytes.Count >= 6 && bytes[^6] == 'Z' && bytes[^5] == 0 && bytes[^4] == 0 && bytes[^3] == 0 && bytes[^2] == 5;

    // A client's turn ends with Sync, or is one simple query.
    private static bool IsWholeTurn(List<byte> bytes) =>
        (bytes.Count >= 5 && bytes[^5] == 'S' && bytes[^4] == 0 && bytes[^3] == 0 && bytes[^2] == 0 && bytes[^1] == 4)
        || (bytes.Count > 5 && bytes[0] == 'Q' && bytes[^1] == 0);

    private sealed class Link(CuttingProxy proxy, Socket client, Socket server)
    {
        private volatile bool _holdAnswer;

        public async Task RunAsync()
        {
            try
            {
                await Task.WhenAll(ForwardAsync(), ReturnAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
            }
        }

        private async Task ForwardAsync()
        {
            var buffer = new byte[65536];
            var turn = new List<byte>();
            while (await client.ReceiveAsync(buffer) is var count and > 0)
            {
                turn.AddRange(buffer.AsSpan(0, count));
                if (proxy._armed != Cut.None && turn.ToArray().AsSpan().IndexOf(proxy._marker) >= 0)
                {
                    if (!IsWholeTurn(turn))
                        continue;
                    if (await CutHereAsync([.. turn]))
                        return;
                }
                else
                {
                    await server.SendAsync(buffer.AsMemory(0, count));
                }

                turn.Clear();
            }

            server.Dispose();
        }

        /// <summary>True when this link is at its end.</summary>
        private async Task<bool> CutHereAsync(byte[] turn)
        {
            var cut = proxy._armed;
            proxy._armed = Cut.None;
            switch (cut)
            {
                case Cut.BeforeServer:
                    server.Dispose();
                    client.Dispose();
                    proxy._cut.TrySetResult();
                    return true;
                case Cut.Zombie:
                    proxy._zombieServer = server;
                    proxy._zombieBytes = turn;
                    _holdAnswer = true;
                    client.Dispose();
                    proxy._cut.TrySetResult();
                    return true;
                case Cut.BeforeClient:
                    _holdAnswer = true;
                    await server.SendAsync(turn);
                    return false;
                default:
                    return false;
            }
        }

        private async Task ReturnAsync()
        {
            var buffer = new byte[65536];
            var held = new List<byte>();
            while (true)
            {
                if (_holdAnswer && proxy._zombieServer == server)
                    return;
                // Looked at without taking: a zombie's answer is for the test to read.
                if (await server.ReceiveAsync(buffer, SocketFlags.Peek) == 0 || proxy._zombieServer == server)
                    break;
                var count = await server.ReceiveAsync(buffer);
                if (!_holdAnswer)
                {
                    await client.SendAsync(buffer.AsMemory(0, count));
                    continue;
                }

                held.AddRange(buffer.AsSpan(0, count));
                if (EndsWithReadyForQuery(held))
                {
                    client.Dispose();
                    server.Dispose();
                    proxy._cut.TrySetResult();
                    return;
                }
            }

            if (proxy._zombieServer != server)
                client.Dispose();
        }
    }
}
