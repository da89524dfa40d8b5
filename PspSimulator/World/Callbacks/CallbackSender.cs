using System.Net;
using System.Net.Sockets;

namespace OrleansPayments.PspSimulator.World.Callbacks;

/// <summary>Sends callbacks over HTTP, for all accounts. It reaches this machine only, whatever a name resolves to, and follows no redirect.</summary>
internal sealed class CallbackSender : IDisposable
{
    private const int MaxAtOnce = 32;
    private const string UserAgent = "Stripe/1.0 (simulated)";

    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly SimulatorOptions _options;
    private readonly SemaphoreSlim _places = new(MaxAtOnce);
    private readonly HttpClient _http;

    public CallbackSender(SimulatorOptions options, CancellationToken stopping)
    {
        _options = options;
        Stopping = stopping;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = ConnectToThisMachineAsync,
            MaxResponseDrainSize = 64 * 1024,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The host is stopping, and every wait ends.</summary>
    public CancellationToken Stopping { get; }

    public TimeProvider Time => _options.Time;

    /// <summary>How long early callbacks may delay an answer: one try.</summary>
    public static TimeSpan LongestEarly => AnswerTime;

    /// <summary>The pause after a failed try: doubled each time, at most five seconds. Null after the last try.</summary>
    public TimeSpan? PauseAfter(int attempts)
    {
        if (attempts >= _options.CallbackAttempts) return null;
        var pause = _options.CallbackPause * Math.Pow(2, attempts - 1);
        return pause < LongestPause ? pause : LongestPause;
    }

    /// <summary>One try: the HTTP status, or 0 if none came within five seconds.</summary>
    public async Task<int> TryAsync(CallbackDelivery delivery)
    {
        await _places.WaitAsync(Stopping);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        patience.CancelAfter(AnswerTime);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Endpoint.Url) { Content = new ByteArrayContent(delivery.Message.Body) };
            request.Content.Headers.ContentType = new("application/json", "utf-8");
            request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
            var (name, value) = delivery.Message.Signer.Sign(delivery.Message.Body, Time.GetUtcNow() - delivery.Age, delivery.Genuine);
            request.Headers.TryAddWithoutValidation(name, value);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return (int)response.StatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException && !Stopping.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _places.Dispose();
    }

    private static async ValueTask<Stream> ConnectToThisMachineAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var address = context.DnsEndPoint.Host is "::1" or "[::1]" ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
